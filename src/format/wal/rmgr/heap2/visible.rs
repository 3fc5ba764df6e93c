//! Bits of the visibility map set, to 18 (`xl_heap_visible`, access/heapam_xlog.h).
use crate::format::bytes::{u8, u32};
use crate::format::error::{ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::layout::wal::HeapWords;
use crate::types::Xid;
use std::fmt;

/// All rows of block 1 are visible to all, and perhaps frozen: block 0, of the visibility map, says
/// so from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Visible {
    /// Newest xid on the page (`cutoff_xid` to 15): older snapshots conflict.
    pub snapshot_conflict_horizon: Xid,
    /// `VISIBILITYMAP_*` (access/visibilitymapdefs.h): 0x01 all visible, 0x02 all frozen, and from
    /// 16 on 0x04, the relation is one that logical decoding can read.
    pub flags: u8,
}

impl Visible {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data is too short.
    pub fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        parse_at(record.main, 0, "xl_heap_visible", |input| {
            let (rest, horizon) = u32(input)?;
            let (rest, flags) = u8(rest)?;
            Ok((rest, Self { snapshot_conflict_horizon: Xid(horizon), flags }))
        })
    }

    /// Writes what heap2_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let (cutoff, flags) = match out.layout.heap_wal().words {
            HeapWords::Prose => ("cutoff xid ", " flags "),
            HeapWords::Keyed => ("snapshotConflictHorizon: ", ", flags: "),
        };
        out.pair(cutoff, self.snapshot_conflict_horizon.0)?;
        out.flags(flags, self.flags)
    }
}
