//! Settings that standbys must know (`xl_parameter_change`, access/xlog_internal.h).
use crate::format::bytes::{flag, i32};
use crate::format::control::WalSettings;
use crate::format::error::Parse;
use crate::format::wal::rmgr::Desc;
use std::fmt::{self, Write};

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

/// `XLOG_PARAMETER_CHANGE`: they are different since the last shutdown.
pub(super) fn parse(input: &[u8]) -> Parse<'_, WalSettings> {
    let (rest, max_connections) = i32(input)?;
    let (rest, max_worker_processes) = i32(rest)?;
    let (rest, max_wal_senders) = i32(rest)?;
    let (rest, max_prepared_xacts) = i32(rest)?;
    let (rest, max_locks_per_xact) = i32(rest)?;
    let (rest, wal_level) = i32(rest)?;
    let (rest, wal_log_hints) = flag(rest)?;
    let (rest, track_commit_timestamp) = flag(rest)?;
    let settings = WalSettings {
        wal_level,
        wal_log_hints,
        max_connections,
        max_worker_processes,
        max_wal_senders,
        max_prepared_xacts,
        max_locks_per_xact,
        track_commit_timestamp,
    };
    Ok((rest, settings))
}

pub(super) fn desc(of: &WalSettings, out: &mut Desc<'_>) -> fmt::Result {
    write!(out, "max_connections={} ", of.max_connections)?;
    write!(out, "max_worker_processes={} ", of.max_worker_processes)?;
    write!(out, "max_wal_senders={} ", of.max_wal_senders)?;
    write!(out, "max_prepared_xacts={} ", of.max_prepared_xacts)?;
    write!(out, "max_locks_per_xact={} ", of.max_locks_per_xact)?;
    write!(out, "wal_level={} ", wal_level_name(of.wal_level))?;
    write!(out, "wal_log_hints={} ", on(of.wal_log_hints))?;
    write!(out, "track_commit_timestamp={}", on(of.track_commit_timestamp))
}
