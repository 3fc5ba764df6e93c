//! Rows of the tables of `wal stats`: what they are by, and how much that is.
use super::{Cause, Tally};
use crate::types::{FullXid, Lsn, Oid, RelFileNumber, TimestampTz, Xid};
use serde::Serialize;

/// A resource manager.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RmgrRow {
    /// Its id.
    #[serde(skip)]
    pub rmid: u8,
    /// Its name.
    pub resource_manager: String,
    /// How much.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A type of record.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RecordRow {
    /// Its resource manager.
    pub resource_manager: String,
    /// Its name; `UNKNOWN (f0)` if the major has no such type.
    pub record_type: String,
    /// How much.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A relation: its files under one filenode, all forks.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RelationRow {
    /// Qualified name, with the database; numbers if there is none; empty for records without
    /// blocks.
    pub relation: String,
    /// As psql names the kind.
    pub kind: Option<String>,
    /// The table that an index or a TOAST table belongs to.
    pub owner: Option<String>,
    /// Whether the relation has other files now, or is gone.
    pub historical: bool,
    /// Tablespace.
    pub reltablespace: Oid,
    /// Database; 0 for shared relations.
    pub reldatabase: Oid,
    /// Filenode.
    pub relfilenode: RelFileNumber,
    /// How much.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A database.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DatabaseRow {
    /// Its name; `(shared)` for shared relations, empty for records without blocks.
    pub database: String,
    /// Its oid; null for records without blocks.
    pub oid: Option<Oid>,
    /// How much.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A transaction.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TransactionRow {
    /// Its id.
    pub xid: Xid,
    /// With its epoch, if that is known.
    pub full_xid: Option<FullXid>,
    /// committed, aborted, prepared, open.
    pub state: &'static str,
    /// When it ended.
    pub time: Option<TimestampTz>,
    /// How much, with its subtransactions.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A minute.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MinuteRow {
    /// When it begins; null if no record tells a time.
    pub minute: Option<TimestampTz>,
    /// How much.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A segment.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SegmentRow {
    /// Its name.
    pub segment: String,
    /// Where it begins.
    pub start_lsn: Lsn,
    /// How much begins in it.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A cause.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CauseRow {
    /// Which.
    pub cause: Cause,
    /// What is counted there.
    pub rule: &'static str,
    /// How much; of first changes, `count` is 0, as the records are counted where they belong.
    #[serde(flatten)]
    pub tally: Tally,
}
