//! An insertion into a page, of entries or of a posting tree: `ginxlogInsert` (access/ginxlog.h).
use super::{IS_DATA, IS_LEAF, PageImage, RecompressDataLeaf, block_id};
use crate::format::bytes::{flag, skip, u16};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::index::IndexTuple;
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::one;
use crate::format::wal::rmgr::index::{letter, main};
use crate::format::wal::rmgr::index_tuple::logged;
use crate::types::{BlockNumber, OffsetNumber, Tid};
use std::fmt::{self, Write};

/// An insertion into block 0; block 1 is the left half of a split that this completes.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Insert<'a> {
    /// `GIN_INSERT_ISDATA` 1, `GIN_INSERT_ISLEAF` 2.
    pub flags: u16,
    /// Both halves of the split, unless the page is a leaf.
    pub children: Option<[BlockNumber; 2]>,
    /// What the block's full-page image is for, if there is one.
    pub image: Option<PageImage>,
    /// What is inserted; mostly not beside a full-page image, which has it.
    #[serde(flatten)]
    pub payload: Option<Payload<'a>>,
}

/// What is inserted, by the kind of page.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Payload<'a> {
    /// Into a page of entries.
    Entry(InsertEntry<'a>),
    /// Into a leaf of a posting tree.
    DataLeaf(RecompressDataLeaf<'a>),
    /// Into an inner page of a posting tree.
    DataInternal(InsertDataInternal),
}

/// `ginxlogInsertEntry`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct InsertEntry<'a> {
    /// The tuple's line pointer.
    pub offset: OffsetNumber,
    /// Whether it takes the place of the one that is there.
    pub is_delete: bool,
    /// The tuple.
    pub tuple: IndexTuple<'a>,
}

/// `ginxlogInsertDataInternal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct InsertDataInternal {
    /// Where the item comes, from 1.
    pub offset: OffsetNumber,
    /// The item.
    pub newitem: PostingItem,
}

/// `PostingItem` (access/ginblock.h): a page and the highest row that it may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PostingItem {
    /// The page.
    pub child_blkno: BlockNumber,
    /// The row.
    pub key: Tid,
}

impl<'a> Insert<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let (flags, children) = main(record, "ginxlogInsert", Self::fields)?;
        let image = PageImage::of(record);
        let data = record.block_data(0);
        let payload = if data.is_empty() && image.is_some() {
            None
        } else {
            Some(parse_at(data, 0, "ginxlogInsert payload", |input| Payload::parse(flags, input))?)
        };
        Ok(Self { flags, children, image, payload })
    }

    fn fields(input: &[u8]) -> Parse<'_, (u16, Option<[BlockNumber; 2]>)> {
        let (rest, flags) = u16(input)?;
        if flags & IS_LEAF != 0 {
            return Ok((rest, (flags, None)));
        }
        let (rest, left) = block_id(rest)?;
        let (rest, right) = block_id(rest)?;
        Ok((rest, (flags, Some([left, right]))))
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        flags_desc(self.flags, out)?;
        if let Some([left, right]) = self.children {
            write!(out, " children: {left}/{right}")?;
        }
        match (self.image, &self.payload) {
            (Some(image), _) => image.desc(out),
            (None, Some(payload)) => payload.desc(out),
            (None, None) => Ok(()),
        }
    }
}

/// Writes what descriptions of insertions and splits have in common.
pub(super) fn flags_desc(flags: u16, out: &mut Desc<'_>) -> fmt::Result {
    let (data, leaf) = (letter(flags & IS_DATA != 0), letter(flags & IS_LEAF != 0));
    write!(out, "isdata: {data} isleaf: {leaf}")
}

impl<'a> Payload<'a> {
    fn parse(flags: u16, input: &'a [u8]) -> Parse<'a, Self> {
        Ok(match (flags & IS_DATA != 0, flags & IS_LEAF != 0) {
            (false, _) => {
                let (rest, entry) = InsertEntry::parse(input)?;
                (rest, Self::Entry(entry))
            }
            (true, true) => {
                let (rest, leaf) = RecompressDataLeaf::parse(input)?;
                (rest, Self::DataLeaf(leaf))
            }
            (true, false) => {
                let (rest, internal) = InsertDataInternal::parse(input)?;
                (rest, Self::DataInternal(internal))
            }
        })
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::Entry(entry) => write!(out, " isdelete: {}", letter(entry.is_delete)),
            Self::DataLeaf(leaf) => leaf.desc(out),
            Self::DataInternal(InsertDataInternal { newitem, .. }) => {
                let PostingItem { child_blkno, key } = newitem;
                write!(out, " pitem: {child_blkno}-{}/{}", key.block, key.offset)
            }
        }
    }
}

impl<'a> InsertEntry<'a> {
    fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, offset) = u16(input)?;
        let (rest, is_delete) = flag(rest)?;
        let (rest, ()) = skip(1)(rest)?;
        let (rest, tuple) = logged(rest)?;
        Ok((rest, Self { offset: OffsetNumber(offset), is_delete, tuple }))
    }
}

impl InsertDataInternal {
    fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, offset) = u16(input)?;
        let (rest, child_blkno) = block_id(rest)?;
        let (rest, key) = one(rest)?;
        let newitem = PostingItem { child_blkno, key };
        Ok((rest, Self { offset: OffsetNumber(offset), newitem }))
    }
}
