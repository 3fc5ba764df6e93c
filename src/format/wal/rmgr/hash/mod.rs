//! Hash (access/hash_xlog.h; access/rmgrdesc/hashdesc.c).
mod build;
mod delete;
mod insert;
mod split;
mod squeeze;

pub use build::{InitBitmapPage, InitMetaPage, UpdateMetaPage};
pub use delete::{Delete, VacuumOnePage};
pub use insert::{AddOvflPage, Insert};
pub use split::{Ovflpoint, SplitAllocatePage, SplitComplete};
pub use squeeze::{Added, MovePageContents, SqueezePage};

use super::{Desc, Resource, unknown_type};
use crate::format::error::ParseError;
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use std::fmt;

/// A record of the resource manager Hash.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Hash<'a> {
    /// `XLOG_HASH_INIT_META_PAGE`.
    InitMetaPage(InitMetaPage),
    /// `XLOG_HASH_INIT_BITMAP_PAGE`.
    InitBitmapPage(InitBitmapPage),
    /// `XLOG_HASH_INSERT`.
    Insert(Insert<'a>),
    /// `XLOG_HASH_ADD_OVFL_PAGE`.
    AddOvflPage(AddOvflPage),
    /// `XLOG_HASH_SPLIT_ALLOCATE_PAGE`.
    SplitAllocatePage(SplitAllocatePage),
    /// `XLOG_HASH_SPLIT_PAGE`: the new bucket's page, a full-page image of block 0.
    SplitPage {},
    /// `XLOG_HASH_SPLIT_COMPLETE`.
    SplitComplete(SplitComplete),
    /// `XLOG_HASH_MOVE_PAGE_CONTENTS`.
    MovePageContents(MovePageContents<'a>),
    /// `XLOG_HASH_SQUEEZE_PAGE`.
    SqueezePage(SqueezePage<'a>),
    /// `XLOG_HASH_DELETE`.
    Delete(Delete<'a>),
    /// `XLOG_HASH_SPLIT_CLEANUP`: the bucket that begins in block 0 holds no moved tuples any more.
    SplitCleanup {},
    /// `XLOG_HASH_UPDATE_META_PAGE`.
    UpdateMetaPage(UpdateMetaPage),
    /// `XLOG_HASH_VACUUM_ONE_PAGE`.
    VacuumOnePage(VacuumOnePage<'a>),
}

impl<'a> Resource<'a> for Hash<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        Some(match info {
            0x00 => "INIT_META_PAGE",
            0x10 => "INIT_BITMAP_PAGE",
            0x20 => "INSERT",
            0x30 => "ADD_OVFL_PAGE",
            0x40 => "SPLIT_ALLOCATE_PAGE",
            0x50 => "SPLIT_PAGE",
            0x60 => "SPLIT_COMPLETE",
            0x70 => "MOVE_PAGE_CONTENTS",
            0x80 => "SQUEEZE_PAGE",
            0x90 => "DELETE",
            0xA0 => "SPLIT_CLEANUP",
            0xB0 => "UPDATE_META_PAGE",
            0xC0 => "VACUUM_ONE_PAGE",
            _ => return None,
        })
    }

    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        Ok(match record.info() {
            0x00 => Self::InitMetaPage(InitMetaPage::parse(record)?),
            0x10 => Self::InitBitmapPage(InitBitmapPage::parse(record)?),
            0x20 => Self::Insert(Insert::parse(record)?),
            0x30 => Self::AddOvflPage(AddOvflPage::parse(record)?),
            0x40 => Self::SplitAllocatePage(SplitAllocatePage::parse(record)?),
            0x50 => Self::SplitPage {},
            0x60 => Self::SplitComplete(SplitComplete::parse(record)?),
            0x70 => Self::MovePageContents(MovePageContents::parse(record)?),
            0x80 => Self::SqueezePage(SqueezePage::parse(record)?),
            0x90 => Self::Delete(Delete::parse(record)?),
            0xA0 => Self::SplitCleanup {},
            0xB0 => Self::UpdateMetaPage(UpdateMetaPage::parse(record)?),
            0xC0 => Self::VacuumOnePage(VacuumOnePage::parse(record, dialect)?),
            _ => return Err(unknown_type(record)),
        })
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::InitMetaPage(body) => body.desc(out),
            Self::InitBitmapPage(body) => body.desc(out),
            Self::Insert(body) => body.desc(out),
            Self::AddOvflPage(body) => body.desc(out),
            Self::SplitAllocatePage(body) => body.desc(out),
            Self::SplitComplete(body) => body.desc(out),
            Self::MovePageContents(body) => body.desc(out),
            Self::SqueezePage(body) => body.desc(out),
            Self::Delete(body) => body.desc(out),
            Self::UpdateMetaPage(body) => body.desc(out),
            Self::VacuumOnePage(body) => body.desc(out),
            Self::SplitPage {} | Self::SplitCleanup {} => Ok(()),
        }
    }
}
