//! A row locked (`xl_heap_lock`), or a later version of it (`xl_heap_lock_updated` of Heap2):
//! access/heapam_xlog.h.
use super::words::infobits;
use crate::format::bytes::{u8, u16, u32};
use crate::format::error::{ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::layout::wal::HeapWords;
use crate::types::{OffsetNumber, Xid};
use std::fmt;

/// A row of block 0 locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Lock {
    /// The row's new t_xmax (`locking_xid` to 15): a multixact if the bits say so.
    pub xmax: Xid,
    /// The row's line pointer.
    pub offnum: OffsetNumber,
    /// `XLHL_*`.
    pub infobits_set: u8,
    /// `XLH_LOCK_*`.
    pub flags: u8,
}

impl Lock {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data is too short.
    #[inline]
    pub fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        parse_at(record.main, 0, "xl_heap_lock", |input| {
            let (rest, xmax) = u32(input)?;
            let (rest, offnum) = u16(rest)?;
            let (rest, infobits_set) = u8(rest)?;
            let (rest, flags) = u8(rest)?;
            let (xmax, offnum) = (Xid(xmax), OffsetNumber(offnum));
            Ok((rest, Self { xmax, offnum, infobits_set, flags }))
        })
    }

    /// Writes what heap_desc and heap2_desc do, which to 15 disagree on what `xmax` is called.
    ///
    /// # Errors
    /// None but what `out` gives.
    #[inline]
    pub fn desc(&self, xmax_to_15: &str, out: &mut Desc<'_>) -> fmt::Result {
        match out.layout.heap_wal().words {
            HeapWords::Prose => {
                out.pair("off ", self.offnum.0)?;
                out.text(": ")?;
                out.text(xmax_to_15)?;
                out.pair(" ", self.xmax.0)?;
                out.flags(": flags ", self.flags)?;
                out.text(" ")?;
                infobits(HeapWords::Prose, self.infobits_set, out)
            }
            HeapWords::Keyed => {
                out.pair("xmax: ", self.xmax.0)?;
                out.pair(", off: ", self.offnum.0)?;
                out.text(", infobits: ")?;
                infobits(HeapWords::Keyed, self.infobits_set, out)?;
                out.flags(", flags: ", self.flags)
            }
        }
    }
}
