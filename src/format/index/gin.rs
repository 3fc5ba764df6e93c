//! Pages of GIN indexes (access/ginblock.h): the tree of entries, trees of the rows of frequent
//! entries ("data"), and the list of rows that are still to be entered.
use super::tuple::{IndexTuple, tid};
use crate::format::bytes::{i32, i64, skip, take, u16, u32};
use crate::format::error::{Fault, Parse, ParseError, parse_at, stop};
use crate::format::page::{HEADER_SIZE, Page};
use crate::types::{BlockNumber, OffsetNumber, Tid};

/// `GIN_DATA`.
const DATA: u16 = 1 << 0;
/// `GIN_LEAF`.
const LEAF: u16 = 1 << 1;
/// `GIN_DELETED`.
const DELETED: u16 = 1 << 2;
/// `GIN_META`.
const META: u16 = 1 << 3;
/// `GIN_LIST`.
const LIST: u16 = 1 << 4;
/// `GIN_INCOMPLETE_SPLIT`.
const INCOMPLETE_SPLIT: u16 = 1 << 6;
/// `GIN_COMPRESSED`.
const COMPRESSED: u16 = 1 << 7;
/// Those and the others that there are; other access methods have an id above them in that place.
pub const FLAGS: u16 = 0x00FF;
/// What gin_page_opaque_info calls the flags, from the lowest bit.
const NAMES: [&str; 8] =
    ["data", "leaf", "deleted", "meta", "list", "list_fullrow", "incomplete_split", "compressed"];
/// `MaxHeapTuplesPerPageBits`: bits of an offset number in a packed TID (access/gin/ginpostinglist.c).
const OFFSET_BITS: u32 = 11;
/// `GIN_TREE_POSTING`: in place of a number of rows.
const TREE_POSTING: u16 = 0xFFFF;
/// `GIN_ITUP_COMPRESSED`.
const ITUP_COMPRESSED: u32 = 1 << 31;
/// Bytes before the rows on a data page: its right bound, aligned.
const RIGHT_BOUND: usize = 8;

/// The special space (`GinPageOpaqueData`), 8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opaque {
    /// Right sibling, or the invalid block.
    pub rightlink: BlockNumber,
    /// Children on an inner data page, rows on a page of the pending list.
    pub maxoff: u16,
    /// Flags.
    pub flags: u16,
}

impl Opaque {
    /// Reads the special space of a page.
    ///
    /// # Errors
    /// [`Fault::Truncated`] only.
    pub fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, rightlink) = u32(input)?;
        let (rest, maxoff) = u16(rest)?;
        let (rest, flags) = u16(rest)?;
        Ok((rest, Self { rightlink: BlockNumber(rightlink), maxoff, flags }))
    }

    /// The opaque data of `page`.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn of(page: &Page<'_>) -> Result<Self, ParseError> {
        let at = u64::from(page.header().pd_special);
        parse_at(page.special(), at, "GinPageOpaqueData", Self::parse)
    }

    /// Whether it is the metapage.
    pub const fn is_meta(&self) -> bool {
        self.flags & META != 0
    }

    /// Whether it belongs to the rows of one entry.
    pub const fn is_data(&self) -> bool {
        self.flags & DATA != 0
    }

    /// Whether it is a leaf of its tree.
    pub const fn is_leaf(&self) -> bool {
        self.flags & LEAF != 0
    }

    /// Whether it was taken out of its tree.
    pub const fn is_deleted(&self) -> bool {
        self.flags & DELETED != 0
    }

    /// Whether it belongs to the pending list.
    pub const fn is_list(&self) -> bool {
        self.flags & LIST != 0
    }

    /// Whether its right sibling has no downlink yet.
    pub const fn is_incomplete_split(&self) -> bool {
        self.flags & INCOMPLETE_SPLIT != 0
    }

    /// Whether it is a data leaf with packed rows, as since 9.4.
    pub const fn is_compressed(&self) -> bool {
        self.flags & COMPRESSED != 0
    }

    /// The flags by name, unknown ones as one number, as gin_page_opaque_info gives them.
    pub fn flag_names(&self) -> Vec<String> {
        super::flag_names(self.flags, &NAMES)
    }
}

/// What is on the first page (`GinMetaPageData`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta {
    /// First page of the pending list, or the invalid block.
    pub pending_head: BlockNumber,
    /// Last page of the pending list, or the invalid block.
    pub pending_tail: BlockNumber,
    /// Free bytes on the last page.
    pub tail_free_size: u32,
    /// Pages of the pending list.
    pub n_pending_pages: u32,
    /// Rows in the pending list.
    pub n_pending_tuples: i64,
    /// Pages at the last VACUUM.
    pub n_total_pages: u32,
    /// Of these, pages of entries.
    pub n_entry_pages: u32,
    /// Of these, pages of rows.
    pub n_data_pages: u32,
    /// Entries at the last VACUUM.
    pub n_entries: i64,
    /// 0 to 2.
    pub version: i32,
}

impl Meta {
    /// Reads the metapage.
    ///
    /// # Errors
    /// [`Fault::Truncated`] only.
    pub fn of(page: &Page<'_>) -> Result<Self, ParseError> {
        let contents = page.bytes().get(HEADER_SIZE..).unwrap_or_default();
        parse_at(contents, HEADER_SIZE as u64, "GinMetaPageData", Self::parse)
    }

    fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, head) = u32(input)?;
        let (rest, tail) = u32(rest)?;
        let (rest, tail_free_size) = u32(rest)?;
        let (rest, n_pending_pages) = u32(rest)?;
        let (rest, n_pending_tuples) = i64(rest)?;
        let (rest, n_total_pages) = u32(rest)?;
        let (rest, n_entry_pages) = u32(rest)?;
        let (rest, n_data_pages) = u32(rest)?;
        let (rest, ()) = skip(4)(rest)?;
        let (rest, n_entries) = i64(rest)?;
        let (rest, version) = i32(rest)?;
        let meta = Self {
            pending_head: BlockNumber(head),
            pending_tail: BlockNumber(tail),
            tail_free_size,
            n_pending_pages,
            n_pending_tuples,
            n_total_pages,
            n_entry_pages,
            n_data_pages,
            n_entries,
            version,
        };
        Ok((rest, meta))
    }
}

/// The highest row that can be on a data page; (0,0) on the rightmost one (`GinDataPageGetRightBound`).
pub fn right_bound(page: &Page<'_>) -> Option<Tid> {
    tid(page.bytes().get(HEADER_SIZE..)?).ok().map(|(_, tid)| tid)
}

/// Where the rows of an entry are, by its t_tid (`ginReadTuple`, access/gin/ginentrypage.c).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Postings {
    /// In a tree of their own, with this root.
    Tree(BlockNumber),
    /// In the entry itself.
    List {
        /// Where their list begins, in bytes from the start of the entry.
        at: usize,
        /// Rows.
        count: u16,
        /// Whether it is a [`PostingList`], as since 9.4, or six bytes for each row.
        compressed: bool,
    },
}

impl Postings {
    /// Of an entry on a leaf of the tree of entries.
    pub fn of(entry: &IndexTuple<'_>) -> Self {
        let Tid { block, offset } = entry.t_tid;
        if offset.0 == TREE_POSTING {
            return Self::Tree(block);
        }
        let at = usize::try_from(block.0 & !ITUP_COMPRESSED).unwrap_or(usize::MAX);
        Self::List { at, count: offset.0, compressed: block.0 & ITUP_COMPRESSED != 0 }
    }
}

/// What is in a tuple of the entry tree or of the pending list, for a key
/// (access/gin/gininsert.c, `GinFormTuple`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// `GIN_CAT_NORM_KEY`.
    Key,
    /// `GIN_CAT_NULL_KEY`: a null among the keys of a value.
    NullKey,
    /// `GIN_CAT_EMPTY_ITEM`: a value without keys.
    EmptyItem,
    /// `GIN_CAT_NULL_ITEM`: a null value.
    NullItem,
    /// None that is stored.
    Unknown(u8),
}

impl std::fmt::Display for Category {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key => f.pad("GIN_CAT_NORM_KEY"),
            Self::NullKey => f.pad("GIN_CAT_NULL_KEY"),
            Self::EmptyItem => f.pad("GIN_CAT_EMPTY_ITEM"),
            Self::NullItem => f.pad("GIN_CAT_NULL_ITEM"),
            Self::Unknown(other) => write!(f, "{other}"),
        }
    }
}

/// The column of a tuple, from 1, and the category of its key, in an index of `columns` columns;
/// `None` if the tuple is too short.
pub fn column_and_category(tuple: &IndexTuple<'_>, columns: usize) -> Option<(u16, Category)> {
    let data = tuple.data(tuple.size().into());
    let (column, rest) = if columns > 1 {
        let (number, rest) = data.split_first_chunk()?;
        (u16::from_le_bytes(*number), rest)
    } else {
        (1, data)
    };
    let category = if tuple.has_nulls() && key_is_null(tuple, columns) {
        match *rest.first()? {
            1 => Category::NullKey,
            2 => Category::EmptyItem,
            3 => Category::NullItem,
            other => Category::Unknown(other),
        }
    } else {
        Category::Key
    };
    Some((column, category))
}

/// Whether the key's bit in the null bitmap says so: the key is the last attribute.
fn key_is_null(tuple: &IndexTuple<'_>, columns: usize) -> bool {
    let bit = u8::from(columns > 1);
    tuple.bytes().get(8).is_some_and(|bits| bits.unbounded_shr(bit.into()) & 1 == 0)
}

/// A child of an inner data page (`PostingItem`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostingItem {
    /// The child.
    pub child: BlockNumber,
    /// The highest row below it.
    pub key: Tid,
}

/// The children on an inner data page: at most as many as fit.
pub fn posting_items(page: &Page<'_>, opaque: &Opaque) -> Vec<PostingItem> {
    let start = HEADER_SIZE.saturating_add(RIGHT_BOUND);
    let contents = page.bytes().get(start..).unwrap_or_default();
    let (items, _) = contents.as_chunks::<10>();
    let item = |bytes: &[u8; 10]| {
        let (rest, high) = u16(bytes).ok()?;
        let (rest, low) = u16(rest).ok()?;
        let (_, key) = tid(rest).ok()?;
        Some(PostingItem { child: BlockNumber(u32::from(high) << 16 | u32::from(low)), key })
    };
    items.iter().take(opaque.maxoff.into()).filter_map(item).collect()
}

/// Rows, packed: the first, and then the distance of each from the one before it
/// (`GinPostingList`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostingList<'a> {
    /// The first row.
    pub first: Tid,
    /// The distances, in bytes of which the highest bit says that more follow.
    pub bytes: &'a [u8],
}

impl<'a> PostingList<'a> {
    /// Reads the list at the start of `input`, and past what aligns it to 2.
    ///
    /// # Errors
    /// [`Fault::Truncated`] only.
    pub fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, first) = tid(input)?;
        let (rest, nbytes) = u16(rest)?;
        let (rest, bytes) = take(nbytes.into())(rest)?;
        let rest = rest.get(usize::from(nbytes % 2)..).unwrap_or_default();
        Ok((rest, Self { first, bytes }))
    }

    /// The rows (`ginPostingListDecodeAllSegments`).
    ///
    /// # Errors
    /// [`Fault::Truncated`] if the last distance has no end; [`Fault::OutOfRange`] if the rows
    /// leave the numbers that a row can have.
    pub fn rows(&self) -> Result<Vec<Tid>, ParseError> {
        parse_at(self.bytes, 0, "GinPostingList", |input| self.decode(input))
    }

    fn decode(&self, input: &'a [u8]) -> Parse<'a, Vec<Tid>> {
        let Tid { block, offset } = self.first;
        let mut value = u64::from(block.0) << OFFSET_BITS | u64::from(offset.0);
        let mut rows = vec![self.first];
        let mut rest = input;
        while !rest.is_empty() {
            let (after, delta) = varbyte(rest)?;
            let next = value.checked_add(delta).filter(|next| *next < 1 << (32 + OFFSET_BITS));
            let Some(next) = next else {
                let (found, expected) = (delta, "a distance to a row");
                return stop(rest, Fault::Unexpected { field: "distance", found, expected });
            };
            let low = u16::try_from(next & 0x7FF).unwrap_or(0);
            let block = BlockNumber(u32::try_from(next >> OFFSET_BITS).unwrap_or(u32::MAX));
            rows.push(Tid { block, offset: OffsetNumber(low) });
            (value, rest) = (next, after);
        }
        Ok((rest, rows))
    }
}

/// A number in bytes of seven bits, the lowest first (`decode_varbyte`); the seventh has eight.
fn varbyte(input: &[u8]) -> Parse<'_, u64> {
    let mut value = 0_u64;
    for (at, &byte) in input.iter().enumerate().take(7) {
        let last = at == 6;
        let bits = if last { byte } else { byte & 0x7F };
        let shift = u32::try_from(at).unwrap_or(0).saturating_mul(7);
        value |= u64::from(bits).unbounded_shl(shift);
        if last || byte & 0x80 == 0 {
            return Ok((input.get(at.saturating_add(1)..).unwrap_or_default(), value));
        }
    }
    stop(input, Fault::Truncated { need: input.len().saturating_add(1), have: input.len() })
}

/// The rows of an entry on a leaf of the tree of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// In a tree of their own, with this root.
    Tree(BlockNumber),
    /// In the entry itself.
    List(Vec<Tid>),
}

impl Rows {
    /// The rows of an entry (`ginReadTuple`, access/gin/ginentrypage.c).
    ///
    /// # Errors
    /// [`Fault::Truncated`] if the list lies outside of the tuple, [`Fault::Unexpected`] if it has
    /// another number of rows than the tuple says.
    pub fn of(entry: &IndexTuple<'_>) -> Result<Self, ParseError> {
        let (at, count, compressed) = match Postings::of(entry) {
            Postings::Tree(root) => return Ok(Self::Tree(root)),
            Postings::List { count: 0, .. } => return Ok(Self::List(Vec::new())),
            Postings::List { at, count, compressed } => (at, count, compressed),
        };
        let list = entry.bytes().get(at..).unwrap_or_default();
        let rows = if compressed {
            parse_at(list, at as u64, "GinPostingList", PostingList::parse)?.rows()?
        } else {
            parse_at(list, at as u64, "posting list", |list| {
                let (rest, rows) = take(usize::from(count).saturating_mul(6))(list)?;
                let rows = rows.as_chunks::<6>().0.iter();
                Ok((rest, rows.filter_map(|row| Some(tid(row).ok()?.1)).collect()))
            })?
        };
        if rows.len() == usize::from(count) {
            return Ok(Self::List(rows));
        }
        let (field, found) = ("rows of a posting list", rows.len() as u64);
        let fault = Fault::Unexpected { field, found, expected: "as many as the tuple says" };
        Err(ParseError { at: at as u64, what: "GinPostingList", fault })
    }
}

/// The packed rows of a compressed data leaf, list by list; after an error there are no more.
pub fn leaf_lists<'a>(
    page: &Page<'a>,
) -> impl Iterator<Item = Result<PostingList<'a>, ParseError>> + use<'a> {
    let start = HEADER_SIZE.saturating_add(RIGHT_BOUND);
    let end = usize::from(page.header().pd_lower).min(page.bytes().len());
    let mut rest = page.bytes().get(start..end);
    std::iter::from_fn(move || {
        let input = rest.filter(|input| !input.is_empty())?;
        let read = parse_at(input, 0, "GinPostingList", |input| {
            PostingList::parse(input).map(|(after, list)| (after, (after, list)))
        });
        rest = read.as_ref().ok().map(|(after, _)| *after);
        Some(read.map(|(_, list)| list))
    })
}
