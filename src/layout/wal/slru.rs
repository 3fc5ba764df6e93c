//! Records about SLRUs: CLOG, CommitTs and MultiXact.
use crate::layout::{Layout, PgVersion};

/// Numbers of SLRU pages in records (access/slru.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlruPageNumber {
    /// To 16: `int`.
    Narrow,
    /// From 17: `int64`.
    Wide,
}

/// Offsets of multixact members, and what a truncation says (`xl_multixact_truncate`,
/// access/multixact.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MultixactWal {
    /// To 18: offsets of 32 bits; a truncation names the ranges that go.
    Narrow,
    /// From 19: offsets of 64 bits; a truncation names what is the oldest to stay.
    Wide,
}

impl Layout {
    /// How wide the number of an SLRU page is.
    pub const fn slru_page_number(&self) -> SlruPageNumber {
        match self.version {
            PgVersion::V12 | PgVersion::V13 | PgVersion::V14 | PgVersion::V15 | PgVersion::V16 => {
                SlruPageNumber::Narrow
            }
            PgVersion::V17 | PgVersion::V18 | PgVersion::V19 => SlruPageNumber::Wide,
        }
    }

    /// Whether there is a record CommitTs/SETTS.
    pub const fn logs_commit_times(&self) -> bool {
        match self.version {
            PgVersion::V12 | PgVersion::V13 => true,
            PgVersion::V14
            | PgVersion::V15
            | PgVersion::V16
            | PgVersion::V17
            | PgVersion::V18
            | PgVersion::V19 => false,
        }
    }

    /// What records of multixacts look like.
    pub const fn multixact_wal(&self) -> MultixactWal {
        match self.version {
            PgVersion::V12
            | PgVersion::V13
            | PgVersion::V14
            | PgVersion::V15
            | PgVersion::V16
            | PgVersion::V17
            | PgVersion::V18 => MultixactWal::Narrow,
            PgVersion::V19 => MultixactWal::Wide,
        }
    }
}
