//! Settings that standbys must know (`xl_parameter_change`, access/xlog_internal.h).
use crate::format::bytes::{flag, i32};
use crate::format::error::Parse;
use crate::format::wal::rmgr::Desc;
use std::fmt::{self, Write};

/// `XLOG_PARAMETER_CHANGE`: they are different since the last shutdown.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "each is the setting of that name")]
pub struct ParameterChange {
    pub max_connections: i32,
    pub max_worker_processes: i32,
    pub max_wal_senders: i32,
    pub max_prepared_xacts: i32,
    pub max_locks_per_xact: i32,
    /// 0 minimal, 1 replica, 2 logical.
    pub wal_level: i32,
    pub wal_log_hints: bool,
    pub track_commit_timestamp: bool,
}

/// A `wal_level` as pg_waldump calls it (`get_wal_level_string`).
pub(super) const fn wal_level_name(level: i32) -> &'static str {
    match level {
        0 => "minimal",
        1 => "replica",
        2 => "logical",
        _ => "?",
    }
}

const fn on(flag: bool) -> &'static str {
    if flag { "on" } else { "off" }
}

impl ParameterChange {
    pub(super) fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, max_connections) = i32(input)?;
        let (rest, max_worker_processes) = i32(rest)?;
        let (rest, max_wal_senders) = i32(rest)?;
        let (rest, max_prepared_xacts) = i32(rest)?;
        let (rest, max_locks_per_xact) = i32(rest)?;
        let (rest, wal_level) = i32(rest)?;
        let (rest, wal_log_hints) = flag(rest)?;
        let (rest, track_commit_timestamp) = flag(rest)?;
        let change = Self {
            max_connections,
            max_worker_processes,
            max_wal_senders,
            max_prepared_xacts,
            max_locks_per_xact,
            wal_level,
            wal_log_hints,
            track_commit_timestamp,
        };
        Ok((rest, change))
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, "max_connections={} ", self.max_connections)?;
        write!(out, "max_worker_processes={} ", self.max_worker_processes)?;
        write!(out, "max_wal_senders={} ", self.max_wal_senders)?;
        write!(out, "max_prepared_xacts={} ", self.max_prepared_xacts)?;
        write!(out, "max_locks_per_xact={} ", self.max_locks_per_xact)?;
        write!(out, "wal_level={} ", wal_level_name(self.wal_level))?;
        write!(out, "wal_log_hints={} ", on(self.wal_log_hints))?;
        write!(out, "track_commit_timestamp={}", on(self.track_commit_timestamp))
    }
}
