//! Tuples moved towards the head of a bucket's chain, and pages freed by that:
//! `xl_hash_move_page_contents`, `xl_hash_squeeze_page` (access/hash_xlog.h).
use crate::format::bytes::{flag, u16, u32};
use crate::format::error::ParseError;
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::index::{Offsets, in_block, letter, main, offsets_in};
use crate::format::wal::rmgr::index_tuple::IndexTuples;
use crate::types::BlockNumber;
use std::fmt::{self, Write};

/// Tuples moved from block 2 to block 1; block 0 is the bucket's first page, where that is another.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MovePageContents<'a> {
    /// How many.
    pub ntups: u16,
    /// Whether block 1 is the bucket's first page.
    pub is_prim_bucket_same_wrt: bool,
    /// What block 1 got; mostly not beside a full-page image, which has it.
    pub added: Option<Added<'a>>,
    /// Line pointers that block 2 lost.
    pub deleted: Option<Offsets<'a>>,
}

/// The rest of a page's tuples moved to block 1, and the page, block 2, freed; block 0 is the
/// bucket's first page, blocks 3 and 4 its neighbours, 5 the bitmap, 6 the metapage.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SqueezePage<'a> {
    /// The page before the freed one.
    pub prevblkno: BlockNumber,
    /// The page behind it.
    pub nextblkno: BlockNumber,
    /// How many tuples.
    pub ntups: u16,
    /// Whether block 1 is the bucket's first page.
    pub is_prim_bucket_same_wrt: bool,
    /// Whether block 1 is the page before the freed one.
    pub is_prev_bucket_same_wrt: bool,
    /// What block 1 got; mostly not beside a full-page image, which has it.
    pub added: Option<Added<'a>>,
    /// The bit of the freed page (data of block 5).
    pub bitmap_page_bit: Option<u32>,
    /// The first bit that may be free from now on (data of block 6).
    pub hashm_firstfree: Option<u32>,
}

/// Tuples and their line pointers.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Added<'a> {
    /// Line pointers.
    pub offsets: Offsets<'a>,
    /// The tuples for them.
    pub tuples: IndexTuples<'a>,
}

impl<'a> Added<'a> {
    fn parse(record: &Record<'a>, ntups: u16) -> Result<Option<Self>, ParseError> {
        in_block(record, 1, "moved tuples", |input| {
            let (rest, offsets) = Offsets::parse(ntups.into())(input)?;
            let (rest, tuples) = IndexTuples::parse(rest)?;
            Ok((rest, Self { offsets, tuples }))
        })
    }
}

impl<'a> MovePageContents<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let (ntups, primary) = main(record, "xl_hash_move_page_contents", |input| {
            let (rest, ntups) = u16(input)?;
            let (rest, primary) = flag(rest)?;
            Ok((rest, (ntups, primary)))
        })?;
        Ok(Self {
            ntups,
            is_prim_bucket_same_wrt: primary,
            added: Added::parse(record, ntups)?,
            deleted: offsets_in(record, 2),
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, "ntups {}, is_primary {}", self.ntups, letter(self.is_prim_bucket_same_wrt))
    }
}

impl<'a> SqueezePage<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let body = main(record, "xl_hash_squeeze_page", |input| {
            let (rest, prevblkno) = u32(input)?;
            let (rest, nextblkno) = u32(rest)?;
            let (rest, ntups) = u16(rest)?;
            let (rest, is_prim_bucket_same_wrt) = flag(rest)?;
            let (rest, is_prev_bucket_same_wrt) = flag(rest)?;
            let body = Self {
                prevblkno: BlockNumber(prevblkno),
                nextblkno: BlockNumber(nextblkno),
                ntups,
                is_prim_bucket_same_wrt,
                is_prev_bucket_same_wrt,
                added: None,
                bitmap_page_bit: None,
                hashm_firstfree: None,
            };
            Ok((rest, body))
        })?;
        Ok(Self {
            added: Added::parse(record, body.ntups)?,
            bitmap_page_bit: in_block(record, 5, "bitmap_page_bit", u32)?,
            hashm_firstfree: in_block(record, 6, "hashm_firstfree", u32)?,
            ..body
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let Self { prevblkno, nextblkno, ntups, .. } = self;
        write!(out, "prevblkno {prevblkno}, nextblkno {nextblkno}, ntups {ntups}, ")?;
        write!(out, "is_primary {}", letter(self.is_prim_bucket_same_wrt))?;
        if out.layout.index_wal().verbose {
            write!(out, ", is_previous {}", letter(self.is_prev_bucket_same_wrt))?;
        }
        Ok(())
    }
}
