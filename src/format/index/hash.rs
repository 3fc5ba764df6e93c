//! Pages of hash indexes (access/hash.h): the metapage, buckets with their overflow pages, and
//! bitmaps of overflow pages.
use crate::format::bytes::{skip, take, u16, u32, u64};
use crate::format::error::{Fault, Parse, ParseError, parse_at, stop};
use crate::format::page::{HEADER_SIZE, Page};
use crate::types::{BlockNumber, Oid};

/// `HASH_MAGIC`.
pub const MAGIC: u32 = 0x0644_0640;
/// `HASHO_PAGE_ID`: the last two bytes of every page.
pub const PAGE_ID: u16 = 0xFF80;
/// `HASH_MAX_SPLITPOINTS`: entries of `hashm_spares`.
const MAX_SPLITPOINTS: usize = 98;
/// `HASH_MAX_BITMAPS`, no matter how large pages are; on small ones, an eighth of their bytes.
const MAX_BITMAPS: usize = 1024;

/// `HASH_SPLITPOINT_GROUPS_WITH_ONE_PHASE`: to here, each splitpoint doubles the buckets.
const ONE_PHASE: u32 = 10;
/// The flags' names, from the lowest bit.
const NAMES: [&str; 8] = [
    "LH_OVERFLOW_PAGE",
    "LH_BUCKET_PAGE",
    "LH_BITMAP_PAGE",
    "LH_META_PAGE",
    "LH_BUCKET_BEING_POPULATED",
    "LH_BUCKET_BEING_SPLIT",
    "LH_BUCKET_NEEDS_SPLIT_CLEANUP",
    "LH_PAGE_HAS_DEAD_TUPLES",
];

/// The special space (`HashPageOpaqueData`), 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opaque {
    /// The page before it in its bucket; of a bucket's first page, the highest bucket number when
    /// the bucket was last split.
    pub hasho_prevblkno: BlockNumber,
    /// The page after it in its bucket, or the invalid one.
    pub hasho_nextblkno: BlockNumber,
    /// Its bucket.
    pub hasho_bucket: u32,
    /// Kind and flags.
    pub hasho_flag: u16,
    /// [`PAGE_ID`].
    pub hasho_page_id: u16,
}

/// What a page is for (`LH_PAGE_TYPE`); displays as hash_page_type does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Unused,
    Overflow,
    Bucket,
    Bitmap,
    Meta,
    /// More than one kind at once.
    Unknown(u16),
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Unused => "unused",
            Self::Overflow => "overflow",
            Self::Bucket => "bucket",
            Self::Bitmap => "bitmap",
            Self::Meta => "metapage",
            Self::Unknown(flags) => return write!(f, "unknown kind {flags:#x}"),
        })
    }
}

impl Opaque {
    /// Reads the special space of a page.
    ///
    /// # Errors
    /// [`Fault::Truncated`] only.
    pub fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, prev) = u32(input)?;
        let (rest, next) = u32(rest)?;
        let (rest, hasho_bucket) = u32(rest)?;
        let (rest, hasho_flag) = u16(rest)?;
        let (rest, hasho_page_id) = u16(rest)?;
        let (hasho_prevblkno, hasho_nextblkno) = (BlockNumber(prev), BlockNumber(next));
        let opaque =
            Self { hasho_prevblkno, hasho_nextblkno, hasho_bucket, hasho_flag, hasho_page_id };
        Ok((rest, opaque))
    }

    /// The opaque data of `page`.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn of(page: &Page<'_>) -> Result<Self, ParseError> {
        let at = u64::from(page.header().pd_special);
        parse_at(page.special(), at, "HashPageOpaqueData", Self::parse)
    }

    /// The flags by name, unknown ones as one number.
    pub fn flag_names(&self) -> Vec<String> {
        super::flag_names(self.hasho_flag, &NAMES)
    }

    /// What the page is for.
    pub const fn kind(&self) -> Kind {
        match self.hasho_flag & 0x000F {
            0 => Kind::Unused,
            1 => Kind::Overflow,
            2 => Kind::Bucket,
            4 => Kind::Bitmap,
            8 => Kind::Meta,
            other => Kind::Unknown(other),
        }
    }
}

/// What is on the first page (`HashMetaPageData`).
#[derive(Debug, Clone, PartialEq)]
pub struct Meta {
    /// [`MAGIC`].
    pub hashm_magic: u32,
    /// 4.
    pub hashm_version: u32,
    /// Rows in the index.
    pub hashm_ntuples: f64,
    /// Rows that a bucket is to have.
    pub hashm_ffactor: u16,
    /// Bytes of a page.
    pub hashm_bsize: u16,
    /// Bytes of a bitmap.
    pub hashm_bmsize: u16,
    /// Binary logarithm of a bitmap's bits.
    pub hashm_bmshift: u16,
    /// The highest bucket.
    pub hashm_maxbucket: u32,
    /// Bits of a hash value that choose among all buckets.
    pub hashm_highmask: u32,
    /// Bits of a hash value that choose among the lower half.
    pub hashm_lowmask: u32,
    /// Splitpoint from which overflow pages are taken.
    pub hashm_ovflpoint: u32,
    /// The lowest free overflow page, as a bit number.
    pub hashm_firstfree: u32,
    /// Bitmaps in use.
    pub hashm_nmaps: u32,
    /// The hash function.
    pub hashm_procid: Oid,
    /// Overflow pages before each splitpoint.
    pub hashm_spares: Vec<u32>,
    /// The bitmaps' blocks.
    pub hashm_mapp: Vec<BlockNumber>,
}

impl Meta {
    /// Whether it says that it is one.
    pub const fn has_magic(&self) -> bool {
        self.hashm_magic == MAGIC
    }

    /// Reads the metapage.
    ///
    /// # Errors
    /// [`Fault::Truncated`] only; an impossible `hashm_nmaps` is kept, but `hashm_mapp` ends with
    /// its array.
    pub fn of(page: &Page<'_>) -> Result<Self, ParseError> {
        let contents = page.bytes().get(HEADER_SIZE..).unwrap_or_default();
        let bitmaps = (page.bytes().len() / 8).min(MAX_BITMAPS);
        let parse = |input| Self::parse(input, bitmaps);
        parse_at(contents, HEADER_SIZE as u64, "HashMetaPageData", parse)
    }

    fn parse(input: &[u8], bitmaps: usize) -> Parse<'_, Self> {
        let (rest, hashm_magic) = u32(input)?;
        let (rest, hashm_version) = u32(rest)?;
        let (rest, ntuples) = u64(rest)?;
        let (rest, hashm_ffactor) = u16(rest)?;
        let (rest, page_bytes) = u16(rest)?;
        let (rest, bitmap_bytes) = u16(rest)?;
        let (rest, hashm_bmshift) = u16(rest)?;
        let (rest, hashm_maxbucket) = u32(rest)?;
        let (rest, hashm_highmask) = u32(rest)?;
        let (rest, hashm_lowmask) = u32(rest)?;
        let (rest, hashm_ovflpoint) = u32(rest)?;
        let (rest, hashm_firstfree) = u32(rest)?;
        let (rest, hashm_nmaps) = u32(rest)?;
        let (rest, procid) = u32(rest)?;
        let (rest, spares) = words(rest, MAX_SPLITPOINTS)?;
        let (rest, mapp) = words(rest, bitmaps)?;
        let meta = Self {
            hashm_magic,
            hashm_version,
            hashm_ntuples: f64::from_bits(ntuples),
            hashm_ffactor,
            hashm_bsize: page_bytes,
            hashm_bmsize: bitmap_bytes,
            hashm_bmshift,
            hashm_maxbucket,
            hashm_highmask,
            hashm_lowmask,
            hashm_ovflpoint,
            hashm_firstfree,
            hashm_nmaps,
            hashm_procid: Oid(procid),
            hashm_spares: spares,
            hashm_mapp: mapp.into_iter().map(BlockNumber).collect(),
        };
        Ok((rest, meta))
    }
}

impl Meta {
    /// Where the bit of an overflow page is: the bitmap's block, and the bit in it
    /// (`_hash_ovflblkno_to_bitno`); `None` of a page that is no overflow page.
    pub fn bit_of(&self, block: BlockNumber) -> Option<(BlockNumber, u32)> {
        let last = usize::try_from(self.hashm_ovflpoint).ok()?.min(MAX_SPLITPOINTS);
        let spares = self.hashm_spares.iter().zip(self.hashm_spares.iter().skip(1));
        let bit = (1..).zip(spares).take(last).find_map(|(phase, (before, until))| {
            let number = block.0.checked_sub(total_buckets(phase)).filter(|number| *number > 0)?;
            (number > *before && number <= *until).then(|| number.saturating_sub(1))
        })?;
        let shift = u32::from(self.hashm_bmshift);
        let map = usize::try_from(bit.checked_shr(shift)?).ok()?;
        let mask = 1_u32.checked_shl(shift)?.saturating_sub(1);
        Some((*self.hashm_mapp.get(map)?, bit & mask))
    }
}

/// Buckets up to the end of a phase of splitting (`_hash_get_totalbuckets`): from the tenth
/// splitpoint on, each has four phases.
fn total_buckets(phase: u32) -> u32 {
    let Some(later) = phase.checked_sub(ONE_PHASE) else { return 1_u32.unbounded_shl(phase) };
    let group = ONE_PHASE.saturating_add(later >> 2);
    let before = 1_u32.unbounded_shl(group.saturating_sub(1));
    before.saturating_add((before >> 2).saturating_mul((later & 3).saturating_add(1)))
}

/// The bits of a bitmap: set for overflow pages that are in use, and for those that are not there.
pub fn bits(page: &Page<'_>) -> impl Iterator<Item = bool> {
    let end = usize::from(page.header().pd_lower).min(page.bytes().len());
    let map = page.bytes().get(HEADER_SIZE..end).unwrap_or_default();
    map.iter().flat_map(|byte| (0..8).map(move |bit| byte.unbounded_shr(bit) & 1 == 1))
}

fn words(input: &[u8], count: usize) -> Parse<'_, Vec<u32>> {
    let (rest, bytes) = take(count.saturating_mul(4))(input)?;
    let words = bytes.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word));
    Ok((rest, words.collect()))
}

/// The hash value of an index tuple's row: what its only attribute is (`_hash_get_indextuple_hashkey`,
/// access/hash/hashutil.c).
///
/// # Errors
/// [`Fault::Truncated`]; [`Fault::Unexpected`] for a tuple with nulls, which hash indexes never have.
pub fn hash_value(tuple: &[u8]) -> Parse<'_, u32> {
    let (rest, ()) = skip(6)(tuple)?;
    let (rest, t_info) = u16(rest)?;
    if t_info & 0x8000 != 0 {
        let (field, found) = ("t_info", u64::from(t_info));
        return stop(tuple, Fault::Unexpected { field, found, expected: "no nulls" });
    }
    u32(rest)
}
