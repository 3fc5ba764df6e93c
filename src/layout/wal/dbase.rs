//! Records of the resource manager Database.
use crate::layout::{Layout, PgVersion};

/// Which records there are (commands/dbcommands_xlog.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DbaseWal {
    /// To 14: 0x00 copies a directory, 0x10 drops what the shape says.
    Copies(DroppedDatabase),
    /// From 15: 0x10 makes a directory that is then logged, 0x20 drops several.
    CopiesOrLogs,
}

/// Fields of `xl_dbase_drop_rec`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DroppedDatabase {
    /// 12: one tablespace.
    OneDirectory,
    /// From 13: a count, and as many tablespaces.
    Directories,
}

impl Layout {
    /// What records of Database look like.
    pub const fn dbase_wal(&self) -> DbaseWal {
        match self.version {
            PgVersion::V12 => DbaseWal::Copies(DroppedDatabase::OneDirectory),
            PgVersion::V13 | PgVersion::V14 => DbaseWal::Copies(DroppedDatabase::Directories),
            PgVersion::V15 | PgVersion::V16 | PgVersion::V17 | PgVersion::V18 | PgVersion::V19 => {
                DbaseWal::CopiesOrLogs
            }
        }
    }
}
