//! Sequences: a page with one row.
use super::{Fields, text, yes};
use serde::Serialize;

/// The row, under the names that `SELECT * FROM sequence` has.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Sequence {
    /// The last value that was given, or the first one to give.
    pub last_value: String,
    /// Values that WAL has ahead of last_value.
    pub log_cnt: String,
    /// Whether last_value was given.
    pub is_called: bool,
}

impl Sequence {
    pub(super) fn fields(&self) -> Fields {
        vec![
            ("last_value", text(self.last_value.clone())),
            ("log_cnt", text(self.log_cnt.clone())),
            ("is_called", yes(self.is_called)),
        ]
    }
}
