//! XLOG: checkpoints, settings, points of interest, full-page images by themselves
//! (catalog/pg_control.h, access/xlog_internal.h; access/rmgrdesc/xlogdesc.c).
mod checkpoint;
mod parameter;
mod points;

pub use points::{EndOfRecovery, OverwriteContrecord, RestorePoint};

use super::{Desc, Resource, unknown_type};
use crate::format::bytes::{flag, i32, u32, u64};
use crate::format::control::{CheckPoint, WalSettings};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::layout::wal::XlogWal;
use crate::layout::{Dialect, Layout};
use crate::types::{Lsn, Oid};
use std::fmt;

/// A record of the resource manager XLOG.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Xlog<'a> {
    /// `XLOG_CHECKPOINT_SHUTDOWN`.
    CheckpointShutdown(Box<CheckPoint>),
    /// `XLOG_CHECKPOINT_ONLINE`.
    CheckpointOnline(Box<CheckPoint>),
    /// `XLOG_NEXTOID`: oids up to here are spoken for.
    Nextoid {
        /// The first that is free.
        next_oid: Oid,
    },
    /// `XLOG_BACKUP_END`: the backup that began there has all it needs.
    BackupEnd {
        /// Where it began.
        startpoint: Lsn,
    },
    /// `XLOG_PARAMETER_CHANGE`.
    ParameterChange(WalSettings),
    /// `XLOG_RESTORE_POINT`.
    RestorePoint(RestorePoint<'a>),
    /// `XLOG_FPW_CHANGE`.
    FpwChange {
        /// full_page_writes.
        fpw: bool,
    },
    /// `XLOG_END_OF_RECOVERY`.
    EndOfRecovery(EndOfRecovery),
    /// `XLOG_OVERWRITE_CONTRECORD`.
    OverwriteContrecord(OverwriteContrecord),
    /// `XLOG_CHECKPOINT_REDO` (17 and later): an online checkpoint begins here.
    CheckpointRedo {
        /// 0 minimal, 1 replica, 2 logical.
        wal_level: i32,
    },
    /// `XLOG_LOGICAL_DECODING_STATUS_CHANGE` (19 and later).
    LogicalDecodingStatusChange {
        /// Whether WAL has what logical decoding needs from here on.
        enabled: bool,
    },
    /// `XLOG_NOOP`, `XLOG_SWITCH`, `XLOG_FPI`, `XLOG_FPI_FOR_HINT`, `XLOG_ASSIGN_LSN` (19 and
    /// later): all they have to say is their type, and the images of their blocks.
    Plain {},
}

impl<'a> Resource<'a> for Xlog<'a> {
    fn identify(info: u8, layout: &Layout) -> Option<&'static str> {
        let records = layout.xlog_wal();
        Some(match info {
            0x00 => "CHECKPOINT_SHUTDOWN",
            0x10 => "CHECKPOINT_ONLINE",
            0x20 => "NOOP",
            0x30 => "NEXTOID",
            0x40 => "SWITCH",
            0x50 => "BACKUP_END",
            0x60 => "PARAMETER_CHANGE",
            0x70 => "RESTORE_POINT",
            0x80 => "FPW_CHANGE",
            0x90 => "END_OF_RECOVERY",
            0xA0 => "FPI_FOR_HINT",
            0xB0 => "FPI",
            0xC0 if records == XlogWal::LogicalDecoding => "ASSIGN_LSN",
            0xD0 => "OVERWRITE_CONTRECORD",
            0xE0 if records != XlogWal::Plain => "CHECKPOINT_REDO",
            0xF0 if records == XlogWal::LogicalDecoding => "LOGICAL_DECODING_STATUS_CHANGE",
            _ => return None,
        })
    }

    #[inline]
    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        match record.info() {
            0x20 | 0x40 | 0xA0 | 0xB0 => Ok(Self::Plain {}),
            info if Self::identify(info, dialect.layout).is_none() => Err(unknown_type(record)),
            info => parse_at(record.main, 0, "XLOG", |input| {
                Self::with_data(info, input, dialect.layout)
            }),
        }
    }

    #[inline]
    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::Plain {} => Ok(()),
            Self::CheckpointShutdown(of) => checkpoint::desc(of, "shutdown", out),
            Self::CheckpointOnline(of) => checkpoint::desc(of, "online", out),
            Self::Nextoid { next_oid } => out.number(next_oid.0),
            Self::BackupEnd { startpoint } => out.lsn(*startpoint),
            Self::ParameterChange(of) => parameter::desc(of, out),
            Self::RestorePoint(of) => of.desc(out),
            Self::FpwChange { fpw: flag } | Self::LogicalDecodingStatusChange { enabled: flag } => {
                out.text(if *flag { "true" } else { "false" })
            }
            Self::EndOfRecovery(of) => of.desc(out),
            Self::OverwriteContrecord(of) => of.desc(out),
            Self::CheckpointRedo { wal_level } => {
                out.text("wal_level ")?;
                out.text(parameter::wal_level_name(*wal_level))
            }
        }
    }
}

impl<'a> Xlog<'a> {
    /// The record types that say something; `info` is one that the major has.
    fn with_data(info: u8, input: &'a [u8], layout: &Layout) -> Parse<'a, Self> {
        let checkpoint = |input| {
            CheckPoint::parse(input, layout.checkpoint).map(|(rest, of)| (rest, Box::new(of)))
        };
        match info {
            0x00 => checkpoint(input).map(|(rest, of)| (rest, Self::CheckpointShutdown(of))),
            0x10 => checkpoint(input).map(|(rest, of)| (rest, Self::CheckpointOnline(of))),
            0x30 => u32(input).map(|(rest, oid)| (rest, Self::Nextoid { next_oid: Oid(oid) })),
            0x50 => u64(input).map(|(rest, at)| (rest, Self::BackupEnd { startpoint: Lsn(at) })),
            0x60 => parameter::parse(input).map(|(rest, of)| (rest, Self::ParameterChange(of))),
            0x70 => RestorePoint::parse(input).map(|(rest, of)| (rest, Self::RestorePoint(of))),
            0x80 => flag(input).map(|(rest, fpw)| (rest, Self::FpwChange { fpw })),
            0x90 => EndOfRecovery::parse(input, layout.xlog_wal())
                .map(|(rest, of)| (rest, Self::EndOfRecovery(of))),
            0xD0 => OverwriteContrecord::parse(input)
                .map(|(rest, of)| (rest, Self::OverwriteContrecord(of))),
            0xE0 => i32(input).map(|(rest, wal_level)| (rest, Self::CheckpointRedo { wal_level })),
            0xF0 => flag(input)
                .map(|(rest, enabled)| (rest, Self::LogicalDecodingStatusChange { enabled })),
            _ => Ok((input, Self::Plain {})),
        }
    }
}
