//! Index tuples as they lie on a page (`IndexTupleData`, access/itup.h; `index_deform_tuple`,
//! access/common/indextuple.c).
//!
//! ```text
//! 0 t_tid | 6 t_info: size, and what the attributes hold | 8 null bitmap | attributes
//! ```
use crate::format::bytes::{skip, u16};
use crate::format::error::{Fault, Parse, stop};
use crate::format::error::{ParseError, parse_at};
use crate::format::heap::{Attr, Datum, is_null};
use crate::types::{BlockNumber, OffsetNumber, Tid};
use std::ops::Range;

/// Bytes of the header.
const HEADER: usize = 8;
/// Bytes up to the attributes where there is a null bitmap: `IndexAttributeBitMapData` has a bit
/// for each of `INDEX_MAX_KEYS` (32) attributes, and they are aligned to 8.
const HEADER_WITH_NULLS: usize = 16;
/// `INDEX_SIZE_MASK`.
const SIZE: u16 = 0x1FFF;
/// `INDEX_AM_RESERVED_BIT`.
const AM_RESERVED: u16 = 0x2000;
/// `INDEX_VAR_MASK`.
const VAR_WIDTHS: u16 = 0x4000;
/// `INDEX_NULL_MASK`.
const NULLS: u16 = 0x8000;

/// One index tuple: its header, decoded, and the `size` bytes that it claims, as far as they are
/// there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexTuple<'a> {
    /// The row, or what the access method keeps in its place.
    pub t_tid: Tid,
    /// Size and flags.
    pub t_info: u16,
    bytes: &'a [u8],
}

impl<'a> IndexTuple<'a> {
    /// Reads the tuple at the start of `input`.
    ///
    /// # Errors
    /// [`Fault::Truncated`] if it goes on past `input`; [`Fault::Unexpected`] for a size that does
    /// not hold the header and the null bitmap that the flags announce.
    pub fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (_, t_info) = skip(6)(input).and_then(|(rest, ())| u16(rest))?;
        Self::sized(input, if t_info & NULLS == 0 { HEADER } else { HEADER_WITH_NULLS })
    }

    fn sized(input: &'a [u8], least: usize) -> Parse<'a, Self> {
        let (rest, t_tid) = tid(input)?;
        let (_, t_info) = u16(rest)?;
        let size = usize::from(t_info & SIZE);
        if size < least {
            let (field, found) = ("index tuple size", size as u64);
            return stop(rest, Fault::Unexpected { field, found, expected: "room for its header" });
        }
        match input.split_at_checked(size) {
            Some((bytes, rest)) => Ok((rest, Self { t_tid, t_info, bytes })),
            None => stop(input, Fault::Truncated { need: size, have: input.len() }),
        }
    }

    /// Reads a tuple whose only value has no null bitmap even if it is null (`SpGistNodeTuple`).
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_without_bitmap(input: &'a [u8]) -> Parse<'a, Self> {
        Self::sized(input, HEADER)
    }

    /// `IndexTupleSize`: bytes of the whole tuple.
    pub const fn size(&self) -> u16 {
        self.t_info & SIZE
    }

    /// `IndexTupleHasNulls`.
    pub const fn has_nulls(&self) -> bool {
        self.t_info & NULLS != 0
    }

    /// `IndexTupleHasVarwidths`.
    pub const fn has_varwidths(&self) -> bool {
        self.t_info & VAR_WIDTHS != 0
    }

    /// The bit that means what the access method makes of it.
    pub const fn am_reserved(&self) -> bool {
        self.t_info & AM_RESERVED != 0
    }

    /// `IndexInfoFindDataOffset`: where the attributes begin, in bytes from the tuple's start.
    pub const fn data_offset(&self) -> usize {
        if self.has_nulls() { HEADER_WITH_NULLS } else { HEADER }
    }

    /// All of it.
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The attributes up to byte `end` of the tuple.
    pub fn data(&self, end: usize) -> &'a [u8] {
        self.bytes.get(self.data_offset()..end).unwrap_or_default()
    }

    /// The first attributes, stored as `attrs` say; after an error there are no more.
    pub fn keys(
        &self,
        attrs: impl IntoIterator<Item = Attr>,
        end: usize,
    ) -> impl Iterator<Item = Result<Datum<'a>, ParseError>> {
        self.placed_keys(attrs, end).map(|key| key.map(|(datum, _)| datum))
    }

    /// The same, each with where it lies, in bytes from the start of the tuple; nulls lie nowhere.
    pub fn placed_keys(
        &self,
        attrs: impl IntoIterator<Item = Attr>,
        end: usize,
    ) -> impl Iterator<Item = Result<(Datum<'a>, Range<usize>), ParseError>> {
        let data = self.data(end);
        let bitmap = self.has_nulls().then(|| self.bytes.get(HEADER..).unwrap_or_default());
        let first = self.data_offset();
        let mut offset = Some(0_usize);
        attrs.into_iter().enumerate().map_while(move |(number, attr)| {
            let from = offset?;
            if bitmap.is_some_and(|bitmap| is_null(bitmap, number)) {
                return Some(Ok((Datum::Null, 0..0)));
            }
            let start = attr.start(data, from);
            let rest = data.get(start..).unwrap_or_default();
            let at = first.saturating_add(start) as u64;
            let read = parse_at(rest, at, "index attribute", |rest| {
                let (after, datum) = attr.value(rest)?;
                Ok((after, (data.len().saturating_sub(after.len()), datum)))
            });
            offset = read.as_ref().ok().map(|(end, _)| *end);
            let place = |end| first.saturating_add(start)..first.saturating_add(end);
            Some(read.map(|(end, datum)| (datum, place(end))))
        })
    }
}

/// `ItemPointerData`: the block number in two halves, the high one first, and the offset number.
///
/// # Errors
/// [`Fault::Truncated`].
pub(super) fn tid(input: &[u8]) -> Parse<'_, Tid> {
    let (rest, high) = u16(input)?;
    let (rest, low) = u16(rest)?;
    let (rest, offset) = u16(rest)?;
    let block = BlockNumber(u32::from(high) << 16 | u32::from(low));
    Ok((rest, Tid { block, offset: OffsetNumber(offset) }))
}
