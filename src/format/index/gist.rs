//! Pages of GiST indexes (access/gist.h).
use crate::format::bytes::{u16, u32, u64};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::page::{HEADER_SIZE, Page};
use crate::types::{BlockNumber, FullXid, Lsn};

/// `GIST_PAGE_ID`: the last two bytes of every page.
pub const PAGE_ID: u16 = 0xFF81;
/// `F_LEAF`.
const LEAF: u16 = 1 << 0;
/// `F_DELETED`.
const DELETED: u16 = 1 << 1;
/// `F_FOLLOW_RIGHT`.
const FOLLOW_RIGHT: u16 = 1 << 3;
/// What gist_page_opaque_info calls the flags, from the lowest bit.
const NAMES: [&str; 5] = ["leaf", "deleted", "tuples_deleted", "follow_right", "has_garbage"];

/// The special space (`GISTPageOpaqueData`), 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opaque {
    /// Changes when the page is split: a search that began before then also looks to the right.
    pub nsn: Lsn,
    /// Right sibling, or the invalid block.
    pub rightlink: BlockNumber,
    /// Flags.
    pub flags: u16,
    /// [`PAGE_ID`].
    pub gist_page_id: u16,
}

impl Opaque {
    /// Reads the special space of a page.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`] only.
    pub fn parse(input: &[u8]) -> Parse<'_, Self> {
        // `PageXLogRecPtr`: two halves, the high one first.
        let (rest, high) = u32(input)?;
        let (rest, low) = u32(rest)?;
        let (rest, rightlink) = u32(rest)?;
        let (rest, flags) = u16(rest)?;
        let (rest, gist_page_id) = u16(rest)?;
        let nsn = Lsn(u64::from(high) << 32 | u64::from(low));
        Ok((rest, Self { nsn, rightlink: BlockNumber(rightlink), flags, gist_page_id }))
    }

    /// The opaque data of `page`.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn of(page: &Page<'_>) -> Result<Self, ParseError> {
        let at = u64::from(page.header().pd_special);
        parse_at(page.special(), at, "GISTPageOpaqueData", Self::parse)
    }

    /// Whether its tuples are rows, not children.
    pub const fn is_leaf(&self) -> bool {
        self.flags & LEAF != 0
    }

    /// Whether it was taken out of the tree.
    pub const fn is_deleted(&self) -> bool {
        self.flags & DELETED != 0
    }

    /// Whether its right sibling has no downlink yet.
    pub const fn follows_right(&self) -> bool {
        self.flags & FOLLOW_RIGHT != 0
    }

    /// The flags by name, unknown ones as one number, as gist_page_opaque_info gives them.
    pub fn flag_names(&self) -> Vec<String> {
        super::flag_names(self.flags, &NAMES)
    }

    /// Of a deleted page, the last xid that could still see it (`GistPageGetDeleteXid`); `None`
    /// before 13, which kept none, and on pages that are not deleted.
    pub fn delete_xid(&self, page: &Page<'_>) -> Option<FullXid> {
        let there = usize::from(page.header().pd_lower) >= HEADER_SIZE.saturating_add(8);
        let contents = page.bytes().get(HEADER_SIZE..).filter(|_| self.is_deleted() && there)?;
        u64(contents).ok().map(|(_, xid)| FullXid(xid))
    }
}
