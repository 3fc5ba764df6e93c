//! `wal stats`: what WAL is made of: how many records, of how many bytes, by whom and by what.
//!
//! Columns are those of pg_get_wal_stats (pg_walinspect): `record_size` without full-page images,
//! `fpi_size` the images alone, `combined_size` both.
mod cause;
mod present;
mod rows;
mod screen;

pub use cause::Cause;
pub use rows::{
    CauseRow, DatabaseRow, MinuteRow, RecordRow, RelationRow, RmgrRow, SegmentRow, TransactionRow,
};

use crate::types::{Lsn, TimestampTz};
use serde::Serialize;

/// Records and their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tally {
    /// Records.
    pub count: u64,
    /// Bytes of them without full-page images.
    pub record_size: u64,
    /// Bytes of full-page images, as they are stored.
    pub fpi_size: u64,
}

/// The answer.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Stats {
    /// The first record; null if there is none.
    pub start_lsn: Option<Lsn>,
    /// Behind the last record.
    pub end_lsn: Option<Lsn>,
    /// The first record behind it that is left from before a crash, and is not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leftover_lsn: Option<Lsn>,
    /// Segments that were read.
    pub segments: u64,
    /// The first time that a record tells.
    pub first_time: Option<TimestampTz>,
    /// The last time that a record tells.
    pub last_time: Option<TimestampTz>,
    /// All records.
    pub totals: Tally,
    /// By resource manager: every one that is built in, and others that have records.
    pub by_rmgr: Vec<RmgrRow>,
    /// By type of record.
    pub by_record: Vec<RecordRow>,
    /// By relation, most bytes first.
    pub by_relation: Vec<RelationRow>,
    /// By database, most bytes first.
    pub by_database: Vec<DatabaseRow>,
    /// The transactions with most bytes, subtransactions included.
    pub by_xid: Vec<TransactionRow>,
    /// By minute, in the order of the log.
    pub by_minute: Vec<MinuteRow>,
    /// By segment.
    pub by_segment: Vec<SegmentRow>,
    /// By what caused it, most bytes first.
    pub by_cause: Vec<CauseRow>,
    /// Transactions that ended in it, or wrote records and did not end; null if they were not
    /// counted.
    pub transactions: Option<Transactions>,
    /// Full-page images; null if they were not looked at.
    pub images: Option<Images>,
    /// How it is shown.
    #[serde(skip)]
    pub view: View,
}

/// How many transactions there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Transactions {
    /// Committed, prepared ones that committed later included.
    pub committed: u64,
    /// Rolled back, likewise.
    pub aborted: u64,
    /// With records, and without an end.
    pub open: u64,
}

/// Full-page images.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Images {
    /// How many.
    pub count: u64,
    /// Bytes of them as stored.
    pub size: u64,
    /// Bytes of their pages without the hole: what they would be if none were compressed.
    pub uncompressed_size: u64,
    /// Of these, images that are compressed.
    pub compressed_count: u64,
    /// Bytes of these as stored.
    pub compressed_size: u64,
    /// Bytes that compression saved.
    pub saved: u64,
    /// Images with a page only to compare with (wal_consistency_checking).
    pub consistency_count: u64,
    /// Bytes of those.
    pub consistency_size: u64,
    /// Images that are not compressed, compressed by lz4 to see what that gives.
    pub sampled_count: u64,
    /// Bytes of these as they are stored.
    pub sampled_size: u64,
    /// Bytes that lz4 makes of them, as the server would store them.
    pub sampled_lz4_size: u64,
    /// Bytes that lz4 would save of all that are not compressed, if they are as those sampled: an
    /// estimate.
    pub lz4_would_save: u64,
}

/// What statistics are by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Resource manager.
    Rmgr,
    /// Type of record.
    Record,
    /// Relation.
    Relation,
    /// Database.
    Database,
    /// Transaction.
    Xid,
    /// Minute.
    Minute,
    /// Segment.
    Segment,
    /// Cause.
    Cause,
}

/// What of it is shown.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// One table; the screen if there is none.
    pub by: Option<By>,
    /// Rows of it at most.
    pub top: usize,
    /// The path that was given, as the commands under the text name it.
    pub input: String,
}

impl Tally {
    /// Bytes of records with their images.
    pub const fn combined_size(&self) -> u64 {
        self.record_size.saturating_add(self.fpi_size)
    }

    /// Adds one record, or many: no log has 2^64 bytes, so nothing wraps round.
    #[inline]
    pub const fn add(&mut self, other: Self) {
        self.count = self.count.wrapping_add(other.count);
        self.record_size = self.record_size.wrapping_add(other.record_size);
        self.fpi_size = self.fpi_size.wrapping_add(other.fpi_size);
    }

    /// Without `other`, which is part of it.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self {
            count: self.count.saturating_sub(other.count),
            record_size: self.record_size.saturating_sub(other.record_size),
            fpi_size: self.fpi_size.saturating_sub(other.fpi_size),
        }
    }
}
