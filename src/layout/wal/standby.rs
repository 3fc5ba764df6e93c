//! Records of the resource manager Standby.
use crate::layout::{Layout, PgVersion};

/// What pg_waldump prints of a snapshot (access/rmgrdesc/standbydesc.c).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunningWords {
    /// To 15: no subtransactions, and "subxid ovf".
    Short,
    /// From 16: subtransactions, and "subxid overflowed".
    Subxacts,
}

impl Layout {
    /// What pg_waldump prints of a snapshot.
    pub const fn running_words(&self) -> RunningWords {
        match self.version {
            PgVersion::V12 | PgVersion::V13 | PgVersion::V14 | PgVersion::V15 => {
                RunningWords::Short
            }
            PgVersion::V16 | PgVersion::V17 | PgVersion::V18 | PgVersion::V19 => {
                RunningWords::Subxacts
            }
        }
    }
}
