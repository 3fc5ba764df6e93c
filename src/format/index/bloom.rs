//! Pages of bloom indexes (contrib/bloom/bloom.h): a metapage, and pages of rows each with a
//! signature of a length that the index was made with. There are no line pointers.
use super::tuple::tid;
use crate::format::bytes::{i32, skip, take, u16, u32};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::page::{HEADER_SIZE, Page};
use crate::types::{BlockNumber, Tid};

/// `BLOOM_MAGICK_NUMBER`.
pub const MAGIC: u32 = 0xDBAC_0DED;
/// `BLOOM_PAGE_ID`: the last two bytes of every page.
pub const PAGE_ID: u16 = 0xFF83;
/// `INDEX_MAX_KEYS`.
const MAX_KEYS: usize = 32;
/// Bytes of a row before its signature.
const TUPLE_HEADER: usize = 6;
/// Names of the flags, from the lowest bit.
const NAMES: [&str; 2] = ["meta", "deleted"];

/// The special space (`BloomPageOpaqueData`), 8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opaque {
    /// Rows on the page.
    pub maxoff: u16,
    /// Flags.
    pub flags: u16,
    /// [`PAGE_ID`].
    pub bloom_page_id: u16,
}

impl Opaque {
    /// Reads the special space of a page.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`] only.
    pub fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, maxoff) = u16(input)?;
        let (rest, flags) = u16(rest)?;
        let (rest, ()) = skip(2)(rest)?;
        let (rest, bloom_page_id) = u16(rest)?;
        Ok((rest, Self { maxoff, flags, bloom_page_id }))
    }

    /// The opaque data of `page`.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn of(page: &Page<'_>) -> Result<Self, ParseError> {
        let at = u64::from(page.header().pd_special);
        parse_at(page.special(), at, "BloomPageOpaqueData", Self::parse)
    }

    /// Whether it is the metapage.
    pub const fn is_meta(&self) -> bool {
        self.flags & 1 != 0
    }

    /// Whether it has no rows and waits to be used again.
    pub const fn is_deleted(&self) -> bool {
        self.flags & 2 != 0
    }

    /// The flags by name.
    pub fn flag_names(&self) -> Vec<String> {
        super::flag_names(self.flags, &NAMES)
    }
}

/// What is on the first page (`BloomMetaPageData`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(non_snake_case, reason = "the C names")]
pub struct Meta {
    /// [`MAGIC`].
    pub magickNumber: u32,
    /// Words of 16 bits in a signature.
    pub bloomLength: i32,
    /// Bits that a value of each column sets; 2 of columns that there are not.
    pub bitSize: Vec<i32>,
    /// Pages that may have room: from nStart to nEnd of the array.
    pub notFullPage: Vec<BlockNumber>,
}

impl Meta {
    /// Whether it says that it is one.
    pub const fn has_magic(&self) -> bool {
        self.magickNumber == MAGIC
    }

    /// Reads the metapage.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`] only; an impossible nEnd ends with the page.
    pub fn of(page: &Page<'_>) -> Result<Self, ParseError> {
        let end = usize::from(page.header().pd_special).min(page.bytes().len());
        let contents = page.bytes().get(HEADER_SIZE..end).unwrap_or_default();
        parse_at(contents, HEADER_SIZE as u64, "BloomMetaPageData", |input| {
            let (rest, magic) = u32(input)?;
            let (rest, start) = u16(rest)?;
            let (rest, end) = u16(rest)?;
            let (rest, ()) = skip(4)(rest)?;
            let (rest, length) = i32(rest)?;
            let (rest, sizes) = take(4 * MAX_KEYS)(rest)?;
            let sizes = sizes.as_chunks().0.iter().map(|size| i32::from_le_bytes(*size));
            let blocks = rest.as_chunks().0.iter().map(|block| u32::from_le_bytes(*block));
            let count = end.saturating_sub(start);
            let blocks = blocks.skip(start.into()).take(count.into()).map(BlockNumber);
            let meta = Self {
                magickNumber: magic,
                bloomLength: length,
                bitSize: sizes.collect(),
                notFullPage: blocks.collect(),
            };
            Ok((&[], meta))
        })
    }
}

/// A row (`BloomTuple`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// The row.
    pub heap_ptr: Tid,
    /// Its signature.
    pub sign: &'a [u8],
}

impl Row<'_> {
    /// The numbers of the bits that are set.
    pub fn bits(&self) -> impl Iterator<Item = u32> {
        let bytes = self.sign.iter();
        let bits = bytes.flat_map(|byte| (0..8).map(move |bit| byte.unbounded_shr(bit) & 1 == 1));
        (0..).zip(bits).filter(|(_, set)| *set).map(|(number, _)| number)
    }
}

/// The rows on a page: what lies before pd_lower is divided among maxoff of them.
pub fn rows<'a>(page: &Page<'a>, opaque: &Opaque) -> Vec<Row<'a>> {
    let end = usize::from(page.header().pd_lower).min(page.bytes().len());
    let contents = page.bytes().get(HEADER_SIZE..end).unwrap_or_default();
    let size = contents.len().checked_div(opaque.maxoff.into()).unwrap_or(0);
    if size < TUPLE_HEADER {
        return Vec::new();
    }
    let row = |bytes: &'a [u8]| {
        let (sign, heap_ptr) = tid(bytes).ok()?;
        Some(Row { heap_ptr, sign })
    };
    contents.chunks_exact(size).take(opaque.maxoff.into()).filter_map(row).collect()
}
