//! `wal xacts`: what each transaction did.
mod present;

use crate::types::{FullXid, Lsn, TimestampTz, Xid};
use serde::Serialize;
use std::fmt;

/// The answer.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Xacts {
    /// Transactions, in the order that was asked for.
    pub transactions: Vec<XactRow>,
    /// How many more were asked for, but not kept.
    pub more: u64,
    /// How it is shown.
    #[serde(skip)]
    pub view: View,
}

/// What of it is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct View {
    /// Whether only DDL is asked for: then each is shown with how to stop before it.
    pub ddl: bool,
}

/// A transaction, with its subtransactions.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct XactRow {
    /// Its id.
    pub xid: Xid,
    /// With its epoch, if that is known.
    pub full_xid: Option<FullXid>,
    /// How it ended.
    pub state: XactState,
    /// Its first record in this part of the log.
    pub first_lsn: Lsn,
    /// Its last record: the one that ended it, unless it is open.
    pub last_lsn: Lsn,
    /// When it ended, or was prepared.
    pub time: Option<TimestampTz>,
    /// Its subtransactions that ended with it.
    pub subtransactions: u32,
    /// Records.
    pub records: u64,
    /// Bytes of them, full-page images included.
    pub size: u64,
    /// Bytes of full-page images.
    pub fpi_size: u64,
    /// The name given in PREPARE TRANSACTION, if this part of the log tells it.
    pub gid: Option<String>,
    /// The node that it was replicated from.
    pub origin: Option<u16>,
    /// Relations with rows that it changed, most rows first.
    pub relations: Vec<RelationRows>,
    /// Relations beyond the number that is kept of one transaction, counted once for each segment.
    pub more_relations: u32,
    /// Relation files that it created.
    pub files_created: u32,
    /// Relations whose files went when it ended.
    pub files_dropped: Vec<String>,
    /// DDL that it did.
    pub ddl: Vec<Ddl>,
    /// How recovery would stop just before its end; only of transactions that committed.
    pub stop_before: Option<StopBefore>,
}

/// How a transaction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum XactState {
    /// Committed, after it was prepared or not.
    Committed,
    /// Rolled back. A subtransaction that was rolled back by itself looks the same, where WAL does
    /// not say whose it was.
    Aborted,
    /// Prepared, and neither committed nor rolled back.
    Prepared,
    /// Without an end.
    Open,
}

/// Rows of one relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RelationRows {
    /// Qualified name, or numbers.
    pub relation: String,
    /// Whether it is one of the system's: a catalog, or a TOAST table.
    pub system: bool,
    /// Rows inserted.
    pub inserted: u64,
    /// Rows updated.
    pub updated: u64,
    /// Rows deleted.
    pub deleted: u64,
}

/// What was done to one object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ddl {
    /// What.
    pub action: Action,
    /// What kind of object, as psql names it.
    pub kind: String,
    /// Qualified name.
    pub object: String,
    /// Its name afterwards, if it was renamed.
    pub to: Option<String>,
}

/// What was done to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Created.
    Created,
    /// Dropped.
    Dropped,
    /// Given an empty file.
    Truncated,
    /// Given a new file: VACUUM FULL, CLUSTER, REINDEX, REFRESH, some ALTERs.
    Rewritten,
    /// Renamed, or moved to another schema.
    Renamed,
    /// Its row of pg_class changed otherwise; of a catalog, rows of it changed.
    Altered,
}

/// Settings that stop recovery just before a transaction's end: one of them, and
/// recovery_target_inclusive = off (`recoveryStopsBefore`, access/transam/xlogrecovery.c).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StopBefore {
    /// Of the record that ended it.
    pub recovery_target_lsn: Lsn,
    /// Its id.
    pub recovery_target_xid: Xid,
    /// Its time; null if an end before it has the same or a later time, and would be the one.
    pub recovery_target_time: Option<TimestampTz>,
    /// The last named restore point before its end: recovery stops there, not just before.
    pub recovery_target_name: Option<String>,
}

impl RelationRows {
    /// All of them.
    pub const fn rows(&self) -> u64 {
        self.inserted.saturating_add(self.updated).saturating_add(self.deleted)
    }
}

impl fmt::Display for XactState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Committed => "committed",
            Self::Aborted => "aborted",
            Self::Prepared => "prepared",
            Self::Open => "open",
        })
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Created => "created",
            Self::Dropped => "dropped",
            Self::Truncated => "truncated",
            Self::Rewritten => "rewritten",
            Self::Renamed => "renamed",
            Self::Altered => "altered",
        })
    }
}

/// `dropped table lab.public.t`.
impl fmt::Display for Ddl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.action, self.kind, self.object)?;
        self.to.as_ref().map_or(Ok(()), |to| write!(f, " to {to}"))
    }
}

/// `lab.public.t +3 ~2 -1`: rows inserted, updated, deleted.
impl fmt::Display for RelationRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.relation)?;
        let counts = [('+', self.inserted), ('~', self.updated), ('-', self.deleted)];
        let mut some = counts.into_iter().filter(|(_, count)| *count > 0);
        some.try_for_each(|(sign, count)| write!(f, " {sign}{count}"))
    }
}
