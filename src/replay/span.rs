//! The part of the log that gets replayed.
use crate::types::Lsn;
use crate::wal::Range;

/// From where to where records are replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The redo point: the first record begins here or later.
    pub redo: Lsn,
    /// Behind the last record; beyond all WAL if nothing but its end stops recovery.
    pub until: Lsn,
}

impl Span {
    /// All there is from `redo` on.
    pub const fn from(redo: Lsn) -> Self {
        Self { redo, until: Lsn(u64::MAX) }
    }

    /// As a part of the log.
    pub const fn range(&self) -> Range {
        Range { from: self.redo, until: self.until }
    }
}
