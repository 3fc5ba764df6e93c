//! `triage`: what happened, whether it would start, what would be gone, and what not to do. Schema
//! `triage/1`.
mod message;
mod present;

pub use message::{Copies, Message, MessageState};

use super::replay::{Beyond, Refusal};
use super::wraparound::Limits;
use crate::finding::Severity;
use crate::types::{Lsn, TimelineId, TimestampTz};
use serde::Serialize;

/// The answer.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Triage {
    /// The messages that were asked about, those that came more than once counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
    /// Messages beyond those that are answered.
    pub messages_left_out: u64,
    /// What it is.
    pub who: Who,
    /// How its server ended.
    pub ended: Ended,
    /// Whether it would start, and what that would do.
    pub verdict: Verdict,
    /// What would be gone.
    pub lost: Lost,
    /// What was checked.
    pub checks: Vec<Check>,
    /// What holds WAL or rows back.
    pub holders: Vec<Holder>,
    /// Distance to transaction id wraparound; absent if pg_control is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xids: Option<Limits>,
    /// Distance to multixact wraparound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multixacts: Option<Limits>,
    /// What people reach for, and what it would cost here.
    pub repairs: Vec<Repair>,
    /// What to look at next.
    pub next: Vec<Step>,
}

/// What it is.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Who {
    /// What kind of directory.
    pub kind: Kind,
    /// By what that is known.
    pub because: String,
    /// The system identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_identifier: Option<String>,
    /// Major version.
    pub postgres: u16,
    /// The timeline that it was on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<TimelineId>,
    /// Databases.
    pub databases: u64,
    /// Bytes in the files of relations.
    pub bytes: u64,
}

/// What kind of directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A server runs on it.
    Live,
    /// An incremental base backup, which is no data directory.
    IncrementalBackup,
    /// A base backup that was not started yet.
    BaseBackup,
    /// A copy that is to be recovered from an archive.
    RestoredCopy,
    /// A standby.
    Standby,
    /// A primary, or a copy of one.
    Primary,
    /// Without pg_control nobody knows.
    Unknown,
}

/// How its server ended.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ended {
    /// Whether it was stopped cleanly; null without pg_control.
    pub clean: Option<bool>,
    /// The state in pg_control, in pg_controldata's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// When the checkpoint was begun that recovery begins with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint_time: Option<TimestampTz>,
    /// When the last transaction ended that WAL has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_transaction: Option<TimestampTz>,
    /// In a sentence.
    pub sentence: String,
}

/// Whether it would start.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Verdict {
    /// Whether it would.
    pub starts: bool,
    /// In a sentence.
    pub sentence: String,
    /// What the server would say and end with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// "none", "crash", "crash-then-archive", "archive" or "backup".
    pub recovery: &'static str,
    /// Where replay begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Lsn>,
    /// Where it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Lsn>,
    /// Bytes of WAL between them.
    pub bytes: u64,
    /// Records that are replayed.
    pub records: u64,
    /// Commits that are replayed.
    pub commits: u64,
}

/// What would be gone after a start.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Lost {
    /// Records behind damage in WAL, which no server reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind_damage: Option<Beyond>,
    /// Valid WAL that a recovery target leaves out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<Beyond>,
    /// Transactions without an end in WAL: they are rolled back.
    pub open: u64,
    /// Rows that these had changed, as far as WAL has them.
    pub open_rows: u64,
    /// Unlogged relations that recovery empties.
    pub unlogged: u64,
    /// In words; empty if nothing is known to be lost.
    pub words: Vec<String>,
}

/// One check.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Check {
    /// Of what.
    pub what: &'static str,
    /// How bad the worst is that was found; absent if nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// How many findings there are.
    pub found: u64,
    /// In words: what was looked at, or what is wrong first.
    pub result: String,
}

/// Something that holds WAL or rows back.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Holder {
    /// "slot", "prepared transaction", or "archiver".
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What it holds, in words.
    pub holds: String,
    /// Bytes of WAL that it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wal_bytes: Option<u64>,
    /// Transactions by which it holds rows back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<i32>,
}

/// A repair that people reach for. None of them is recommended.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Repair {
    /// Which one.
    pub kind: RepairKind,
    /// The slot or prepared transaction that would go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it would cost here.
    pub cost: String,
    /// Transactions that it would cost, where they can be counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transactions: Option<u64>,
    /// When the first of them ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<TimestampTz>,
    /// When the last of them did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<TimestampTz>,
}

/// What people reach for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RepairKind {
    /// To remove backup_label.
    RemoveBackupLabel,
    /// `pg_resetwal`.
    PgResetwal,
    /// `zero_damaged_pages = on`.
    ZeroDamagedPages,
    /// To drop a replication slot.
    DropSlot,
    /// To remove a prepared transaction.
    RemovePrepared,
}

/// A command that shows more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Step {
    /// The command.
    pub command: String,
    /// What it shows.
    pub shows: String,
}

impl Kind {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live: a server runs on it",
            Self::IncrementalBackup => "incremental base backup",
            Self::BaseBackup => "base backup, not started yet",
            Self::RestoredCopy => "copy to be recovered from an archive",
            Self::Standby => "standby",
            Self::Primary => "primary, or a copy of one",
            Self::Unknown => "unknown",
        }
    }
}

impl RepairKind {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RemoveBackupLabel => "remove backup_label",
            Self::PgResetwal => "pg_resetwal",
            Self::ZeroDamagedPages => "zero_damaged_pages",
            Self::DropSlot => "drop slot",
            Self::RemovePrepared => "remove prepared",
        }
    }
}

impl Step {
    /// A command, and what it shows.
    pub fn new(command: impl Into<String>, shows: impl Into<String>) -> Self {
        Self { command: command.into(), shows: shows.into() }
    }
}
