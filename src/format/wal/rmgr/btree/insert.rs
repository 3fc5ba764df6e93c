//! An entry inserted without a split of its page (`xl_btree_insert`, access/nbtxlog.h).
use super::Metadata;
use crate::format::bytes::u16;
use crate::format::error::{ParseError, parse_at};
use crate::format::index::IndexTuple;
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::one;
use crate::format::wal::rmgr::index_tuple::logged;
use crate::layout::wal::{BtreeShape, BtreeWords};
use crate::types::OffsetNumber;
use std::fmt;

/// An entry inserted into block 0; above the leaves it ends the split of block 1.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Insert<'a> {
    /// The entry's line pointer.
    pub offnum: OffsetNumber,
    /// Where in the posting list before it the entry belongs, which replay splits there
    /// (INSERT_POST).
    pub postingoff: Option<u16>,
    /// The entry, as it was before such a split; not beside a full-page image, which has it.
    pub newitem: Option<IndexTuple<'a>>,
    /// The metapage, block 2, as it becomes (INSERT_META).
    pub metadata: Option<Metadata>,
}

impl<'a> Insert<'a> {
    /// Reads one; `posting` if block 0's data begins with `postingoff`.
    ///
    /// # Errors
    /// If the main data or a block's data is too short.
    #[inline]
    pub fn parse(
        record: &Record<'a>,
        posting: bool,
        shape: BtreeShape,
    ) -> Result<Self, ParseError> {
        let offnum = parse_at(record.main, 0, "xl_btree_insert", one)?;
        let metadata = Metadata::of_block(record, 2, shape)?;
        let mut insert = Self { offnum, postingoff: None, newitem: None, metadata };
        let data = record.block_data(0);
        if !data.is_empty() {
            (insert.postingoff, insert.newitem) = parse_at(data, 0, "IndexTupleData", |input| {
                let (rest, postingoff) = if posting {
                    u16(input).map(|(rest, postingoff)| (rest, Some(postingoff)))?
                } else {
                    (input, None)
                };
                let (rest, newitem) = logged(rest)?;
                Ok((rest, (postingoff, Some(newitem))))
            })?;
        }
        Ok(insert)
    }

    /// Writes what btree_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    #[inline]
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let off = match out.layout.btree_wal().words {
            BtreeWords::Prose => "off ",
            BtreeWords::Keyed | BtreeWords::KeyedCatalogRel => "off: ",
        };
        out.pair(off, self.offnum.0)
    }
}
