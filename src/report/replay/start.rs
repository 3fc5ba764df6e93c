//! What startup decides.
use crate::types::{Lsn, TimelineId, TimestampTz};
use serde::Serialize;

/// What startup decides before it replays anything.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Start {
    /// "none", "crash", "crash-then-archive" (nothing tells yet what is consistent), "archive", or
    /// "backup" (by its backup_label).
    pub recovery: &'static str,
    /// Whether the server would go on as a standby.
    pub standby: bool,
    /// The state in pg_control, in pg_controldata's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Which of recovery.signal, standby.signal, backup_label and tablespace_map are there.
    pub files: Vec<&'static str>,
    /// Whether recovery.signal and restore_command are assumed, because a target was given.
    pub assumed: bool,
    /// The checkpoint that recovery begins with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<Checkpoint>,
    /// The redo point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redo_lsn: Option<Lsn>,
    /// The timeline that recovery goes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_timeline: Option<TimelineId>,
    /// The timelines on the way, oldest first.
    pub path: Vec<Path>,
    /// The segments that recovery needs at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segments: Option<Segments>,
    /// How far it has to go.
    pub limits: Limits,
    /// Settings that steer it, as the files have them.
    pub settings: Vec<SettingRow>,
    /// Whether pg_control is as pgBackRest leaves it in a backup: its checkpoint, 0/DEAD, is none, and
    /// only backup_label tells where to begin.
    pub pgbackrest: bool,
    /// What else has to be known.
    pub notes: Vec<String>,
}

/// The checkpoint that recovery begins with.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Checkpoint {
    /// Where its record begins.
    pub lsn: Lsn,
    /// Its timeline.
    pub timeline: TimelineId,
    /// "pg_control" or "backup_label".
    pub told_by: &'static str,
    /// The segment that it is in.
    pub segment: String,
    /// The segment's file; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Whether the record can be read.
    pub valid: bool,
    /// "shutdown" or "online".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// When it was begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<TimestampTz>,
    /// What PostgreSQL says where it finds none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postgres_says: Option<String>,
}

/// A timeline on the way.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Path {
    /// The timeline.
    pub timeline: TimelineId,
    /// Where it begins; absent for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub begin_lsn: Option<Lsn>,
    /// Where the next one leaves it; absent for the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_lsn: Option<Lsn>,
}

/// Segments that recovery needs at least: from the redo point to where the files are consistent.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Segments {
    /// The first.
    pub first: String,
    /// The last.
    pub last: String,
    /// How many.
    pub needed: u64,
    /// How many of them are there.
    pub present: u64,
    /// Those that are not, the first ones.
    pub missing: Vec<String>,
}

/// How far recovery has to go before the files are consistent; what does not apply is absent.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Limits {
    /// The minimum recovery point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_recovery_lsn: Option<Lsn>,
    /// Its timeline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_recovery_timeline: Option<TimelineId>,
    /// The redo point of the backup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_start_lsn: Option<Lsn>,
    /// Where the backup ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_end_lsn: Option<Lsn>,
    /// Whether the record that ends the backup has to be seen.
    pub backup_end_required: bool,
}

/// A setting.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SettingRow {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The file that has it.
    pub file: String,
    /// The line.
    pub line: u32,
}
