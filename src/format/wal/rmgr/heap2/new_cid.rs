//! Command ids of a catalog row, told to logical decoding (`xl_heap_new_cid`,
//! access/heapam_xlog.h).
use crate::format::bytes::u32;
use crate::format::error::{ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::one;
use crate::layout::wal::HeapWords;
use crate::types::{RelFileLocator, Tid, Xid};
use std::fmt;

/// A catalog row changed by a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NewCid {
    /// The top-level transaction.
    pub top_xid: Xid,
    /// Command that inserted the row; `u32::MAX` if none of this transaction did.
    pub cmin: u32,
    /// Command that deleted it; `u32::MAX` if none did.
    pub cmax: u32,
    /// Combo command id in the row; `u32::MAX` if there is none.
    pub combocid: u32,
    /// The catalog's files.
    pub target_locator: RelFileLocator,
    /// The row.
    pub target_tid: Tid,
}

impl NewCid {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data is too short.
    pub fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        parse_at(record.main, 0, "xl_heap_new_cid", |input| {
            let (rest, top_xid) = one(input)?;
            let (rest, cmin) = u32(rest)?;
            let (rest, cmax) = u32(rest)?;
            let (rest, combocid) = u32(rest)?;
            let (rest, target_locator) = one(rest)?;
            let (rest, target_tid) = one(rest)?;
            Ok((rest, Self { top_xid, cmin, cmax, combocid, target_locator, target_tid }))
        })
    }

    /// Writes what heap2_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let (rel, tid, cmin) = match out.layout.heap_wal().words {
            HeapWords::Prose => ("rel ", "; tid ", "; cmin: "),
            HeapWords::Keyed => ("rel: ", ", tid: ", ", cmin: "),
        };
        out.pair(rel, self.target_locator.tablespace.0)?;
        out.pair("/", self.target_locator.database.0)?;
        out.pair("/", self.target_locator.number.0)?;
        out.pair(tid, self.target_tid.block.0)?;
        out.pair("/", self.target_tid.offset.0)?;
        out.pair(cmin, self.cmin)?;
        out.pair(", cmax: ", self.cmax)?;
        out.pair(", combo: ", self.combocid)
    }
}
