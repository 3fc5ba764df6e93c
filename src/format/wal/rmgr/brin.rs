//! BRIN (access/brin_xlog.h; access/rmgrdesc/brindesc.c): summaries of ranges of heap blocks, and
//! the map to them.
use super::index::{in_block, main};
use super::{Desc, Hex, Resource, unknown_type};
use crate::format::bytes::{skip, u16, u32};
use crate::format::error::{Parse, ParseError};
use crate::format::index::brin::Summary;
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use crate::types::{BlockNumber, OffsetNumber};
use std::fmt::{self, Write};

/// `XLOG_BRIN_OPMASK`: bits of the info that are the operation.
const OP_MASK: u8 = 0x70;

/// A record of the resource manager BRIN.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Brin<'a> {
    /// `XLOG_BRIN_CREATE_INDEX`.
    CreateIndex(CreateIndex),
    /// `XLOG_BRIN_INSERT`.
    Insert(Insert<'a>),
    /// `XLOG_BRIN_UPDATE`.
    Update(Update<'a>),
    /// `XLOG_BRIN_SAMEPAGE_UPDATE`.
    SamepageUpdate(SamepageUpdate<'a>),
    /// `XLOG_BRIN_REVMAP_EXTEND`.
    RevmapExtend(RevmapExtend),
    /// `XLOG_BRIN_DESUMMARIZE`.
    Desummarize(Desummarize),
}

/// A new index, whose metapage is block 0 (`xl_brin_createidx`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CreateIndex {
    /// Heap blocks in a range.
    pub pages_per_range: BlockNumber,
    /// `BRIN_CURRENT_VERSION`.
    pub version: u16,
}

/// A summary added to block 0 (`xl_brin_insert`); block 1 is the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Insert<'a> {
    /// First heap block of the range.
    pub heap_blk: BlockNumber,
    /// Heap blocks in a range.
    pub pages_per_range: BlockNumber,
    /// The summary's line pointer.
    pub offnum: OffsetNumber,
    /// The summary; mostly not beside a full-page image, which has it.
    pub tuple: Option<BrinTuple<'a>>,
}

/// A summary replaced by one on another page (`xl_brin_update`): block 2 had the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Update<'a> {
    /// The old summary's line pointer.
    pub old_offnum: OffsetNumber,
    /// The new one.
    #[serde(flatten)]
    pub insert: Insert<'a>,
}

/// A summary of block 0 replaced where it was (`xl_brin_samepage_update`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SamepageUpdate<'a> {
    /// The summary's line pointer.
    pub offnum: OffsetNumber,
    /// The new summary; mostly not beside a full-page image, which has it.
    pub tuple: Option<BrinTuple<'a>>,
}

/// One more block for the map (`xl_brin_revmap_extend`); block 0 is the metapage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RevmapExtend {
    /// The new block, which is block 1 of the record.
    pub target_blk: BlockNumber,
}

/// A summary dropped from the map in block 0 and from block 1 (`xl_brin_desummarize`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Desummarize {
    /// Heap blocks in a range.
    pub pages_per_range: BlockNumber,
    /// First heap block of the range.
    pub heap_blk: BlockNumber,
    /// The summary's line pointer.
    pub reg_offset: OffsetNumber,
}

/// A summary (`BrinTuple`, access/brin_tuple.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BrinTuple<'a> {
    /// First heap block of the range.
    pub bt_blkno: BlockNumber,
    /// Where the values start, in bytes, and the three flags that follow.
    pub bt_info: u8,
    /// `BRIN_EMPTY_RANGE_MASK`: there are no rows in the range.
    pub empty_range: bool,
    /// `BRIN_PLACEHOLDER_MASK`: stands there while the range is being summarised.
    pub placeholder: bool,
    /// `BRIN_NULLS_MASK`: has a null bitmap.
    pub has_nulls: bool,
    /// Null bitmap and values.
    pub data: Hex<'a>,
    /// The same, as pages have it.
    #[serde(skip)]
    pub summary: Summary<'a>,
}

impl<'a> Resource<'a> for Brin<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        Some(match info {
            0x00 => "CREATE_INDEX",
            0x10 => "INSERT",
            0x90 => "INSERT+INIT",
            0x20 => "UPDATE",
            0xA0 => "UPDATE+INIT",
            0x30 => "SAMEPAGE_UPDATE",
            0x40 => "REVMAP_EXTEND",
            0x50 => "DESUMMARIZE",
            _ => return None,
        })
    }

    fn parse(record: &Record<'a>, _: &Dialect) -> Result<Self, ParseError> {
        Ok(match record.info() & OP_MASK {
            0x00 => Self::CreateIndex(main(record, "xl_brin_createidx", CreateIndex::fields)?),
            0x10 => {
                let insert = main(record, "xl_brin_insert", Insert::fields)?;
                Self::Insert(Insert { tuple: BrinTuple::logged(record)?, ..insert })
            }
            0x20 => {
                let Update { old_offnum, insert } = main(record, "xl_brin_update", Update::fields)?;
                let insert = Insert { tuple: BrinTuple::logged(record)?, ..insert };
                Self::Update(Update { old_offnum, insert })
            }
            0x30 => {
                let offnum = OffsetNumber(main(record, "xl_brin_samepage_update", u16)?);
                let tuple = BrinTuple::logged(record)?;
                Self::SamepageUpdate(SamepageUpdate { offnum, tuple })
            }
            0x40 => {
                let target_blk = BlockNumber(main(record, "xl_brin_revmap_extend", u32)?);
                Self::RevmapExtend(RevmapExtend { target_blk })
            }
            0x50 => Self::Desummarize(main(record, "xl_brin_desummarize", Desummarize::fields)?),
            _ => return Err(unknown_type(record)),
        })
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::CreateIndex(CreateIndex { pages_per_range, version }) => {
                write!(out, "v{version} pagesPerRange {pages_per_range}")
            }
            Self::Insert(Insert { heap_blk, pages_per_range, offnum, .. }) => {
                write!(out, "heapBlk {heap_blk} pagesPerRange {pages_per_range} offnum {offnum}")
            }
            Self::Update(Update { old_offnum, insert }) => {
                let Insert { heap_blk, pages_per_range, offnum, .. } = insert;
                write!(out, "heapBlk {heap_blk} pagesPerRange {pages_per_range} ")?;
                write!(out, "old offnum {old_offnum}, new offnum {offnum}")
            }
            Self::SamepageUpdate(SamepageUpdate { offnum, .. }) => write!(out, "offnum {offnum}"),
            Self::RevmapExtend(RevmapExtend { target_blk }) => {
                write!(out, "targetBlk {target_blk}")
            }
            Self::Desummarize(Desummarize { pages_per_range, heap_blk, reg_offset }) => {
                write!(out, "pagesPerRange {pages_per_range}, heapBlk {heap_blk}, ")?;
                write!(out, "page offset {reg_offset}")
            }
        }
    }
}

impl CreateIndex {
    fn fields(input: &[u8]) -> Parse<'_, Self> {
        let (rest, pages_per_range) = u32(input)?;
        let (rest, version) = u16(rest)?;
        Ok((rest, Self { pages_per_range: BlockNumber(pages_per_range), version }))
    }
}

impl Insert<'_> {
    fn fields(input: &[u8]) -> Parse<'_, Self> {
        let (rest, heap_blk) = u32(input)?;
        let (rest, pages_per_range) = u32(rest)?;
        let (rest, offnum) = u16(rest)?;
        let (heap_blk, pages_per_range) = (BlockNumber(heap_blk), BlockNumber(pages_per_range));
        let offnum = OffsetNumber(offnum);
        Ok((rest, Self { heap_blk, pages_per_range, offnum, tuple: None }))
    }
}

impl Update<'_> {
    fn fields(input: &[u8]) -> Parse<'_, Self> {
        let (rest, old_offnum) = u16(input)?;
        let (rest, ()) = skip(2)(rest)?;
        let (rest, insert) = Insert::fields(rest)?;
        Ok((rest, Self { old_offnum: OffsetNumber(old_offnum), insert }))
    }
}

impl Desummarize {
    fn fields(input: &[u8]) -> Parse<'_, Self> {
        let (rest, pages_per_range) = u32(input)?;
        let (rest, heap_blk) = u32(rest)?;
        let (rest, reg_offset) = u16(rest)?;
        let (pages_per_range, heap_blk) = (BlockNumber(pages_per_range), BlockNumber(heap_blk));
        Ok((rest, Self { pages_per_range, heap_blk, reg_offset: OffsetNumber(reg_offset) }))
    }
}

impl<'a> BrinTuple<'a> {
    fn logged(record: &Record<'a>) -> Result<Option<Self>, ParseError> {
        in_block(record, 0, "BrinTuple", |input| {
            let (rest, summary) = Summary::parse(input)?;
            let tuple = Self {
                bt_blkno: summary.bt_blkno,
                bt_info: summary.bt_info,
                empty_range: summary.is_empty_range(),
                placeholder: summary.is_placeholder(),
                has_nulls: summary.has_nulls(),
                data: Hex(rest),
                summary,
            };
            Ok((&[], tuple))
        })
    }
}
