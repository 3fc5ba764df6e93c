//! Records of the resource manager Transaction. What they drop has the shape of
//! [`crate::layout::shape::TwoPhaseShape`].
use crate::layout::{Layout, PgVersion};

/// What pg_waldump prints (access/rmgrdesc/xactdesc.c).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XactWords {
    /// 12: nothing of a PREPARE.
    NotPrepared,
    /// 13 and 14.
    Prepared,
    /// From 15: dropped statistics, "apply_feedback", and where what was rolled back or prepared
    /// came from. 16.2 and 16.4 leave out what a PREPARE drops, 16.14 does not, and nor do we.
    Whole,
}

impl Layout {
    /// What pg_waldump prints.
    pub const fn xact_words(&self) -> XactWords {
        match self.version {
            PgVersion::V12 => XactWords::NotPrepared,
            PgVersion::V13 | PgVersion::V14 => XactWords::Prepared,
            PgVersion::V15 | PgVersion::V16 | PgVersion::V17 | PgVersion::V18 | PgVersion::V19 => {
                XactWords::Whole
            }
        }
    }

    /// Whether there is a record Transaction/INVALIDATION.
    pub const fn has_xact_invalidations(&self) -> bool {
        match self.version {
            PgVersion::V12 | PgVersion::V13 => false,
            PgVersion::V14
            | PgVersion::V15
            | PgVersion::V16
            | PgVersion::V17
            | PgVersion::V18
            | PgVersion::V19 => true,
        }
    }
}
