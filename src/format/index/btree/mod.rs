//! B-tree pages (access/nbtree.h).
//!
//! A tuple is a pivot (a key that separates children, or a page's high key), or it points to one
//! row, or, since 13, to several with the same key: a posting list.
use super::tuple::{IndexTuple, tid};
use crate::format::bytes::{flag, skip, u16, u32, u64};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::page::{HEADER_SIZE, Page};
use crate::layout::{BtreeMeta, Layout};
use crate::types::{BlockNumber, FullXid, OffsetNumber, Tid, Xid};

/// `BTREE_MAGIC`.
pub const MAGIC: u32 = 0x0005_3162;
/// `P_NONE`: no sibling, no root.
pub const NONE: BlockNumber = BlockNumber(0);
/// `P_HIKEY`: the high key's offset number on a page that has a right sibling.
pub const HIGH_KEY: OffsetNumber = OffsetNumber(1);
/// `BTREE_NOVAC_VERSION`: from this on there are fields about the last cleanup.
const NOVAC_VERSION: u32 = 3;
/// `BT_OFFSET_MASK`: of a tuple with the alternative t_tid, the number of attributes or TIDs.
const OFFSET: u16 = 0x0FFF;
/// `BT_PIVOT_HEAP_TID_ATTR`.
const PIVOT_HEAP_TID: u16 = 0x1000;
/// `BT_IS_POSTING`.
const IS_POSTING: u16 = 0x2000;
/// `BTP_LEAF`.
const LEAF: u16 = 1 << 0;
/// `BTP_ROOT`.
const ROOT: u16 = 1 << 1;
/// `BTP_DELETED`.
const DELETED: u16 = 1 << 2;
/// `BTP_META`.
const META: u16 = 1 << 3;
/// `BTP_HALF_DEAD`.
const HALF_DEAD: u16 = 1 << 4;
/// `BTP_INCOMPLETE_SPLIT`.
const INCOMPLETE_SPLIT: u16 = 1 << 7;
/// `BTP_HAS_FULLXID`.
const HAS_FULLXID: u16 = 1 << 8;
/// `MAX_BT_CYCLE_ID`: other access methods have an id above it in that place.
pub const MAX_CYCLE_ID: u16 = 0xFF7F;

/// The flags' names, from the lowest bit.
const NAMES: [&str; 9] = [
    "BTP_LEAF",
    "BTP_ROOT",
    "BTP_DELETED",
    "BTP_META",
    "BTP_HALF_DEAD",
    "BTP_SPLIT_END",
    "BTP_HAS_GARBAGE",
    "BTP_INCOMPLETE_SPLIT",
    "BTP_HAS_FULLXID",
];

/// The special space (`BTPageOpaqueData`), 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opaque {
    /// Left sibling; 0 for none.
    pub btpo_prev: BlockNumber,
    /// Right sibling; 0 for none.
    pub btpo_next: BlockNumber,
    /// Level, 0 for leaves; of a page deleted before 14, the xid from which it can be reused.
    pub btpo_level: u32,
    /// Flags.
    pub btpo_flags: u16,
    /// The VACUUM during which it was split; 0 for none.
    pub btpo_cycleid: u16,
}

/// What is on the first page (`BTMetaPageData`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meta {
    /// `BTREE_MAGIC`.
    pub btm_magic: u32,
    /// 2 to 4; 4 since 12.
    pub btm_version: u32,
    /// The root; 0 in an empty index.
    pub btm_root: BlockNumber,
    /// The root's level.
    pub btm_level: u32,
    /// The lowest level with one page only: where searches begin.
    pub btm_fastroot: BlockNumber,
    /// Its level.
    pub btm_fastlevel: u32,
    /// About the last cleanup; `None` in old indexes that never had one.
    pub cleanup: Option<Cleanup>,
}

/// What the last cleanup left for the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cleanup {
    /// To 13, `btm_oldest_btpo_xact`: the oldest deleted page's xid.
    pub oldest_btpo_xact: Option<Xid>,
    /// From 14, `btm_last_cleanup_num_delpages`: deleted pages that could not be reused yet.
    pub last_cleanup_num_delpages: Option<u32>,
    /// Rows at that time; -1 if not known.
    pub last_cleanup_num_tuples: f64,
    /// From 13: whether equal keys are equal in all bytes, so that duplicates can be merged.
    pub allequalimage: Option<bool>,
}

impl Opaque {
    /// Reads the special space of a page.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`] only.
    pub fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, btpo_prev) = u32(input)?;
        let (rest, btpo_next) = u32(rest)?;
        let (rest, btpo_level) = u32(rest)?;
        let (rest, btpo_flags) = u16(rest)?;
        let (rest, btpo_cycleid) = u16(rest)?;
        let (btpo_prev, btpo_next) = (BlockNumber(btpo_prev), BlockNumber(btpo_next));
        Ok((rest, Self { btpo_prev, btpo_next, btpo_level, btpo_flags, btpo_cycleid }))
    }

    /// The opaque data of `page`.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn of(page: &Page<'_>) -> Result<Self, ParseError> {
        let at = u64::from(page.header().pd_special);
        parse_at(page.special(), at, "BTPageOpaqueData", Self::parse)
    }

    /// `P_ISLEAF`.
    pub const fn is_leaf(&self) -> bool {
        self.btpo_flags & LEAF != 0
    }

    /// `P_ISDELETED`.
    pub const fn is_deleted(&self) -> bool {
        self.btpo_flags & DELETED != 0
    }

    /// `P_ISMETA`.
    pub const fn is_meta(&self) -> bool {
        self.btpo_flags & META != 0
    }

    /// `P_INCOMPLETE_SPLIT`: the right sibling has no downlink yet.
    pub const fn is_incomplete_split(&self) -> bool {
        self.btpo_flags & INCOMPLETE_SPLIT != 0
    }

    /// `P_ISHALFDEAD`: empty, and about to be taken out of the tree.
    pub const fn is_half_dead(&self) -> bool {
        self.btpo_flags & HALF_DEAD != 0
    }

    /// `P_HAS_FULLXID`: if it is deleted, the xid after which it can be reused is on the page in
    /// place of tuples, and not in `btpo_level`.
    pub const fn has_full_xid(&self) -> bool {
        self.btpo_flags & HAS_FULLXID != 0
    }

    /// The flags by name, unknown ones as one number.
    pub fn flag_names(&self) -> Vec<String> {
        super::flag_names(self.btpo_flags, &NAMES)
    }

    /// `P_RIGHTMOST`: there is no right sibling, and so no high key.
    pub const fn is_rightmost(&self) -> bool {
        self.btpo_next.0 == NONE.0
    }

    /// What bt_page_stats calls its kind: deleted (`d` leaf, `D` internal), half-dead, leaf, root,
    /// internal (`GetBTPageStatistics`, contrib/pageinspect/btreefuncs.c).
    pub const fn kind(&self) -> char {
        let flags = self.btpo_flags;
        if flags & DELETED != 0 {
            if flags & LEAF != 0 || flags & HAS_FULLXID == 0 { 'd' } else { 'D' }
        } else if flags & HALF_DEAD != 0 {
            'e'
        } else if flags & LEAF != 0 {
            'l'
        } else if flags & ROOT != 0 {
            'r'
        } else {
            'i'
        }
    }

    /// Of a deleted page, the xid after which nobody can still be on the way to it
    /// (`BTPageGetDeleteXid`): 64 bits on the page itself since 14, 32 bits before.
    pub fn delete_xid(&self, page: &Page<'_>) -> Option<DeleteXid> {
        if !self.is_deleted() {
            return None;
        }
        if self.btpo_flags & HAS_FULLXID == 0 {
            return Some(DeleteXid::Xid(Xid(self.btpo_level)));
        }
        let contents = page.bytes().get(HEADER_SIZE..)?;
        u64(contents).ok().map(|(_, xid)| DeleteXid::Full(FullXid(xid)))
    }
}

/// The xid after which a deleted page can be used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeleteXid {
    /// As kept to 13.
    Xid(Xid),
    /// As kept since 14.
    Full(FullXid),
}

impl Meta {
    /// Whether equal keys are equal in all bytes, so that duplicates can be merged; not known of old
    /// indexes.
    pub fn merges_duplicates(&self) -> bool {
        self.cleanup.is_some_and(|cleanup| cleanup.allequalimage == Some(true))
    }

    /// Whether it says that it is one.
    pub const fn has_magic(&self) -> bool {
        self.btm_magic == MAGIC
    }

    /// Reads the metapage.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`] only.
    pub fn of(page: &Page<'_>, layout: &Layout) -> Result<Self, ParseError> {
        let contents = page.bytes().get(HEADER_SIZE..).unwrap_or_default();
        let shape = layout.btree_meta();
        parse_at(contents, HEADER_SIZE as u64, "BTMetaPageData", |input| Self::parse(input, shape))
    }

    fn parse(input: &[u8], shape: BtreeMeta) -> Parse<'_, Self> {
        let (rest, btm_magic) = u32(input)?;
        let (rest, btm_version) = u32(rest)?;
        let (rest, btm_root) = u32(rest)?;
        let (rest, btm_level) = u32(rest)?;
        let (rest, btm_fastroot) = u32(rest)?;
        let (rest, btm_fastlevel) = u32(rest)?;
        let (rest, cleanup) = if btm_version < NOVAC_VERSION {
            (rest, None)
        } else {
            Cleanup::parse(rest, shape).map(|(rest, cleanup)| (rest, Some(cleanup)))?
        };
        let (btm_root, btm_fastroot) = (BlockNumber(btm_root), BlockNumber(btm_fastroot));
        let meta = Self {
            btm_magic,
            btm_version,
            btm_root,
            btm_level,
            btm_fastroot,
            btm_fastlevel,
            cleanup,
        };
        Ok((rest, meta))
    }
}

impl Cleanup {
    fn parse(input: &[u8], shape: BtreeMeta) -> Parse<'_, Self> {
        let (rest, word) = u32(input)?;
        let (rest, ()) = skip(4)(rest)?;
        let (rest, bits) = u64(rest)?;
        let (rest, allequalimage) = match shape {
            BtreeMeta::OldestXact => (rest, None),
            _ => flag(rest).map(|(rest, flag)| (rest, Some(flag)))?,
        };
        let counts = shape == BtreeMeta::DeletedPages;
        let cleanup = Self {
            oldest_btpo_xact: (!counts).then_some(Xid(word)),
            last_cleanup_num_delpages: counts.then_some(word),
            last_cleanup_num_tuples: f64::from_bits(bits),
            allequalimage,
        };
        Ok((rest, cleanup))
    }
}

/// Of a tuple of a B-tree, what its t_tid stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Points<'a> {
    /// A row; in a pivot of a version before 4, a child.
    One(Tid),
    /// The rows of a posting list, six bytes each.
    Posting(&'a [[u8; 6]]),
    /// A child or nothing (high keys): a pivot. Attributes that were not needed to tell children
    /// apart are truncated.
    Pivot {
        /// The child.
        downlink: BlockNumber,
        /// Attributes that were kept.
        natts: u16,
        /// The heap TID, where even that was needed.
        heap_tid: Option<Tid>,
    },
}

impl<'a> Points<'a> {
    /// What `tuple` points to; `None` if its posting list or TID lies outside of it.
    pub fn of(tuple: &IndexTuple<'a>) -> Option<Self> {
        let word = tuple.t_tid.offset.0;
        if !tuple.am_reserved() {
            return Some(Self::One(tuple.t_tid));
        }
        let count = word & OFFSET;
        if word & IS_POSTING != 0 {
            let list = tuple.bytes().get(posting_offset(tuple)..)?;
            let (tids, _) = list.as_chunks();
            return Some(Self::Posting(tids.get(..usize::from(count))?));
        }
        let heap_tid = if word & PIVOT_HEAP_TID == 0 {
            None
        } else {
            let at = usize::from(tuple.size()).checked_sub(6)?;
            Some(tid(tuple.bytes().get(at..)?).ok()?.1)
        };
        Some(Self::Pivot { downlink: tuple.t_tid.block, natts: count, heap_tid })
    }

    /// The tuple's first heap TID (`BTreeTupleGetHeapTID`).
    pub fn heap_tid(&self) -> Option<Tid> {
        match self {
            Self::One(tid) => Some(*tid),
            Self::Posting(tids) => tids.first().and_then(|bytes| Some(tid(bytes).ok()?.1)),
            Self::Pivot { heap_tid, .. } => *heap_tid,
        }
    }

    /// All rows of a posting list.
    pub fn posting(&self) -> Option<impl Iterator<Item = Tid> + 'a> {
        let Self::Posting(tids) = *self else { return None };
        Some(tids.iter().filter_map(|bytes| Some(tid(bytes).ok()?.1)))
    }

    /// Where the attributes end, in bytes from the tuple's start: before a posting list or a
    /// pivot's heap TID, which takes 8 bytes.
    pub fn data_end(&self, tuple: &IndexTuple<'_>) -> usize {
        let size = usize::from(tuple.size());
        match self {
            Self::One(_) | Self::Pivot { heap_tid: None, .. } => size,
            Self::Posting(_) => posting_offset(tuple),
            Self::Pivot { heap_tid: Some(_), .. } => size.saturating_sub(8),
        }
    }
}

/// `BTreeTupleGetPostingOffset`: kept in place of the block number.
fn posting_offset(tuple: &IndexTuple<'_>) -> usize {
    usize::try_from(tuple.t_tid.block.0).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
