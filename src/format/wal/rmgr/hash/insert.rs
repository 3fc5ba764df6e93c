//! A tuple inserted, and an overflow page for those that do not fit: `xl_hash_insert`,
//! `xl_hash_add_ovfl_page` (access/hash_xlog.h).
use crate::format::bytes::{flag, u16, u32};
use crate::format::error::ParseError;
use crate::format::index::IndexTuple;
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::index::{in_block, letter, main};
use crate::format::wal::rmgr::index_tuple::logged;
use crate::types::OffsetNumber;
use std::fmt::{self, Write};

/// A tuple inserted into block 0; block 1 is the metapage, which counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Insert<'a> {
    /// The tuple's line pointer.
    pub offnum: OffsetNumber,
    /// The tuple; mostly not beside a full-page image, which has it.
    pub tuple: Option<IndexTuple<'a>>,
}

/// An overflow page, block 0, behind block 1; block 2 is a bitmap page in use, block 3 a new one,
/// block 4 the metapage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AddOvflPage {
    /// Bytes of bitmap in a bitmap page.
    pub bmsize: u16,
    /// Whether the page was free before, by the bitmap, rather than new.
    pub bmpage_found: bool,
    /// The bucket that it is of (data of block 0).
    pub hasho_bucket: Option<u32>,
    /// The bit that says it is in use (data of block 2).
    pub bitmap_page_bit: Option<u32>,
    /// The first bit that may be free from now on (data of block 4).
    pub hashm_firstfree: Option<u32>,
}

impl<'a> Insert<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let offnum = OffsetNumber(main(record, "xl_hash_insert", u16)?);
        let tuple = in_block(record, 0, "IndexTupleData", logged)?;
        Ok(Self { offnum, tuple })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, "off {}", self.offnum)
    }
}

impl AddOvflPage {
    pub(super) fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        let (bmsize, bmpage_found) = main(record, "xl_hash_add_ovfl_page", |input| {
            let (rest, bmsize) = u16(input)?;
            let (rest, bmpage_found) = flag(rest)?;
            Ok((rest, (bmsize, bmpage_found)))
        })?;
        Ok(Self {
            bmsize,
            bmpage_found,
            hasho_bucket: in_block(record, 0, "hasho_bucket", u32)?,
            bitmap_page_bit: in_block(record, 2, "bitmap_page_bit", u32)?,
            hashm_firstfree: in_block(record, 4, "hashm_firstfree", u32)?,
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, "bmsize {}, bmpage_found {}", self.bmsize, letter(self.bmpage_found))
    }
}
