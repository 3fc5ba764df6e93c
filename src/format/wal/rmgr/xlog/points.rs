//! Points in WAL that have a name or a cause (`xl_restore_point`, `xl_end_of_recovery`,
//! `xl_overwrite_contrecord`, access/xlog_internal.h).
use super::parameter::wal_level_name;
use crate::format::bytes::{i32, i64, take, u32, u64};
use crate::format::error::Parse;
use crate::format::wal::rmgr::{CStr, Desc};
use crate::layout::wal::XlogWal;
use crate::types::{Lsn, TimelineId, TimestampTz};
use std::fmt::{self, Write};

/// `MAXFNAMELEN`: bytes of a restore point's name, with its NUL.
const NAME_LEN: usize = 64;

/// `XLOG_RESTORE_POINT`: what pg_create_restore_point named.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RestorePoint<'a> {
    /// When.
    pub rp_time: TimestampTz,
    /// Its name.
    pub rp_name: CStr<'a>,
}

/// `XLOG_END_OF_RECOVERY`: a promotion; no checkpoint yet.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EndOfRecovery {
    /// When.
    pub end_time: TimestampTz,
    /// The timeline that begins.
    pub this_timeline_id: TimelineId,
    /// The timeline that it leaves.
    pub prev_timeline_id: TimelineId,
    /// 0 minimal, 1 replica, 2 logical (17 and later).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wal_level: Option<i32>,
}

/// `XLOG_OVERWRITE_CONTRECORD`: after a crash, WAL goes on where the end of a record is missing.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OverwriteContrecord {
    /// Where the record without an end begins.
    pub overwritten_lsn: Lsn,
    /// When that was found.
    pub overwrite_time: TimestampTz,
}

impl<'a> RestorePoint<'a> {
    pub(super) fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, rp_time) = i64(input)?;
        let (rest, name) = take(NAME_LEN)(rest)?;
        Ok((rest, Self { rp_time: TimestampTz(rp_time), rp_name: CStr::within(name) }))
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        out.bytes(self.rp_name.0)
    }
}

impl EndOfRecovery {
    pub(super) fn parse(input: &[u8], shape: XlogWal) -> Parse<'_, Self> {
        let (rest, end_time) = i64(input)?;
        let (rest, this_timeline_id) = u32(rest)?;
        let (rest, prev_timeline_id) = u32(rest)?;
        let (rest, wal_level) = match shape {
            XlogWal::Plain => (rest, None),
            XlogWal::CheckpointRedo | XlogWal::LogicalDecoding => {
                i32(rest).map(|(rest, level)| (rest, Some(level)))?
            }
        };
        let end = Self {
            end_time: TimestampTz(end_time),
            this_timeline_id: TimelineId(this_timeline_id),
            prev_timeline_id: TimelineId(prev_timeline_id),
            wal_level,
        };
        Ok((rest, end))
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let Self { this_timeline_id, prev_timeline_id, .. } = self;
        write!(out, "tli {this_timeline_id}; prev tli {prev_timeline_id}; time ")?;
        out.timestamp(self.end_time)?;
        match self.wal_level {
            Some(level) => write!(out, "; wal_level {}", wal_level_name(level)),
            None => Ok(()),
        }
    }
}

impl OverwriteContrecord {
    pub(super) fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, overwritten_lsn) = u64(input)?;
        let (rest, overwrite_time) = i64(rest)?;
        let (overwritten_lsn, overwrite_time) = (Lsn(overwritten_lsn), TimestampTz(overwrite_time));
        Ok((rest, Self { overwritten_lsn, overwrite_time }))
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        out.text("lsn ")?;
        out.lsn(self.overwritten_lsn)?;
        out.text("; time ")?;
        out.timestamp(self.overwrite_time)
    }
}
