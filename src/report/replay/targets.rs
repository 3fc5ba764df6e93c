//! Where a target stops recovery, and which targets there are.
use super::{Refusal, Xact};
use crate::report::wal::xacts::Ddl;
use crate::types::{Lsn, TimelineId, TimestampTz, Xid};
use serde::Serialize;

/// The target that is set, and those that could be.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Targets {
    /// The target; absent if none is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// What could be one, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<TargetList>,
}

/// The target, and what comes of it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Target {
    /// "time", "xid", "lsn", "name" or "immediate".
    pub kind: &'static str,
    /// Its value.
    pub value: String,
    /// Whether what is named is replayed too.
    pub inclusive: bool,
    /// "command line" or "settings".
    pub told_by: &'static str,
    /// Whether recovery stops at it, and the server opens there.
    pub reachable: bool,
    /// The record at which recovery stops.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// The last transaction that is included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_included: Option<Xact>,
    /// The first that is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_left_out: Option<Xact>,
    /// The last ends of transactions before the stop, in order.
    pub before: Vec<Xact>,
    /// The first ones behind it.
    pub after: Vec<Xact>,
    /// What the server says instead of opening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// The record at which recovery stops.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Stop {
    /// Where it begins.
    pub lsn: Lsn,
    /// "before" or "after".
    pub side: &'static str,
    /// What the server says.
    pub postgres_says: String,
}

/// What could be a target.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TargetList {
    /// Restore points, in the order of WAL.
    pub restore_points: Vec<RestorePointRow>,
    /// Timelines that have a history, or on which recovery goes.
    pub timelines: Vec<TimelineRow>,
    /// Transactions that did DDL, each with how to stop before it.
    pub ddl: Vec<DdlRow>,
    /// From where on there is WAL, so that a target can be reached: where the files are consistent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_lsn: Option<Lsn>,
    /// Up to where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until_lsn: Option<Lsn>,
    /// The first end of a transaction in between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_time: Option<TimestampTz>,
    /// The last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until_time: Option<TimestampTz>,
}

/// A restore point.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RestorePointRow {
    /// Its name.
    pub name: String,
    /// When it was made.
    pub time: TimestampTz,
    /// Its record.
    pub lsn: Lsn,
}

/// A timeline.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TimelineRow {
    /// Its number.
    pub timeline: TimelineId,
    /// The one that it left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<TimelineId>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switchpoint: Option<Lsn>,
    /// Why, in the words of its history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A transaction that did DDL.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DdlRow {
    /// The transaction.
    pub xid: Xid,
    /// Its commit.
    pub lsn: Lsn,
    /// When.
    pub time: TimestampTz,
    /// What it did.
    pub ddl: Vec<Ddl>,
}
