//! Entries removed from a leaf, by vacuum (`xl_btree_vacuum`) or to make room
//! (`xl_btree_delete`): access/nbtxlog.h.
//!
//! ```text
//! vacuum   12  0 lastBlockVacuumed                                  offsets in block 0
//!          13+ 0 ndeleted | 2 nupdated                              items in block 0
//! delete   12  0 latestRemovedXid | 4 nitems | 8 offsets
//!          13  0 latestRemovedXid | 4 ndeleted                      offsets in block 0
//!          14+ 0 horizon | 4 ndeleted | 6 nupdated | 8 isCatalogRel (16+)   items in block 0
//! ```
use super::PostingUpdates;
use crate::format::bytes::{flag, u16, u32};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::{Array, one};
use crate::layout::wal::{BtreeShape, BtreeWords};
use crate::types::{BlockNumber, OffsetNumber, Xid};
use std::fmt;

/// Entries of block 0 removed by vacuum.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Vacuum<'a> {
    /// The block that vacuum changed before this one: replay pins those between (12).
    pub last_block_vacuumed: Option<BlockNumber>,
    /// How many entries go (13 and later).
    pub ndeleted: Option<u16>,
    /// How many posting lists lose rows (13 and later).
    pub nupdated: Option<u16>,
    /// Which; not beside a full-page image, which has the page vacuumed.
    #[serde(flatten)]
    pub items: Option<DeletedItems<'a>>,
}

/// Entries of block 0 removed because nobody can see their rows any more.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Delete<'a> {
    /// Newest xid that deleted one of the rows (`latestRemovedXid` to 15): older snapshots conflict.
    pub snapshot_conflict_horizon: Xid,
    /// How many entries go (`nitems` in 12).
    pub ndeleted: u32,
    /// How many posting lists lose rows (14 and later).
    pub nupdated: Option<u16>,
    /// Whether logical decoding can read the table (16 and later).
    pub is_catalog_rel: Option<bool>,
    /// Which; from 13 on not beside a full-page image, which has the page without them.
    #[serde(flatten)]
    pub items: Option<DeletedItems<'a>>,
}

/// What becomes of entries.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DeletedItems<'a> {
    /// Those that go.
    pub deleted: Array<'a, OffsetNumber>,
    /// Those that lose some of their rows.
    pub updated: Option<PostingUpdates<'a>>,
}

impl<'a> DeletedItems<'a> {
    fn parse(ndeleted: usize, nupdated: Option<u16>) -> impl Fn(&'a [u8]) -> Parse<'a, Self> {
        move |input| {
            let (rest, deleted) = Array::parse(ndeleted)(input)?;
            let (rest, updated) = match nupdated {
                None => (rest, None),
                Some(count) => {
                    PostingUpdates::parse(count)(rest).map(|(rest, some)| (rest, Some(some)))?
                }
            };
            Ok((rest, Self { deleted, updated }))
        }
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        out.text(", deleted:")?;
        self.deleted.desc(out, |offset, out| out.number(offset.0))?;
        self.updated.map_or(Ok(()), |updated| updated.desc(out))
    }
}

impl<'a> Vacuum<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data or the block's data is too short.
    pub fn parse(record: &Record<'a>, shape: BtreeShape) -> Result<Self, ParseError> {
        let data = record.block_data(0);
        let mut vacuum = parse_at(record.main, 0, "xl_btree_vacuum", |input| match shape {
            BtreeShape::Plain => {
                let (rest, block) = u32(input)?;
                let last_block_vacuumed = Some(BlockNumber(block));
                let (ndeleted, nupdated) = (None, None);
                Ok((rest, Self { last_block_vacuumed, ndeleted, nupdated, items: None }))
            }
            BtreeShape::PostingLists | BtreeShape::FullXids | BtreeShape::CatalogRel => {
                let (rest, ndeleted) = u16(input)?;
                let (rest, nupdated) = u16(rest)?;
                let (ndeleted, nupdated) = (Some(ndeleted), Some(nupdated));
                Ok((rest, Self { last_block_vacuumed: None, ndeleted, nupdated, items: None }))
            }
        })?;
        if !data.is_empty() {
            vacuum.items = Some(match vacuum.ndeleted {
                // 12 counts the entries by the data's length.
                None => DeletedItems { deleted: Array::new(data), updated: None },
                Some(ndeleted) => {
                    let items = DeletedItems::parse(ndeleted.into(), vacuum.nupdated);
                    parse_at(data, 0, "offsets to vacuum", items)?
                }
            });
        }
        Ok(vacuum)
    }

    /// Writes what btree_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        if let Some(block) = self.last_block_vacuumed {
            return out.pair("lastBlockVacuumed ", block.0);
        }
        let (ndeleted, nupdated) =
            (self.ndeleted.unwrap_or_default(), self.nupdated.unwrap_or_default());
        match out.layout.btree_wal().words {
            BtreeWords::Prose => {
                out.pair("ndeleted ", ndeleted)?;
                out.pair("; nupdated ", nupdated)
            }
            BtreeWords::Keyed | BtreeWords::KeyedCatalogRel => {
                out.pair("ndeleted: ", ndeleted)?;
                out.pair(", nupdated: ", nupdated)?;
                self.items.map_or(Ok(()), |items| items.desc(out))
            }
        }
    }
}

impl<'a> Delete<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data or the block's data is too short.
    pub fn parse(record: &Record<'a>, shape: BtreeShape) -> Result<Self, ParseError> {
        let mut delete =
            parse_at(record.main, 0, "xl_btree_delete", |input| Self::parse_main(input, shape))?;
        let data = record.block_data(0);
        if !data.is_empty() && delete.items.is_none() {
            let items = DeletedItems::parse(delete.ndeleted as usize, delete.nupdated);
            delete.items = Some(parse_at(data, 0, "offsets to delete", items)?);
        }
        Ok(delete)
    }

    fn parse_main(input: &'a [u8], shape: BtreeShape) -> Parse<'a, Self> {
        let (rest, snapshot_conflict_horizon) = one(input)?;
        let (rest, ndeleted, nupdated) = match shape {
            BtreeShape::Plain | BtreeShape::PostingLists => {
                u32(rest).map(|(rest, ndeleted)| (rest, ndeleted, None))?
            }
            BtreeShape::FullXids | BtreeShape::CatalogRel => {
                let (rest, ndeleted) = u16(rest)?;
                u16(rest).map(|(rest, nupdated)| (rest, ndeleted.into(), Some(nupdated)))?
            }
        };
        let (rest, is_catalog_rel) = catalog_rel(rest, shape)?;
        let (rest, items) = match shape {
            BtreeShape::Plain => {
                let (rest, items) = DeletedItems::parse(ndeleted as usize, None)(rest)?;
                (rest, Some(items))
            }
            BtreeShape::PostingLists | BtreeShape::FullXids | BtreeShape::CatalogRel => {
                (rest, None)
            }
        };
        let delete = Self { snapshot_conflict_horizon, ndeleted, nupdated, is_catalog_rel, items };
        Ok((rest, delete))
    }

    /// Writes what btree_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let horizon = self.snapshot_conflict_horizon.0;
        let wal = out.layout.btree_wal();
        match wal.words {
            BtreeWords::Prose if wal.shape == BtreeShape::Plain => {
                out.number(self.ndeleted)?;
                out.pair(" items, latest removed xid ", horizon)
            }
            BtreeWords::Prose => {
                out.pair("latestRemovedXid ", horizon)?;
                out.pair("; ndeleted ", self.ndeleted)?;
                self.nupdated.map_or(Ok(()), |nupdated| out.pair("; nupdated ", nupdated))
            }
            BtreeWords::Keyed | BtreeWords::KeyedCatalogRel => {
                out.pair("snapshotConflictHorizon: ", horizon)?;
                out.pair(", ndeleted: ", self.ndeleted)?;
                out.pair(", nupdated: ", self.nupdated.unwrap_or_default())?;
                desc_catalog_rel(self.is_catalog_rel, out)?;
                self.items.map_or(Ok(()), |items| items.desc(out))
            }
        }
    }
}

/// `isCatalogRel`, last in a structure, from 16 on.
pub(super) fn catalog_rel(input: &[u8], shape: BtreeShape) -> Parse<'_, Option<bool>> {
    match shape {
        BtreeShape::CatalogRel => flag(input).map(|(rest, set)| (rest, Some(set))),
        BtreeShape::Plain | BtreeShape::PostingLists | BtreeShape::FullXids => Ok((input, None)),
    }
}

/// Writes it where btree_desc does.
pub(super) fn desc_catalog_rel(set: Option<bool>, out: &mut Desc<'_>) -> fmt::Result {
    match (out.layout.btree_wal().words, set) {
        (BtreeWords::KeyedCatalogRel, Some(true)) => out.text(", isCatalogRel: T"),
        (BtreeWords::KeyedCatalogRel, _) => out.text(", isCatalogRel: F"),
        (BtreeWords::Prose | BtreeWords::Keyed, _) => Ok(()),
    }
}
