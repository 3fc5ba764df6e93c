//! How far recovery comes, and what is behind.
use crate::report::wal::check::EndClass;
use crate::types::{Lsn, TimelineId, TimestampTz, Xid};
use serde::Serialize;

/// How far recovery comes.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct End {
    /// "end-of-wal", "target", or "refusal".
    pub ended_by: &'static str,
    /// The first record that is replayed ("redo starts at"); absent if none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redo_start_lsn: Option<Lsn>,
    /// The last record that is read ("redo done at"): not replayed if recovery stops before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redo_done_lsn: Option<Lsn>,
    /// Behind the last record that is replayed: where the server goes on writing.
    pub end_lsn: Lsn,
    /// The timeline there.
    pub timeline: TimelineId,
    /// Records that are replayed.
    pub records: u64,
    /// Transactions among them that committed.
    pub commits: u64,
    /// Transactions that were rolled back.
    pub aborts: u64,
    /// The last transaction that ends ("last completed transaction was at log time").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_completed: Option<Xact>,
    /// The last commit that survives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_commit: Option<Xact>,
    /// Where the files are consistent ("consistent recovery state reached at"); absent in crash
    /// recovery, where that is the end, and if they never are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consistent_lsn: Option<Lsn>,
    /// Where the backup ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_end_lsn: Option<Lsn>,
    /// Whether the server stays in recovery and waits for more WAL.
    pub waits: bool,
    /// What the server does once the target is reached: "pause", "promote" or "shutdown".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_action: Option<&'static str>,
    /// The timeline that begins once the server opens, or a standby is promoted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_timeline: Option<TimelineId>,
    /// Where WAL ends, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_of_wal: Option<EndOfWal>,
    /// Valid WAL behind the place where recovery ends: it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<Beyond>,
    /// Records behind the end of WAL, which no server reads: they are lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<Beyond>,
}

/// Where WAL ends.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EndOfWal {
    /// The record that cannot be read.
    pub lsn: Lsn,
    /// The segment in which that fails.
    pub segment: String,
    /// The page on which it does, in bytes from the start of the segment.
    pub offset: u32,
    /// What kind of end it is.
    pub class: EndClass,
    /// What that means.
    pub explanation: String,
    /// What PostgreSQL says.
    pub postgres_says: String,
}

/// Records that are not replayed.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Beyond {
    /// The first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_lsn: Option<Lsn>,
    /// Behind the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_lsn: Option<Lsn>,
    /// How many.
    pub records: u64,
    /// Transactions among them that committed.
    pub commits: u64,
    /// Transactions that were rolled back.
    pub aborts: u64,
    /// When the first of them ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<TimestampTz>,
    /// When the last one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<TimestampTz>,
}

/// The end of a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Xact {
    /// The record that says so.
    pub lsn: Lsn,
    /// The transaction.
    pub xid: Xid,
    /// When.
    pub time: TimestampTz,
    /// Whether it was committed.
    pub committed: bool,
}
