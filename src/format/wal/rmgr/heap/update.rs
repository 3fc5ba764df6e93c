//! A row updated (`xl_heap_update`, access/heapam_xlog.h; `log_heap_update`,
//! access/heap/heapam.c).
use super::LoggedTuple;
use super::words::infobits;
use crate::format::bytes::{u8, u16, u32};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::layout::wal::HeapWords;
use crate::types::{OffsetNumber, Xid};
use std::fmt;

/// `XLH_UPDATE_PREFIX_FROM_OLD`.
const PREFIX_FROM_OLD: u8 = 1 << 5;
/// `XLH_UPDATE_SUFFIX_FROM_OLD`.
const SUFFIX_FROM_OLD: u8 = 1 << 6;

/// A row replaced: its new version goes to block 0, the old one is there too or in block 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Update<'a> {
    /// The old version's new t_xmax: a multixact if the bits say so.
    pub old_xmax: Xid,
    /// The old version's line pointer.
    pub old_offnum: OffsetNumber,
    /// `XLHL_*`, of the old version.
    pub old_infobits_set: u8,
    /// `XLH_UPDATE_*`.
    pub flags: u8,
    /// The new version's t_xmax.
    pub new_xmax: Xid,
    /// The new version's line pointer.
    pub new_offnum: OffsetNumber,
    /// The old version, or its replica identity, for logical decoding.
    pub old_tuple: Option<LoggedTuple<'a>>,
    /// The new version; mostly not beside a full-page image, which has it.
    pub new_tuple: Option<NewTuple<'a>>,
}

/// The new version of a row, without what it shares with the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NewTuple<'a> {
    /// Bytes from t_hoff on that are as in the old version, and left out; `None` if the record does
    /// not say.
    pub prefixlen: Option<u16>,
    /// Bytes at the end that are as in the old version, and left out; `None` if the record does not
    /// say.
    pub suffixlen: Option<u16>,
    /// The rest: null bitmap and padding to t_hoff, then attributes between prefix and suffix.
    #[serde(flatten)]
    pub tuple: LoggedTuple<'a>,
}

impl<'a> Update<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data or the block's data is too short.
    #[inline]
    pub fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let mut update = parse_at(record.main, 0, "xl_heap_update", Self::parse_main)?;
        let data = record.block_data(0);
        if !data.is_empty() {
            let flags = update.flags;
            let new_tuple = parse_at(data, 0, "xl_heap_header", |input| {
                NewTuple::parse(input, flags)
            })?;
            update.new_tuple = Some(new_tuple);
        }
        Ok(update)
    }

    #[inline]
    fn parse_main(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, old_xmax) = u32(input)?;
        let (rest, old_offnum) = u16(rest)?;
        let (rest, old_infobits_set) = u8(rest)?;
        let (rest, flags) = u8(rest)?;
        let (rest, new_xmax) = u32(rest)?;
        let (rest, new_offnum) = u16(rest)?;
        let (rest, old_tuple) = LoggedTuple::parse_some(rest)?;
        let update = Self {
            old_xmax: Xid(old_xmax),
            old_offnum: OffsetNumber(old_offnum),
            old_infobits_set,
            flags,
            new_xmax: Xid(new_xmax),
            new_offnum: OffsetNumber(new_offnum),
            old_tuple,
            new_tuple: None,
        };
        Ok((rest, update))
    }

    /// Writes what heap_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    #[inline]
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match out.layout.heap_wal().words {
            HeapWords::Prose => {
                out.pair("off ", self.old_offnum.0)?;
                out.pair(" xmax ", self.old_xmax.0)?;
                out.flags(" flags ", self.flags)?;
                out.text(" ")?;
                infobits(HeapWords::Prose, self.old_infobits_set, out)?;
                out.pair("; new off ", self.new_offnum.0)?;
                out.pair(" xmax ", self.new_xmax.0)
            }
            HeapWords::Keyed => {
                out.pair("old_xmax: ", self.old_xmax.0)?;
                out.pair(", old_off: ", self.old_offnum.0)?;
                out.text(", old_infobits: ")?;
                infobits(HeapWords::Keyed, self.old_infobits_set, out)?;
                out.flags(", flags: ", self.flags)?;
                out.pair(", new_xmax: ", self.new_xmax.0)?;
                out.pair(", new_off: ", self.new_offnum.0)
            }
        }
    }
}

impl<'a> NewTuple<'a> {
    #[inline]
    fn parse(input: &'a [u8], flags: u8) -> Parse<'a, Self> {
        let (rest, prefixlen) = length(input, flags & PREFIX_FROM_OLD != 0)?;
        let (rest, suffixlen) = length(rest, flags & SUFFIX_FROM_OLD != 0)?;
        let (rest, tuple) = LoggedTuple::parse(rest)?;
        Ok((rest, Self { prefixlen, suffixlen, tuple }))
    }
}

#[inline]
fn length(input: &[u8], stored: bool) -> Parse<'_, Option<u16>> {
    if stored { u16(input).map(|(rest, length)| (rest, Some(length))) } else { Ok((input, None)) }
}
