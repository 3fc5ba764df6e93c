//! Records of the resource manager XLOG.
use crate::layout::{Layout, PgVersion};

/// Which records there are (catalog/pg_control.h), and fields of `xl_end_of_recovery`
/// (access/xlog_internal.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XlogWal {
    /// To 16.
    Plain,
    /// From 17: CHECKPOINT_REDO, and the end of recovery knows wal_level.
    CheckpointRedo,
    /// From 19: ASSIGN_LSN and LOGICAL_DECODING_STATUS_CHANGE too.
    LogicalDecoding,
}

impl Layout {
    /// What records of XLOG look like.
    pub const fn xlog_wal(&self) -> XlogWal {
        match self.version {
            PgVersion::V12 | PgVersion::V13 | PgVersion::V14 | PgVersion::V15 | PgVersion::V16 => {
                XlogWal::Plain
            }
            PgVersion::V17 | PgVersion::V18 => XlogWal::CheckpointRedo,
            PgVersion::V19 => XlogWal::LogicalDecoding,
        }
    }

    /// Whether the redo point of an online checkpoint has a record that says so.
    pub fn has_checkpoint_redo(&self) -> bool {
        self.xlog_wal() != XlogWal::Plain
    }
}
