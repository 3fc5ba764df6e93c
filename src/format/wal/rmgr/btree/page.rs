//! Empty pages on their way out and back: marked half dead (`xl_btree_mark_page_halfdead`), taken
//! out of the tree (`xl_btree_unlink_page`), about to be used again (`xl_btree_reuse_page`):
//! access/nbtxlog.h.
//!
//! ```text
//! unlink  0 leftsib | 4 rightsib | 8 leafleftsib, leafrightsib, topparent | 20 btpo_xact    to 13
//!         0 leftsib | 4 rightsib | 8 level | 16 safexid
//!                                | 24 leafleftsib, leafrightsib, leaftopparent            from 14
//! reuse   0 locator | 12 block | 16 latestRemovedXid                                        to 13
//!         0 locator | 12 block | 16 horizon, 64 bits | 24 isCatalogRel (16+)              from 14
//! ```
use super::Metadata;
use super::delete::{catalog_rel, desc_catalog_rel};
use crate::format::bytes::{skip, u32, u64};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::one;
use crate::layout::wal::{BtreeShape, BtreeWords};
use crate::types::{BlockNumber, FullXid, OffsetNumber, RelFileLocator, Xid};
use std::fmt;

/// An empty leaf, block 0, taken out of its parent, block 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MarkPageHalfDead {
    /// Line pointer of the entry that goes from the parent.
    pub poffset: OffsetNumber,
    /// The leaf.
    pub leafblk: BlockNumber,
    /// Its left sibling, 0 for none.
    pub leftblk: BlockNumber,
    /// Its right sibling.
    pub rightblk: BlockNumber,
    /// The topmost page of those that go with it.
    pub topparent: BlockNumber,
}

/// A page, block 0, deleted: its siblings are linked with each other.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct UnlinkPage {
    /// The page's left sibling, 0 for none.
    pub leftsib: BlockNumber,
    /// Its right sibling.
    pub rightsib: BlockNumber,
    /// Its level (14 and later).
    pub level: Option<u32>,
    /// Xid from which on nobody can be on the way to the page (to 13).
    pub btpo_xact: Option<Xid>,
    /// The same (14 and later).
    pub safexid: Option<FullXid>,
    /// Left sibling of the leaf that the deletion began with.
    pub leafleftsib: BlockNumber,
    /// Right sibling of that leaf.
    pub leafrightsib: BlockNumber,
    /// The next page to delete (`topparent` to 13), `u32::MAX` for none.
    pub leaftopparent: BlockNumber,
    /// The metapage, block 4, as it becomes (UNLINK_PAGE_META).
    pub metadata: Option<Metadata>,
}

/// A deleted page is about to be used again; changes nothing, but standbys' snapshots may conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ReusePage {
    /// The index.
    pub locator: RelFileLocator,
    /// The page.
    pub block: BlockNumber,
    /// Older snapshots conflict (to 13).
    pub latest_removed_xid: Option<Xid>,
    /// The same (14 and later; `latestRemovedFullXid` to 15).
    pub snapshot_conflict_horizon: Option<FullXid>,
    /// Whether logical decoding can read the table (16 and later).
    pub is_catalog_rel: Option<bool>,
}

impl MarkPageHalfDead {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data is too short.
    pub fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        parse_at(record.main, 0, "xl_btree_mark_page_halfdead", |input| {
            let (rest, poffset) = one(input)?;
            let (rest, ()) = skip(2)(rest)?;
            let (rest, [leafblk, leftblk, rightblk]) = blocks(rest)?;
            let (rest, [topparent]) = blocks(rest)?;
            Ok((rest, Self { poffset, leafblk, leftblk, rightblk, topparent }))
        })
    }

    /// Writes what btree_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let [topparent, leaf, left, right] = match out.layout.btree_wal().words {
            BtreeWords::Prose => ["topparent ", "; leaf ", "; left ", "; right "],
            BtreeWords::Keyed | BtreeWords::KeyedCatalogRel => {
                ["topparent: ", ", leaf: ", ", left: ", ", right: "]
            }
        };
        out.pair(topparent, self.topparent.0)?;
        out.pair(leaf, self.leafblk.0)?;
        out.pair(left, self.leftblk.0)?;
        out.pair(right, self.rightblk.0)
    }
}

impl UnlinkPage {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data or the metapage's data is too short.
    pub fn parse(record: &Record<'_>, shape: BtreeShape) -> Result<Self, ParseError> {
        let mut unlink = parse_at(record.main, 0, "xl_btree_unlink_page", |input| {
            Self::parse_main(input, shape)
        })?;
        unlink.metadata = Metadata::of_block(record, 4, shape)?;
        Ok(unlink)
    }

    fn parse_main(input: &[u8], shape: BtreeShape) -> Parse<'_, Self> {
        let (rest, [leftsib, rightsib]) = blocks(input)?;
        let (rest, level, safexid) = match shape {
            BtreeShape::Plain | BtreeShape::PostingLists => (rest, None, None),
            BtreeShape::FullXids | BtreeShape::CatalogRel => {
                let (rest, level) = u32(rest)?;
                let (rest, ()) = skip(4)(rest)?;
                u64(rest).map(|(rest, xid)| (rest, Some(level), Some(FullXid(xid))))?
            }
        };
        let (rest, [leafleftsib, leafrightsib, leaftopparent]) = blocks(rest)?;
        let (rest, btpo_xact) = match shape {
            BtreeShape::Plain | BtreeShape::PostingLists => {
                u32(rest).map(|(rest, xid)| (rest, Some(Xid(xid))))?
            }
            BtreeShape::FullXids | BtreeShape::CatalogRel => (rest, None),
        };
        let unlink = Self {
            leftsib,
            rightsib,
            level,
            btpo_xact,
            safexid,
            leafleftsib,
            leafrightsib,
            leaftopparent,
            metadata: None,
        };
        Ok((rest, unlink))
    }

    /// Writes what btree_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let [left, right, level, safexid] = match out.layout.btree_wal().words {
            BtreeWords::Prose => ["left ", "; right ", "; level ", "; safexid "],
            BtreeWords::Keyed | BtreeWords::KeyedCatalogRel => {
                ["left: ", ", right: ", ", level: ", ", safexid: "]
            }
        };
        let [leafleft, leafright, topparent] = match (out.layout.btree_wal().words, self.btpo_xact) {
            (BtreeWords::Prose, Some(_)) => ["; leafleft ", "; leafright ", "; topparent "],
            (BtreeWords::Prose, None) => ["; leafleft ", "; leafright ", "; leaftopparent "],
            (BtreeWords::Keyed | BtreeWords::KeyedCatalogRel, _) => {
                [", leafleft: ", ", leafright: ", ", leaftopparent: "]
            }
        };
        out.pair(left, self.leftsib.0)?;
        out.pair(right, self.rightsib.0)?;
        if let Some(xact) = self.btpo_xact {
            out.pair("; btpo_xact ", xact.0)?;
        }
        if let (Some(at), Some(xid)) = (self.level, self.safexid) {
            out.pair(level, at)?;
            out.pair(safexid, xid.epoch())?;
            out.pair(":", xid.xid().0)?;
        }
        out.pair(leafleft, self.leafleftsib.0)?;
        out.pair(leafright, self.leafrightsib.0)?;
        out.pair(topparent, self.leaftopparent.0)
    }
}

impl ReusePage {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data is too short.
    pub fn parse(record: &Record<'_>, shape: BtreeShape) -> Result<Self, ParseError> {
        parse_at(record.main, 0, "xl_btree_reuse_page", |input| {
            let (rest, locator) = one(input)?;
            let (rest, [block]) = blocks(rest)?;
            let (rest, latest_removed_xid, snapshot_conflict_horizon) = match shape {
                BtreeShape::Plain | BtreeShape::PostingLists => {
                    one(rest).map(|(rest, xid)| (rest, Some(xid), None))?
                }
                BtreeShape::FullXids | BtreeShape::CatalogRel => {
                    u64(rest).map(|(rest, xid)| (rest, None, Some(FullXid(xid))))?
                }
            };
            let (rest, is_catalog_rel) = catalog_rel(rest, shape)?;
            let reuse = Self {
                locator,
                block,
                latest_removed_xid,
                snapshot_conflict_horizon,
                is_catalog_rel,
            };
            Ok((rest, reuse))
        })
    }

    /// Writes what btree_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let (rel, horizon) = match out.layout.btree_wal().words {
            BtreeWords::Prose => ("rel ", "; latestRemovedXid "),
            BtreeWords::Keyed | BtreeWords::KeyedCatalogRel => {
                ("rel: ", ", snapshotConflictHorizon: ")
            }
        };
        out.pair(rel, self.locator.tablespace.0)?;
        out.pair("/", self.locator.database.0)?;
        out.pair("/", self.locator.number.0)?;
        out.text(horizon)?;
        if let Some(xid) = self.latest_removed_xid {
            out.number(xid.0)?;
        }
        if let Some(xid) = self.snapshot_conflict_horizon {
            out.number(xid.epoch())?;
            out.pair(":", xid.xid().0)?;
        }
        desc_catalog_rel(self.is_catalog_rel, out)
    }
}

/// Block numbers one after another.
fn blocks<const N: usize>(input: &[u8]) -> Parse<'_, [BlockNumber; N]> {
    let mut blocks = [BlockNumber::INVALID; N];
    let mut rest = input;
    for block in &mut blocks {
        let number;
        (rest, number) = u32(rest)?;
        *block = BlockNumber(number);
    }
    Ok((rest, blocks))
}
