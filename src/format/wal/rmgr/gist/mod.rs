//! GiST (access/gistxlog.h; access/rmgrdesc/gistdesc.c).
mod delete;
mod page;

pub use delete::{Delete, PageDelete, PageReuse};
pub use page::{PageSplit, PageUpdate, SplitPage};

use super::{Desc, Resource, unknown_type};
use crate::format::error::ParseError;
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use std::fmt;

/// A record of the resource manager Gist.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Gist<'a> {
    /// `XLOG_GIST_PAGE_UPDATE`.
    PageUpdate(PageUpdate<'a>),
    /// `XLOG_GIST_DELETE`.
    Delete(Delete<'a>),
    /// `XLOG_GIST_PAGE_REUSE`.
    PageReuse(PageReuse),
    /// `XLOG_GIST_PAGE_SPLIT`.
    PageSplit(PageSplit<'a>),
    /// `XLOG_GIST_PAGE_DELETE`.
    PageDelete(PageDelete),
    /// `XLOG_GIST_ASSIGN_LSN`: moves the insertion position on, for an index without WAL of its own.
    AssignLsn {},
}

/// `XLOG_GIST_ASSIGN_LSN`.
const ASSIGN_LSN: u8 = 0x70;

impl<'a> Resource<'a> for Gist<'a> {
    fn identify(info: u8, layout: &Layout) -> Option<&'static str> {
        Some(match info {
            0x00 => "PAGE_UPDATE",
            0x10 => "DELETE",
            0x20 => "PAGE_REUSE",
            0x30 => "PAGE_SPLIT",
            0x60 => "PAGE_DELETE",
            ASSIGN_LSN if layout.index_wal().gist_assigns_lsn => "ASSIGN_LSN",
            _ => return None,
        })
    }

    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        Ok(match record.info() {
            0x00 => Self::PageUpdate(PageUpdate::parse(record)?),
            0x10 => Self::Delete(Delete::parse(record, dialect)?),
            0x20 => Self::PageReuse(PageReuse::parse(record, dialect)?),
            0x30 => Self::PageSplit(PageSplit::parse(record)?),
            0x60 => Self::PageDelete(PageDelete::parse(record)?),
            ASSIGN_LSN if dialect.layout.index_wal().gist_assigns_lsn => Self::AssignLsn {},
            _ => return Err(unknown_type(record)),
        })
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::Delete(body) => body.desc(out),
            Self::PageReuse(body) => body.desc(out),
            Self::PageSplit(body) => body.desc(out),
            Self::PageDelete(body) => body.desc(out),
            Self::PageUpdate(_) | Self::AssignLsn {} => Ok(()),
        }
    }
}
