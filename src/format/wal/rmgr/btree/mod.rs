//! Btree: index entries and pages (access/nbtxlog.h; access/rmgrdesc/nbtdesc.c).
mod dedup;
mod delete;
mod insert;
mod meta;
mod page;
mod split;
mod updates;

pub use dedup::{Dedup, DedupInterval};
pub use delete::{Delete, DeletedItems, Vacuum};
pub use insert::Insert;
pub use meta::{MetaCleanup, Metadata, NewRoot};
pub use page::{MarkPageHalfDead, ReusePage, UnlinkPage};
pub use split::Split;
pub use updates::{PostingUpdate, PostingUpdates};

use super::{Desc, Resource, unknown_type};
use crate::format::error::ParseError;
use crate::format::wal::record::Record;
use crate::layout::wal::BtreeShape;
use crate::layout::{Dialect, Layout};
use std::fmt;

/// A record of the resource manager Btree.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Btree<'a> {
    /// `XLOG_BTREE_INSERT_LEAF`, `_UPPER`, `_META` and `_POST`.
    Insert(Insert<'a>),
    /// `XLOG_BTREE_SPLIT_L` and `_R`.
    Split(Split<'a>),
    /// `XLOG_BTREE_DEDUP` (13 and later).
    Dedup(Dedup<'a>),
    /// `XLOG_BTREE_DELETE`.
    Delete(Delete<'a>),
    /// `XLOG_BTREE_UNLINK_PAGE` and `_META`.
    UnlinkPage(UnlinkPage),
    /// `XLOG_BTREE_NEWROOT`.
    NewRoot(NewRoot<'a>),
    /// `XLOG_BTREE_MARK_PAGE_HALFDEAD`.
    MarkPageHalfDead(MarkPageHalfDead),
    /// `XLOG_BTREE_VACUUM`.
    Vacuum(Vacuum<'a>),
    /// `XLOG_BTREE_REUSE_PAGE`.
    ReusePage(ReusePage),
    /// `XLOG_BTREE_META_CLEANUP`.
    MetaCleanup(MetaCleanup),
}

impl<'a> Resource<'a> for Btree<'a> {
    fn identify(info: u8, layout: &Layout) -> Option<&'static str> {
        Some(match info {
            0x00 => "INSERT_LEAF",
            0x10 => "INSERT_UPPER",
            0x20 => "INSERT_META",
            0x30 => "SPLIT_L",
            0x40 => "SPLIT_R",
            0x50 | 0x60 if layout.btree_wal().shape == BtreeShape::Plain => return None,
            0x50 => "INSERT_POST",
            0x60 => "DEDUP",
            0x70 => "DELETE",
            0x80 => "UNLINK_PAGE",
            0x90 => "UNLINK_PAGE_META",
            0xA0 => "NEWROOT",
            0xB0 => "MARK_PAGE_HALFDEAD",
            0xC0 => "VACUUM",
            0xD0 => "REUSE_PAGE",
            0xE0 => "META_CLEANUP",
            _ => return None,
        })
    }

    #[inline]
    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        let shape = dialect.layout.btree_wal().shape;
        Ok(match record.info() {
            0x00..=0x20 => Self::Insert(Insert::parse(record, false, shape)?),
            0x30 => Self::Split(Split::parse(record, true, shape)?),
            0x40 => Self::Split(Split::parse(record, false, shape)?),
            0x50 | 0x60 if shape == BtreeShape::Plain => return Err(unknown_type(record)),
            0x50 => Self::Insert(Insert::parse(record, true, shape)?),
            0x60 => Self::Dedup(Dedup::parse(record)?),
            0x70 => Self::Delete(Delete::parse(record, shape)?),
            0x80 | 0x90 => Self::UnlinkPage(UnlinkPage::parse(record, shape)?),
            0xA0 => Self::NewRoot(NewRoot::parse(record, shape)?),
            0xB0 => Self::MarkPageHalfDead(MarkPageHalfDead::parse(record)?),
            0xC0 => Self::Vacuum(Vacuum::parse(record, shape)?),
            0xD0 => Self::ReusePage(ReusePage::parse(record, shape)?),
            0xE0 => Self::MetaCleanup(MetaCleanup::parse(record, shape)?),
            _ => return Err(unknown_type(record)),
        })
    }

    #[inline]
    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::Insert(body) => body.desc(out),
            Self::Split(body) => body.desc(out),
            Self::Dedup(body) => body.desc(out),
            Self::Delete(body) => body.desc(out),
            Self::UnlinkPage(body) => body.desc(out),
            Self::NewRoot(body) => body.desc(out),
            Self::MarkPageHalfDead(body) => body.desc(out),
            Self::Vacuum(body) => body.desc(out),
            Self::ReusePage(body) => body.desc(out),
            Self::MetaCleanup(body) => body.desc(out),
        }
    }
}
