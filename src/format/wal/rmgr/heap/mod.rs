//! Heap: rows inserted, updated, deleted, locked (access/heapam_xlog.h;
//! access/rmgrdesc/heapdesc.c).
mod change;
mod inplace;
mod lock;
mod truncate;
mod tuple;
mod update;
pub(super) mod words;

pub use change::{Confirm, Delete, Insert};
pub use inplace::{Inplace, InplaceInvalidations};
pub use lock::Lock;
pub use truncate::Truncate;
pub use tuple::LoggedTuple;
pub use update::{NewTuple, Update};

use super::{Desc, Resource};
use crate::format::error::ParseError;
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use std::fmt;

/// `XLOG_HEAP_OPMASK`: bits of the info that are the operation, in Heap and in Heap2.
pub const OP_MASK: u8 = 0x70;
/// `XLOG_HEAP_INIT_PAGE`: replay makes the page anew.
pub const INIT_PAGE: u8 = 0x80;

/// A record of the resource manager Heap.
///
/// From 17.11 and 18.6 on, records that clear bits of the visibility map also name its blocks: as
/// block 1, and of updates as 2 and 3. Nothing else in them differs.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Heap<'a> {
    /// `XLOG_HEAP_INSERT`.
    Insert(Insert<'a>),
    /// `XLOG_HEAP_DELETE`.
    Delete(Delete<'a>),
    /// `XLOG_HEAP_UPDATE`.
    Update(Update<'a>),
    /// `XLOG_HEAP_TRUNCATE`: for logical decoding; the files are Storage's and Transaction's.
    Truncate(Truncate<'a>),
    /// `XLOG_HEAP_HOT_UPDATE`.
    HotUpdate(Update<'a>),
    /// `XLOG_HEAP_CONFIRM`.
    Confirm(Confirm),
    /// `XLOG_HEAP_LOCK`.
    Lock(Lock),
    /// `XLOG_HEAP_INPLACE`.
    Inplace(Inplace<'a>),
}

impl<'a> Resource<'a> for Heap<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        Some(match info {
            0x00 => "INSERT",
            0x80 => "INSERT+INIT",
            0x10 => "DELETE",
            0x20 => "UPDATE",
            0xA0 => "UPDATE+INIT",
            0x30 => "TRUNCATE",
            0x40 => "HOT_UPDATE",
            0xC0 => "HOT_UPDATE+INIT",
            0x50 => "HEAP_CONFIRM",
            0x60 => "LOCK",
            0x70 => "INPLACE",
            _ => return None,
        })
    }

    #[inline]
    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        Ok(match record.info() & OP_MASK {
            0x00 => Self::Insert(Insert::parse(record)?),
            0x10 => Self::Delete(Delete::parse(record)?),
            0x20 => Self::Update(Update::parse(record)?),
            0x30 => Self::Truncate(Truncate::parse(record)?),
            0x40 => Self::HotUpdate(Update::parse(record)?),
            0x50 => Self::Confirm(Confirm::parse(record)?),
            0x60 => Self::Lock(Lock::parse(record)?),
            _ => Self::Inplace(Inplace::parse(record, dialect.layout.heap_wal().inplace)?),
        })
    }

    #[inline]
    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::Insert(body) => body.desc(out),
            Self::Delete(body) => body.desc(out),
            Self::Update(body) | Self::HotUpdate(body) => body.desc(out),
            Self::Truncate(body) => body.desc(out),
            Self::Confirm(body) => body.desc(out),
            Self::Lock(body) => body.desc("xid", out),
            Self::Inplace(body) => body.desc(out),
        }
    }
}
