//! Heap2: what Heap had no codes left for (access/heapam_xlog.h; access/rmgrdesc/heapdesc.c).
mod freeze;
mod multi_insert;
mod new_cid;
mod plans;
mod prune;
mod prune_freeze;
mod rewrite;
mod vacuum;
mod visible;

pub use freeze::FreezePage;
pub use multi_insert::{MultiInsert, MultiInsertTuple, MultiInsertTuples};
pub use new_cid::NewCid;
pub use plans::{FreezePlan, FreezePlans};
pub use prune::{Prune, PruneItems, Redirect};
pub use prune_freeze::{PruneFreeze, PrunedPage};
pub use rewrite::{Rewrite, RewriteMapping};
pub use vacuum::{CleanupInfo, Vacuum};
pub use visible::Visible;

use super::heap::{INIT_PAGE, Lock, OP_MASK};
use super::{Desc, Resource, unknown_type};
use crate::format::error::ParseError;
use crate::format::wal::record::Record;
use crate::layout::wal::HeapPruning::{self, Clean, Merged, SetsVisible, SharedPlans, Vacuums};
use crate::layout::{Dialect, Layout};
use std::fmt;

/// A record of the resource manager Heap2.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Heap2<'a> {
    /// `XLOG_HEAP2_REWRITE`.
    Rewrite(Rewrite<'a>),
    /// `XLOG_HEAP2_CLEAN` to 13, `XLOG_HEAP2_PRUNE` to 16.
    Prune(Prune<'a>),
    /// `XLOG_HEAP2_VACUUM` (14 to 16).
    Vacuum(Vacuum<'a>),
    /// `XLOG_HEAP2_FREEZE_PAGE` (to 16).
    FreezePage(FreezePage<'a>),
    /// `XLOG_HEAP2_CLEANUP_INFO` (to 13).
    CleanupInfo(CleanupInfo),
    /// `XLOG_HEAP2_PRUNE_ON_ACCESS`, `_VACUUM_SCAN` and `_VACUUM_CLEANUP` (17 and later).
    PruneFreeze(PruneFreeze<'a>),
    /// `XLOG_HEAP2_VISIBLE` (to 18).
    Visible(Visible),
    /// `XLOG_HEAP2_MULTI_INSERT`.
    MultiInsert(MultiInsert<'a>),
    /// `XLOG_HEAP2_LOCK_UPDATED`.
    LockUpdated(Lock),
    /// `XLOG_HEAP2_NEW_CID`.
    NewCid(NewCid),
}

impl<'a> Resource<'a> for Heap2<'a> {
    fn identify(info: u8, layout: &Layout) -> Option<&'static str> {
        Some(match (info, layout.heap_wal().pruning) {
            (0x00, _) => "REWRITE",
            (0x10, Clean) => "CLEAN",
            (0x10, Vacuums | SharedPlans) => "PRUNE",
            (0x10, Merged | SetsVisible) => "PRUNE_ON_ACCESS",
            (0x20, Clean) | (0x30, Vacuums | SharedPlans) => "FREEZE_PAGE",
            (0x20, Vacuums | SharedPlans) => "VACUUM",
            (0x20, Merged | SetsVisible) => "PRUNE_VACUUM_SCAN",
            (0x30, Clean) => "CLEANUP_INFO",
            (0x30, Merged | SetsVisible) => "PRUNE_VACUUM_CLEANUP",
            (0x40, Clean | Vacuums | SharedPlans | Merged) => "VISIBLE",
            (0x50, _) => "MULTI_INSERT",
            (0xD0, _) => "MULTI_INSERT+INIT",
            (0x60, _) => "LOCK_UPDATED",
            (0x70, _) => "NEW_CID",
            _ => return None,
        })
    }

    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        Ok(match record.info() & OP_MASK {
            0x00 => Self::Rewrite(Rewrite::parse(record)?),
            0x50 => {
                let init = record.info() & INIT_PAGE != 0;
                Self::MultiInsert(MultiInsert::parse(record, init)?)
            }
            0x60 => Self::LockUpdated(Lock::parse(record)?),
            0x70 => Self::NewCid(NewCid::parse(record)?),
            op => Self::parse_pruning(op, record, dialect.layout.heap_wal().pruning)?,
        })
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            // heap2_desc has nothing to say of it.
            Self::Rewrite(_) => Ok(()),
            Self::Prune(body) => body.desc(out),
            Self::Vacuum(body) => body.desc(out),
            Self::FreezePage(body) => body.desc(out),
            Self::CleanupInfo(body) => body.desc(out),
            Self::PruneFreeze(body) => body.desc(out),
            Self::Visible(body) => body.desc(out),
            Self::MultiInsert(body) => body.desc(out),
            Self::LockUpdated(body) => body.desc("xmax", out),
            Self::NewCid(body) => body.desc(out),
        }
    }
}

impl<'a> Heap2<'a> {
    /// Operations 0x10 to 0x40, of which each generation of majors has its own.
    fn parse_pruning(op: u8, record: &Record<'a>, shape: HeapPruning) -> Result<Self, ParseError> {
        Ok(match (op, shape) {
            (0x10, Clean | Vacuums | SharedPlans) => Self::Prune(Prune::parse(record, shape)?),
            (0x20, Clean) | (0x30, Vacuums | SharedPlans) => {
                Self::FreezePage(FreezePage::parse(record, shape)?)
            }
            (0x20, Vacuums | SharedPlans) => Self::Vacuum(Vacuum::parse(record)?),
            (0x30, Clean) => Self::CleanupInfo(CleanupInfo::parse(record)?),
            (0x10 | 0x20 | 0x30, Merged | SetsVisible) => {
                Self::PruneFreeze(PruneFreeze::parse(record, shape)?)
            }
            (0x40, Clean | Vacuums | SharedPlans | Merged) => {
                Self::Visible(Visible::parse(record)?)
            }
            _ => return Err(unknown_type(record)),
        })
    }
}
