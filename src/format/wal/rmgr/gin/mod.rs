//! GIN (access/ginxlog.h; access/rmgrdesc/gindesc.c).
mod insert;
mod leaf;
mod page;
mod pending;
mod posting;

pub use insert::{Insert, InsertDataInternal, InsertEntry, Payload, PostingItem};
pub use leaf::{Action, RecompressDataLeaf, SegmentAction};
pub use page::{CreatePostingTree, DeletePage, Split, VacuumDataLeafPage};
pub use pending::{DeleteListPages, InsertListPage, MetaPageData, UpdateMeta};
pub use posting::PostingList;

use super::{Desc, Resource, unknown_type};
use crate::format::bytes::u16;
use crate::format::error::{Parse, ParseError};
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use crate::types::BlockNumber;
use std::fmt;

/// `GIN_INSERT_ISDATA`: the page is of a posting tree.
const IS_DATA: u16 = 0x01;
/// `GIN_INSERT_ISLEAF`.
const IS_LEAF: u16 = 0x02;

/// A record of the resource manager Gin.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Gin<'a> {
    /// `XLOG_GIN_CREATE_PTREE`.
    CreatePostingTree(CreatePostingTree),
    /// `XLOG_GIN_INSERT`.
    Insert(Insert<'a>),
    /// `XLOG_GIN_SPLIT`.
    Split(Split),
    /// `XLOG_GIN_VACUUM_PAGE`: a leaf page of entries, a full-page image of block 0.
    VacuumPage {},
    /// `XLOG_GIN_VACUUM_DATA_LEAF_PAGE`.
    VacuumDataLeafPage(VacuumDataLeafPage<'a>),
    /// `XLOG_GIN_DELETE_PAGE`.
    DeletePage(DeletePage),
    /// `XLOG_GIN_UPDATE_META_PAGE`.
    UpdateMeta(UpdateMeta<'a>),
    /// `XLOG_GIN_INSERT_LISTPAGE`.
    InsertListPage(InsertListPage<'a>),
    /// `XLOG_GIN_DELETE_LISTPAGE`.
    DeleteListPages(DeleteListPages),
}

/// What a full-page image of block 0 is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PageImage {
    /// Replay restores it.
    Restored,
    /// Replay compares with it (wal_consistency_checking).
    ForVerification,
}

impl<'a> Resource<'a> for Gin<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        Some(match info {
            0x10 => "CREATE_PTREE",
            0x20 => "INSERT",
            0x30 => "SPLIT",
            0x40 => "VACUUM_PAGE",
            0x50 => "DELETE_PAGE",
            0x60 => "UPDATE_META_PAGE",
            0x70 => "INSERT_LISTPAGE",
            0x80 => "DELETE_LISTPAGE",
            0x90 => "VACUUM_DATA_LEAF_PAGE",
            _ => return None,
        })
    }

    fn parse(record: &Record<'a>, _: &Dialect) -> Result<Self, ParseError> {
        Ok(match record.info() {
            0x10 => Self::CreatePostingTree(CreatePostingTree::parse(record)?),
            0x20 => Self::Insert(Insert::parse(record)?),
            0x30 => Self::Split(Split::parse(record)?),
            0x40 => Self::VacuumPage {},
            0x50 => Self::DeletePage(DeletePage::parse(record)?),
            0x60 => Self::UpdateMeta(UpdateMeta::parse(record)?),
            0x70 => Self::InsertListPage(InsertListPage::parse(record)?),
            0x80 => Self::DeleteListPages(DeleteListPages::parse(record)?),
            0x90 => Self::VacuumDataLeafPage(VacuumDataLeafPage::parse(record)?),
            _ => return Err(unknown_type(record)),
        })
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::Insert(body) => body.desc(out),
            Self::Split(body) => body.desc(out),
            Self::VacuumDataLeafPage(body) => body.desc(out),
            Self::UpdateMeta(body) => body.desc(out),
            Self::InsertListPage(body) => body.desc(out),
            Self::DeleteListPages(body) => body.desc(out),
            Self::CreatePostingTree(_) | Self::VacuumPage {} | Self::DeletePage(_) => Ok(()),
        }
    }
}

impl PageImage {
    fn of(record: &Record<'_>) -> Option<Self> {
        let image = record.block(0)?.image?;
        Some(if image.apply { Self::Restored } else { Self::ForVerification })
    }

    /// What the majors that mention images print instead of the block's data.
    fn desc(self, out: &mut Desc<'_>) -> fmt::Result {
        if out.layout.index_wal().verbose {
            return Ok(());
        }
        out.text(match self {
            Self::Restored => " (full page image)",
            Self::ForVerification => " (full page image, for WAL verification)",
        })
    }
}

/// Reads a `BlockIdData`: a block number in two halves, the high one first.
fn block_id(input: &[u8]) -> Parse<'_, BlockNumber> {
    let (rest, high) = u16(input)?;
    let (rest, low) = u16(rest)?;
    Ok((rest, BlockNumber(u32::from(high) << 16 | u32::from(low))))
}
