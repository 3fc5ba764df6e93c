//! Vacuum's second look at a page, 14 to 16 (`xl_heap_vacuum`), and its announcement to standbys,
//! to 13 (`xl_heap_cleanup_info`): access/heapam_xlog.h.
use crate::format::bytes::{u16, u32};
use crate::format::error::{ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::{Array, one};
use crate::layout::wal::HeapWords;
use crate::types::{OffsetNumber, RelFileLocator, Xid};
use std::fmt;

/// Dead line pointers of block 0 free again, after the indexes were vacuumed.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Vacuum<'a> {
    /// How many.
    pub nunused: u16,
    /// Which; not beside a full-page image, which has the page vacuumed.
    pub nowunused: Option<Array<'a, OffsetNumber>>,
}

/// A vacuum is about to remove what standbys may still read; changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CleanupInfo {
    /// The relation.
    pub node: RelFileLocator,
    /// Newest xid of what it removes.
    pub latest_removed_xid: Xid,
}

impl<'a> Vacuum<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data or the block's data is too short.
    pub fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let nunused = parse_at(record.main, 0, "xl_heap_vacuum", u16)?;
        let data = record.block_data(0);
        let offsets = || parse_at(data, 0, "offsets to vacuum", Array::parse(nunused.into()));
        let nowunused = (!data.is_empty()).then(offsets).transpose()?;
        Ok(Self { nunused, nowunused })
    }

    /// Writes what heap2_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match out.layout.heap_wal().words {
            HeapWords::Prose => out.pair("nunused ", self.nunused),
            HeapWords::Keyed => {
                out.pair("nunused: ", self.nunused)?;
                let Some(nowunused) = self.nowunused else { return Ok(()) };
                out.text(", unused:")?;
                nowunused.desc(out, |item, out| out.number(item.0))
            }
        }
    }
}

impl CleanupInfo {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data is too short.
    pub fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        parse_at(record.main, 0, "xl_heap_cleanup_info", |input| {
            let (rest, node) = one(input)?;
            let (rest, xid) = u32(rest)?;
            Ok((rest, Self { node, latest_removed_xid: Xid(xid) }))
        })
    }

    /// Writes what heap2_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        out.pair("remxid ", self.latest_removed_xid.0)
    }
}
