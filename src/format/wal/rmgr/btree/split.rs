//! A page split (`xl_btree_split`, access/nbtxlog.h; `_bt_split`, access/nbtree/nbtinsert.c;
//! `btree_xlog_split`, access/nbtree/nbtxlog.c).
//!
//! ```text
//! block 0, the left page   the new entry, if replay needs it for this page | high key
//! block 1, the right page  all its entries
//! block 2, its right sibling; block 3, a child whose split is done: no data
//! ```
use crate::format::bytes::{u16, u32};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::index::IndexTuple;
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::one;
use crate::format::wal::rmgr::index_tuple::{IndexTuples, logged};
use crate::layout::wal::{BtreeShape, BtreeWords};
use crate::types::OffsetNumber;
use std::fmt;

/// Block 0 split, its right half moved to the new block 1.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Split<'a> {
    /// The page's level, 0 for leaves.
    pub level: u32,
    /// Line pointer of the first entry moved (`firstright` in 12).
    pub firstrightoff: OffsetNumber,
    /// Line pointer that the new entry would have without a split.
    pub newitemoff: OffsetNumber,
    /// Where in the posting list before it the new entry belongs, 0 if in none (13 and later).
    pub postingoff: Option<u16>,
    /// The new entry, of the left page (SPLIT_L) or one that splits a posting list there.
    pub newitem: Option<IndexTuple<'a>>,
    /// The left page's new high key; like `newitem` not beside a full-page image.
    pub lefthighkey: Option<IndexTuple<'a>>,
    /// The right page's entries.
    pub rightpage: Option<IndexTuples<'a>>,
}

impl<'a> Split<'a> {
    /// Reads one; `newitem_on_left` for SPLIT_L.
    ///
    /// # Errors
    /// If the main data or a block's data is too short.
    pub fn parse(
        record: &Record<'a>,
        newitem_on_left: bool,
        shape: BtreeShape,
    ) -> Result<Self, ParseError> {
        let mut split =
            parse_at(record.main, 0, "xl_btree_split", |input| Self::parse_main(input, shape))?;
        let left = record.block_data(0);
        if !left.is_empty() {
            let has_item = newitem_on_left || split.postingoff.is_some_and(|off| off != 0);
            let (newitem, lefthighkey) = parse_at(left, 0, "IndexTupleData", |input| {
                let (rest, newitem) = if has_item {
                    logged(input).map(|(rest, item)| (rest, Some(item)))?
                } else {
                    (input, None)
                };
                let (rest, lefthighkey) = logged(rest)?;
                Ok((rest, (newitem, Some(lefthighkey))))
            })?;
            (split.newitem, split.lefthighkey) = (newitem, lefthighkey);
        }
        let right = record.block_data(1);
        if !right.is_empty() {
            split.rightpage = Some(parse_at(right, 0, "IndexTupleData", IndexTuples::parse)?);
        }
        Ok(split)
    }

    fn parse_main(input: &'a [u8], shape: BtreeShape) -> Parse<'a, Self> {
        let (rest, level) = u32(input)?;
        let (rest, firstrightoff) = one(rest)?;
        let (rest, newitemoff) = one(rest)?;
        let (rest, postingoff) = match shape {
            BtreeShape::Plain => (rest, None),
            BtreeShape::PostingLists | BtreeShape::FullXids | BtreeShape::CatalogRel => {
                u16(rest).map(|(rest, postingoff)| (rest, Some(postingoff)))?
            }
        };
        let (newitem, lefthighkey, rightpage) = (None, None, None);
        let split = Self {
            level,
            firstrightoff,
            newitemoff,
            postingoff,
            newitem,
            lefthighkey,
            rightpage,
        };
        Ok((rest, split))
    }

    /// Writes what btree_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let words = out.layout.btree_wal().words;
        let (level, firstright, newitem, posting) = match (words, self.postingoff) {
            (BtreeWords::Prose, None) => ("level ", ", firstright ", ", newitemoff ", ""),
            (BtreeWords::Prose, Some(_)) => {
                ("level ", ", firstrightoff ", ", newitemoff ", ", postingoff ")
            }
            (BtreeWords::Keyed | BtreeWords::KeyedCatalogRel, _) => {
                ("level: ", ", firstrightoff: ", ", newitemoff: ", ", postingoff: ")
            }
        };
        out.pair(level, self.level)?;
        out.pair(firstright, self.firstrightoff.0)?;
        out.pair(newitem, self.newitemoff.0)?;
        self.postingoff.map_or(Ok(()), |postingoff| out.pair(posting, postingoff))
    }
}
