//! Pages made, split, vacuumed and deleted: `ginxlogCreatePostingTree`, `ginxlogSplit`,
//! `ginxlogVacuumDataLeafPage`, `ginxlogDeletePage` (access/ginxlog.h).
use super::insert::flags_desc;
use super::{PageImage, PostingList, RecompressDataLeaf};
use crate::format::bytes::{skip, take, u16, u32};
use crate::format::error::{ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::one;
use crate::format::wal::rmgr::index::{letter, main};
use crate::types::{BlockNumber, OffsetNumber, RelFileLocator, Xid};
use std::fmt::{self, Write};

/// `GIN_SPLIT_ROOT`.
const SPLIT_ROOT: u16 = 0x04;

/// A posting tree of one page, block 0.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CreatePostingTree {
    /// Bytes of posting lists.
    pub size: u32,
    /// The lists.
    pub lists: Vec<PostingList>,
}

/// A page split into blocks 0 and 1, all as full-page images; block 2 is the new root, if the root
/// was split, block 3 the left half of a split below that this completes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Split {
    /// The index.
    pub locator: RelFileLocator,
    /// The right half's right neighbour; of a split root, the root.
    pub rrlink: BlockNumber,
    /// Left half of the split below.
    pub left_child_blkno: BlockNumber,
    /// Right half of the split below.
    pub right_child_blkno: BlockNumber,
    /// As in an insertion, and `GIN_SPLIT_ROOT` 4.
    pub flags: u16,
}

/// A leaf page of a posting tree, block 0, without its dead rows.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VacuumDataLeafPage<'a> {
    /// What the block's full-page image is for, if there is one.
    pub image: Option<PageImage>,
    /// What happens to it; mostly not beside a full-page image, which has the result.
    pub data: Option<RecompressDataLeaf<'a>>,
}

/// A page of a posting tree, block 0, taken out of it; block 1 is its parent, block 2 its left
/// neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DeletePage {
    /// Which of the parent's items, from 1.
    pub parent_offset: OffsetNumber,
    /// The new right neighbour of block 2.
    pub right_link: BlockNumber,
    /// The last transaction whose scans may still come to the page.
    pub delete_xid: Xid,
}

impl CreatePostingTree {
    pub(super) fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        main(record, "ginxlogCreatePostingTree", |input| {
            let (rest, size) = u32(input)?;
            let (rest, mut bytes) = take(size as usize)(rest)?;
            let mut lists = Vec::new();
            while !bytes.is_empty() {
                let (after, list) = PostingList::parse(bytes)?;
                lists.push(list);
                bytes = after;
            }
            Ok((rest, Self { size, lists }))
        })
    }
}

impl Split {
    pub(super) fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        main(record, "ginxlogSplit", |input| {
            let (rest, locator) = one(input)?;
            let (rest, rrlink) = u32(rest)?;
            let (rest, left) = u32(rest)?;
            let (rest, right) = u32(rest)?;
            let (rest, flags) = u16(rest)?;
            let body = Self {
                locator,
                rrlink: BlockNumber(rrlink),
                left_child_blkno: BlockNumber(left),
                right_child_blkno: BlockNumber(right),
                flags,
            };
            Ok((rest, body))
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, "isrootsplit: {} ", letter(self.flags & SPLIT_ROOT != 0))?;
        flags_desc(self.flags, out)?;
        let (left, right) = (self.left_child_blkno, self.right_child_blkno);
        if out.layout.index_wal().verbose && left != BlockNumber::INVALID {
            write!(out, " children: {left}/{right}")?;
        }
        Ok(())
    }
}

impl<'a> VacuumDataLeafPage<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let image = PageImage::of(record);
        let bytes = record.block_data(0);
        let data = if bytes.is_empty() && image.is_some() {
            None
        } else {
            Some(parse_at(bytes, 0, "ginxlogVacuumDataLeafPage", RecompressDataLeaf::parse)?)
        };
        Ok(Self { image, data })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match (self.image, &self.data) {
            (Some(image), _) => image.desc(out),
            (None, Some(data)) => data.desc(out),
            (None, None) => Ok(()),
        }
    }
}

impl DeletePage {
    pub(super) fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        main(record, "ginxlogDeletePage", |input| {
            let (rest, parent_offset) = u16(input)?;
            let (rest, ()) = skip(2)(rest)?;
            let (rest, right_link) = u32(rest)?;
            let (rest, delete_xid) = u32(rest)?;
            let (parent_offset, right_link) = (OffsetNumber(parent_offset), BlockNumber(right_link));
            Ok((rest, Self { parent_offset, right_link, delete_xid: Xid(delete_xid) }))
        })
    }
}
