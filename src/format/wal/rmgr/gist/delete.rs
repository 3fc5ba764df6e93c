//! Tuples and pages removed, and pages used again: `gistxlogDelete`, `gistxlogPageDelete`,
//! `gistxlogPageReuse` (access/gistxlog.h).
use crate::format::bytes::{skip, u16, u32, u64};
use crate::format::error::ParseError;
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::one;
use crate::format::wal::rmgr::index::{
    Offsets, catalog_rel, catalog_rel_desc, main,
};
use crate::layout::Dialect;
use crate::types::{BlockNumber, FullXid, OffsetNumber, RelFileLocator, Xid};
use std::fmt::{self, Write};

/// Tuples of block 0 that scans had found dead, removed for an insertion.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Delete<'a> {
    /// The newest transaction that the removed tuples' rows were seen by (`latestRemovedXid` to
    /// 15).
    pub snapshot_conflict_horizon: Xid,
    /// How many tuples.
    pub ntodelete: u16,
    /// Whether the index is of a catalog (from 16).
    pub is_catalog_rel: Option<bool>,
    /// Their line pointers.
    pub offsets: Offsets<'a>,
}

/// An empty leaf, block 0, taken out of the tree; block 1 is its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PageDelete {
    /// The last transaction whose scans may still come to the page.
    pub delete_xid: FullXid,
    /// Line pointer of the downlink in block 1.
    pub downlink_offset: OffsetNumber,
}

/// A page taken out of the tree before is about to be used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PageReuse {
    /// The index.
    pub locator: RelFileLocator,
    /// The page.
    pub block: BlockNumber,
    /// Its `deleteXid` (`latestRemovedFullXid` to 15).
    pub snapshot_conflict_horizon: FullXid,
    /// Whether the index is of a catalog (from 16).
    pub is_catalog_rel: Option<bool>,
}

impl<'a> Delete<'a> {
    pub(super) fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        main(record, "gistxlogDelete", |input| {
            let (rest, horizon) = u32(input)?;
            let (rest, ntodelete) = u16(rest)?;
            let (rest, is_catalog_rel) = catalog_rel(dialect)(rest)?;
            let (rest, ()) = skip(is_catalog_rel.map_or(0, |_| 1))(rest)?;
            let (rest, offsets) = Offsets::parse(ntodelete.into())(rest)?;
            let snapshot_conflict_horizon = Xid(horizon);
            Ok((rest, Self { snapshot_conflict_horizon, ntodelete, is_catalog_rel, offsets }))
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let (name, xid) = (out.layout.index_wal().gist_horizon, self.snapshot_conflict_horizon);
        write!(out, "delete: {name} {xid}, nitems: {}", self.ntodelete)?;
        catalog_rel_desc(self.is_catalog_rel, ", isCatalogRel ", out)
    }
}

impl PageDelete {
    pub(super) fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        main(record, "gistxlogPageDelete", |input| {
            let (rest, delete_xid) = u64(input)?;
            let (rest, downlink_offset) = u16(rest)?;
            let downlink_offset = OffsetNumber(downlink_offset);
            Ok((rest, Self { delete_xid: FullXid(delete_xid), downlink_offset }))
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let (epoch, xid) = (self.delete_xid.epoch(), self.delete_xid.xid());
        write!(out, "deleteXid {epoch}:{xid}; downlink {}", self.downlink_offset)
    }
}

impl PageReuse {
    pub(super) fn parse(record: &Record<'_>, dialect: &Dialect) -> Result<Self, ParseError> {
        main(record, "gistxlogPageReuse", |input| {
            let (rest, locator) = one(input)?;
            let (rest, block) = u32(rest)?;
            let (rest, horizon) = u64(rest)?;
            let (rest, is_catalog_rel) = catalog_rel(dialect)(rest)?;
            let (block, snapshot_conflict_horizon) = (BlockNumber(block), FullXid(horizon));
            Ok((rest, Self { locator, block, snapshot_conflict_horizon, is_catalog_rel }))
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let RelFileLocator { tablespace, database, number } = self.locator;
        let (name, horizon) = (out.layout.index_wal().gist_horizon, self.snapshot_conflict_horizon);
        write!(out, "rel {tablespace}/{database}/{number}; blk {}; ", self.block)?;
        write!(out, "{name} {}:{}", horizon.epoch(), horizon.xid())?;
        catalog_rel_desc(self.is_catalog_rel, ", isCatalogRel ", out)
    }
}
