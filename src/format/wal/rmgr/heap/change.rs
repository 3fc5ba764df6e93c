//! A row inserted (`xl_heap_insert`), a speculative insertion confirmed (`xl_heap_confirm`), a row
//! deleted (`xl_heap_delete`): access/heapam_xlog.h.
use super::LoggedTuple;
use super::words::infobits;
use crate::format::bytes::{u8, u16, u32};
use crate::format::error::{ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::layout::wal::HeapWords;
use crate::types::{OffsetNumber, Xid};
use std::fmt;

/// A row inserted into block 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Insert<'a> {
    /// The row's line pointer.
    pub offnum: OffsetNumber,
    /// `XLH_INSERT_*`.
    pub flags: u8,
    /// The row; mostly not beside a full-page image, which has it.
    pub tuple: Option<LoggedTuple<'a>>,
}

/// A speculatively inserted row of block 0 stays (ON CONFLICT).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Confirm {
    /// The row's line pointer.
    pub offnum: OffsetNumber,
}

/// A row of block 0 deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Delete<'a> {
    /// The row's new t_xmax: a multixact if the bits say so.
    pub xmax: Xid,
    /// The row's line pointer.
    pub offnum: OffsetNumber,
    /// `XLHL_*`.
    pub infobits_set: u8,
    /// `XLH_DELETE_*`.
    pub flags: u8,
    /// The row, or its replica identity, for logical decoding.
    pub old_tuple: Option<LoggedTuple<'a>>,
}

impl<'a> Insert<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data or the block's data is too short.
    #[inline]
    pub fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let (offnum, flags) = parse_at(record.main, 0, "xl_heap_insert", |input| {
            let (rest, offnum) = u16(input)?;
            let (rest, flags) = u8(rest)?;
            Ok((rest, (OffsetNumber(offnum), flags)))
        })?;
        let data = record.block_data(0);
        let tuple = parse_at(data, 0, "xl_heap_header", LoggedTuple::parse_some)?;
        Ok(Self { offnum, flags, tuple })
    }

    /// Writes what heap_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    #[inline]
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let (off, after) = match out.layout.heap_wal().words {
            HeapWords::Prose => ("off ", " flags "),
            HeapWords::Keyed => ("off: ", ", flags: "),
        };
        out.pair(off, self.offnum.0)?;
        out.flags(after, self.flags)
    }
}

impl Confirm {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data is too short.
    pub fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        let offnum = parse_at(record.main, 0, "xl_heap_confirm", u16)?;
        Ok(Self { offnum: OffsetNumber(offnum) })
    }

    /// Writes what heap_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let off = match out.layout.heap_wal().words {
            HeapWords::Prose => "off ",
            HeapWords::Keyed => "off: ",
        };
        out.pair(off, self.offnum.0)
    }
}

impl<'a> Delete<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data is too short.
    #[inline]
    pub fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        parse_at(record.main, 0, "xl_heap_delete", |input| {
            let (rest, xmax) = u32(input)?;
            let (rest, offnum) = u16(rest)?;
            let (rest, infobits_set) = u8(rest)?;
            let (rest, flags) = u8(rest)?;
            let (rest, old_tuple) = LoggedTuple::parse_some(rest)?;
            let (xmax, offnum) = (Xid(xmax), OffsetNumber(offnum));
            Ok((rest, Self { xmax, offnum, infobits_set, flags, old_tuple }))
        })
    }

    /// Writes what heap_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    #[inline]
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match out.layout.heap_wal().words {
            HeapWords::Prose => {
                out.pair("off ", self.offnum.0)?;
                out.flags(" flags ", self.flags)?;
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
