//! Equal entries of a leaf merged into posting lists, from 13 on (`xl_btree_dedup`,
//! access/nbtxlog.h; `BTDedupInterval`, access/nbtree.h).
use crate::format::bytes::u16;
use crate::format::error::{ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::{Array, Element};
use crate::layout::wal::BtreeWords;
use crate::types::OffsetNumber;
use std::fmt;

/// Entries of block 0 merged.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Dedup<'a> {
    /// How many posting lists are made.
    pub nintervals: u16,
    /// Of what; not beside a full-page image, which has the page as it is after it.
    pub intervals: Option<Array<'a, DedupInterval>>,
}

/// Entries that become one posting list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DedupInterval {
    /// The first entry's line pointer.
    pub baseoff: OffsetNumber,
    /// How many entries.
    pub nitems: u16,
}

impl Element for DedupInterval {
    const SIZE: usize = 4;

    fn read(bytes: &[u8]) -> Option<Self> {
        let (baseoff, nitems) = bytes.split_at_checked(2)?;
        Some(Self { baseoff: OffsetNumber::read(baseoff)?, nitems: Element::read(nitems)? })
    }
}

impl<'a> Dedup<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data or the block's data is too short.
    pub fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let nintervals = parse_at(record.main, 0, "xl_btree_dedup", u16)?;
        let data = record.block_data(0);
        let intervals = || parse_at(data, 0, "BTDedupInterval", Array::parse(nintervals.into()));
        Ok(Self { nintervals, intervals: (!data.is_empty()).then(intervals).transpose()? })
    }

    /// Writes what btree_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let label = match out.layout.btree_wal().words {
            BtreeWords::Prose => "nintervals ",
            BtreeWords::Keyed | BtreeWords::KeyedCatalogRel => "nintervals: ",
        };
        out.pair(label, self.nintervals)
    }
}
