//! Pages of BRIN indexes (access/brin_page.h, access/brin_tuple.h): the metapage, the map from
//! ranges of heap blocks to their summaries, and the summaries.
//!
//! ```text
//! summary: 0 bt_blkno | 4 bt_info: 5 bits offset of the data, empty, placeholder, nulls | null bits | values
//! ```
use super::tuple::tid;
use crate::format::bytes::{u8, u32};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::page::{HEADER_SIZE, Page};
use crate::types::{BlockNumber, Tid};

/// `BRIN_META_MAGIC`.
pub const MAGIC: u32 = 0xA810_9CFA;
/// `BRIN_OFFSET_MASK`.
const OFFSET: u8 = 0x1F;
/// `BRIN_EMPTY_RANGE_MASK`: no row was summarised (from the minor releases of 2023 on).
const EMPTY_RANGE: u8 = 0x20;
/// `BRIN_PLACEHOLDER_MASK`.
const PLACEHOLDER: u8 = 0x40;
/// `BRIN_NULLS_MASK`.
const NULLS: u8 = 0x80;

/// What a page is for; displays as brin_page_type does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Meta,
    Revmap,
    Regular,
    Unknown(u16),
}

impl Kind {
    /// Whether it is one that there is.
    pub const fn is_known(self) -> bool {
        !matches!(self, Self::Unknown(_))
    }

    /// `BrinPageType`: the last two bytes of the page.
    pub fn of(page: &Page<'_>) -> Option<Self> {
        Some(match u16::from_le_bytes(*page.special().last_chunk()?) {
            0xF091 => Self::Meta,
            0xF092 => Self::Revmap,
            0xF093 => Self::Regular,
            other => Self::Unknown(other),
        })
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Meta => f.pad("meta"),
            Self::Revmap => f.pad("revmap"),
            Self::Regular => f.pad("regular"),
            Self::Unknown(other) => write!(f, "unknown ({other:02x})"),
        }
    }
}

/// `BRIN_EVACUATE_PAGE`.
pub const EVACUATE: u16 = 1;

/// `BrinPageFlags`: bit 0 says that the page is being emptied to become part of the map.
pub fn flags(page: &Page<'_>) -> Option<u16> {
    let [low, high, _, _] = *page.special().last_chunk()?;
    Some(u16::from_le_bytes([low, high]))
}

/// What is on the first page (`BrinMetaPageData`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(non_snake_case, reason = "the C names")]
pub struct Meta {
    /// [`MAGIC`].
    pub brinMagic: u32,
    /// 1.
    pub brinVersion: u32,
    /// Heap blocks in a range.
    pub pagesPerRange: BlockNumber,
    /// The last block of the map.
    pub lastRevmapPage: BlockNumber,
}

impl Meta {
    /// Whether it says that it is one.
    pub const fn has_magic(&self) -> bool {
        self.brinMagic == MAGIC
    }

    /// Reads the metapage.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`] only.
    pub fn of(page: &Page<'_>) -> Result<Self, ParseError> {
        let contents = page.bytes().get(HEADER_SIZE..).unwrap_or_default();
        parse_at(contents, HEADER_SIZE as u64, "BrinMetaPageData", |input| {
            let (rest, magic) = u32(input)?;
            let (rest, version) = u32(rest)?;
            let (rest, pages) = u32(rest)?;
            let (rest, last) = u32(rest)?;
            let (pages, last) = (BlockNumber(pages), BlockNumber(last));
            let meta = Self {
                brinMagic: magic,
                brinVersion: version,
                pagesPerRange: pages,
                lastRevmapPage: last,
            };
            Ok((rest, meta))
        })
    }
}

/// The map's entries on a page of it, one for each range; (0,0) where there is no summary.
pub fn revmap<'a>(page: &Page<'a>) -> impl ExactSizeIterator<Item = Tid> + 'a {
    let end = usize::from(page.header().pd_special).min(page.bytes().len());
    let contents = page.bytes().get(HEADER_SIZE..end).unwrap_or_default();
    let (entries, _) = contents.as_chunks::<6>();
    entries.iter().map(|bytes| tid(bytes).map_or_else(|_| Tid::default(), |(_, tid)| tid))
}

/// The summary of one range (`BrinTuple`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary<'a> {
    /// The range's first heap block.
    pub bt_blkno: BlockNumber,
    /// Flags, and where the values begin.
    pub bt_info: u8,
    bytes: &'a [u8],
}

impl<'a> Summary<'a> {
    /// Reads the summary that is exactly `bytes`.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`] only.
    pub fn parse(bytes: &'a [u8]) -> Parse<'a, Self> {
        let (rest, block) = u32(bytes)?;
        let (rest, bt_info) = u8(rest)?;
        Ok((rest, Self { bt_blkno: BlockNumber(block), bt_info, bytes }))
    }

    /// Whether the range is known to have no rows.
    pub const fn is_empty_range(&self) -> bool {
        self.bt_info & EMPTY_RANGE != 0
    }

    /// Whether it only keeps the place while the range is being summarised.
    pub const fn is_placeholder(&self) -> bool {
        self.bt_info & PLACEHOLDER != 0
    }

    /// Whether there are bits of nulls.
    pub const fn has_nulls(&self) -> bool {
        self.bt_info & NULLS != 0
    }

    /// Where the values begin, in bytes from the start of the summary (`BrinTupleDataOffset`).
    pub fn data_offset(&self) -> usize {
        usize::from(self.bt_info & OFFSET)
    }

    /// Of column `number` (from 0) out of `columns`: all rows are null, and some row is. A set bit
    /// means it (`brin_deconstruct_tuple`).
    pub fn nulls(&self, number: usize, columns: usize) -> (bool, bool) {
        if !self.has_nulls() {
            return (false, false);
        }
        let bit = |at: usize| {
            let byte = self.bytes.get(5_usize.saturating_add(at / 8)).copied().unwrap_or(0);
            byte.unbounded_shr(u32::try_from(at % 8).unwrap_or(0)) & 1 == 1
        };
        (bit(number), bit(number.saturating_add(columns)))
    }

    /// The values of all columns that are not null throughout, as the operator classes store them.
    pub fn values(&self) -> &'a [u8] {
        self.bytes.get(self.data_offset()..).unwrap_or_default()
    }
}
