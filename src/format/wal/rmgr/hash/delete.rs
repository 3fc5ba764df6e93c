//! Tuples removed: `xl_hash_delete`, `xl_hash_vacuum_one_page` (access/hash_xlog.h).
use crate::format::bytes::{flag, skip, u16, u32};
use crate::format::error::{Parse, ParseError};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::index::{
    Offsets, catalog_rel, catalog_rel_desc, letter, main, offsets_in,
};
use crate::layout::Dialect;
use crate::layout::wal::HashVacuum;
use crate::types::Xid;
use std::fmt::{self, Write};

/// Tuples of block 1 removed by VACUUM or after a split; block 0 is the bucket's first page, where
/// that is another.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Delete<'a> {
    /// Whether the page no longer counts as having dead tuples.
    pub clear_dead_marking: bool,
    /// Whether block 1 is the bucket's first page.
    pub is_primary_bucket_page: bool,
    /// Their line pointers; mostly not beside a full-page image, which shows their absence.
    pub deleted: Option<Offsets<'a>>,
}

/// Tuples of block 0 that scans had found dead, removed for an insertion; block 1 is the metapage.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VacuumOnePage<'a> {
    /// The newest transaction that the removed tuples' rows were seen by (`latestRemovedXid` to
    /// 15).
    pub snapshot_conflict_horizon: Xid,
    /// How many tuples.
    pub ntuples: u32,
    /// Whether the index is of a catalog (from 16).
    pub is_catalog_rel: Option<bool>,
    /// Their line pointers.
    pub offsets: Offsets<'a>,
}

impl<'a> Delete<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let (clear_dead_marking, is_primary_bucket_page) =
            main(record, "xl_hash_delete", |input| {
                let (rest, clear) = flag(input)?;
                flag(rest).map(|(rest, primary)| (rest, (clear, primary)))
            })?;
        let deleted = offsets_in(record, 1);
        Ok(Self { clear_dead_marking, is_primary_bucket_page, deleted })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, "clear_dead_marking {}, ", letter(self.clear_dead_marking))?;
        write!(out, "is_primary {}", letter(self.is_primary_bucket_page))
    }
}

impl<'a> VacuumOnePage<'a> {
    pub(super) fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        main(record, "xl_hash_vacuum_one_page", |input| {
            let (rest, horizon) = u32(input)?;
            let (rest, (ntuples, is_catalog_rel)) = Self::count(rest, dialect)?;
            let (rest, offsets) = Offsets::parse(ntuples as usize)(rest)?;
            let snapshot_conflict_horizon = Xid(horizon);
            Ok((rest, Self { snapshot_conflict_horizon, ntuples, is_catalog_rel, offsets }))
        })
    }

    fn count(input: &'a [u8], dialect: &Dialect) -> Parse<'a, (u32, Option<bool>)> {
        match dialect.layout.index_wal().hash_vacuum {
            HashVacuum::Int => u32(input).map(|(rest, ntuples)| (rest, (ntuples, None))),
            HashVacuum::Short => {
                let (rest, ntuples) = u16(input)?;
                let (rest, is_catalog_rel) = catalog_rel(dialect)(rest)?;
                let (rest, ()) = skip(1)(rest)?;
                Ok((rest, (ntuples.into(), is_catalog_rel)))
            }
        }
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let words = out.layout.index_wal();
        let (ntuples, horizon) = (self.ntuples, self.snapshot_conflict_horizon);
        write!(out, "ntuples {ntuples}, {} {horizon}", words.hash_horizon)?;
        catalog_rel_desc(self.is_catalog_rel, ", isCatalogRel ", out)
    }
}
