//! Heap tuples: the fixed header (`HeapTupleHeaderData`, access/htup_details.h), the null bitmap
//! behind it, and from t_hoff on the attributes.
use super::{Infomask, Infomask2};
use crate::format::bytes::{u8, u16, u32};
use crate::format::error::{Fault, Parse, ParseError, parse_at, stop};
use crate::format::page::{ItemId, LpFlags, Page};
use crate::types::{BlockNumber, OffsetNumber, Oid, Tid, Xid};

/// `SizeofHeapTupleHeader`: bytes before the null bitmap.
pub const TUPLE_HEADER_SIZE: usize = 23;
/// `MinHeapTupleSize`: the shortest tuple with its padding.
pub const MIN_TUPLE_SIZE: u16 = 24;
/// `MAXIMUM_ALIGNOF` of every machine we read.
const MAX_ALIGN: usize = 8;

/// A tuple header as stored: any 23 bytes are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeapTupleHeader {
    /// Raw inserting transaction; frozen tuples keep it.
    pub t_xmin: Xid,
    /// Raw deleting, updating or locking transaction, or a multixact.
    pub t_xmax: Xid,
    /// `t_cid` or, in tuples of a VACUUM FULL before 9.0, `t_xvac`.
    pub t_field3: u32,
    /// This tuple, or its next version; magic offsets mark moved and speculative tuples.
    pub t_ctid: Tid,
    /// Number of attributes, and what updates did.
    pub t_infomask2: Infomask2,
    /// What it holds, and hints.
    pub t_infomask: Infomask,
    /// Where the attributes begin, in bytes from the start of the tuple.
    pub t_hoff: u8,
}

/// One tuple as it lies on its page: the header, decoded, and all `lp_len` bytes.
#[derive(Debug, Clone, Copy)]
pub struct HeapTuple<'a> {
    /// The header.
    pub header: HeapTupleHeader,
    /// The whole tuple, header included.
    pub bytes: &'a [u8],
}

impl HeapTupleHeader {
    /// Reads one tuple header.
    ///
    /// # Errors
    /// [`Fault::Truncated`] only; no bit pattern is refused here.
    #[inline]
    pub fn parse(input: &[u8]) -> Parse<'_, Self> {
        let Some((fields, rest)) = input.split_first_chunk::<TUPLE_HEADER_SIZE>() else {
            return stop(input, Fault::Truncated { need: TUPLE_HEADER_SIZE, have: input.len() });
        };
        let (at, t_xmin) = u32(fields)?;
        let (at, t_xmax) = u32(at)?;
        let (at, t_field3) = u32(at)?;
        // A block number is two 16-bit halves here, the high one first (`BlockIdData`).
        let (at, block_high) = u16(at)?;
        let (at, block_low) = u16(at)?;
        let (at, offset) = u16(at)?;
        let (at, t_infomask2) = u16(at)?;
        let (at, t_infomask) = u16(at)?;
        let (_, t_hoff) = u8(at)?;
        let block = BlockNumber(u32::from(block_high) << 16 | u32::from(block_low));
        let header = Self {
            t_xmin: Xid(t_xmin),
            t_xmax: Xid(t_xmax),
            t_field3,
            t_ctid: Tid { block, offset: OffsetNumber(offset) },
            t_infomask2: Infomask2(t_infomask2),
            t_infomask: Infomask(t_infomask),
            t_hoff,
        };
        Ok((rest, header))
    }

    /// Whether the row went on as a heap-only tuple (`HeapTupleHeaderIsHotUpdated`).
    #[inline]
    pub const fn hot_updated(&self) -> bool {
        self.t_infomask2.hot_updated(self.t_infomask)
    }

    /// Bytes of the null bitmap: none without nulls (`BITMAPLEN`).
    #[inline]
    pub const fn bitmap_len(&self) -> usize {
        if self.t_infomask.has_null() { (self.t_infomask2.natts() as usize).div_ceil(8) } else { 0 }
    }
}

impl<'a> HeapTuple<'a> {
    /// Reads the tuple that is exactly `bytes`.
    ///
    /// # Errors
    /// [`Fault::Truncated`] if they do not hold a header; counted from the tuple's start.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let header = parse_at(bytes, 0, "HeapTupleHeaderData", HeapTupleHeader::parse)?;
        Ok(Self { header, bytes })
    }

    /// The tuple behind a line pointer, under the conditions of heap_page_items: there is storage,
    /// long enough for a header, aligned, and on the page. Whether the pointer is normal, dead or
    /// (damaged) anything else makes no difference.
    #[inline]
    pub fn behind(item: ItemId, page: &Page<'a>) -> Option<Self> {
        let readable =
            item.lp_len() >= MIN_TUPLE_SIZE && usize::from(item.lp_off()).is_multiple_of(MAX_ALIGN);
        if !readable {
            return None;
        }
        Self::parse(page.slice(item.storage())?).ok()
    }

    /// The tuple behind a normal line pointer, if it lies where tuples can and has a whole header.
    /// Whether it is aligned is for the caller to judge.
    #[inline]
    pub fn inside(item: ItemId, page: &Page<'a>) -> Option<Self> {
        let (area, storage) = (page.tuple_area(), item.storage());
        let inside = item.lp_flags() == LpFlags::Normal
            && area.start <= storage.start
            && storage.end <= area.end;
        let bytes = if inside { page.slice(storage)? } else { return None };
        let (_, header) = HeapTupleHeader::parse(bytes).ok()?;
        Some(Self { header, bytes })
    }

    /// t_hoff, if it lies past the header, inside the tuple and aligned (heap_page_items).
    #[inline]
    fn data_start(&self) -> Option<usize> {
        let t_hoff = usize::from(self.header.t_hoff);
        let sane = t_hoff >= TUPLE_HEADER_SIZE
            && t_hoff <= self.bytes.len()
            && t_hoff.is_multiple_of(MAX_ALIGN);
        sane.then_some(t_hoff)
    }

    /// The attributes, from t_hoff on; `None` if t_hoff makes no sense.
    #[inline]
    pub fn data(&self) -> Option<&'a [u8]> {
        self.bytes.get(self.data_start()?..)
    }

    /// The null bitmap, a set bit meaning "not null"; `None` if there is none, or if it or t_hoff
    /// makes no sense.
    #[inline]
    pub fn null_bitmap(&self) -> Option<&'a [u8]> {
        if !self.header.t_infomask.has_null() {
            return None;
        }
        let end = TUPLE_HEADER_SIZE.saturating_add(self.header.bitmap_len());
        (end <= self.data_start()?).then(|| self.bytes.get(TUPLE_HEADER_SIZE..end)).flatten()
    }

    /// The null bitmap as heap_page_items writes it: a digit for each bit, whole bytes.
    pub fn t_bits(&self) -> Option<String> {
        let bit = |byte: u8, at: u32| if byte.unbounded_shr(at) & 1 == 1 { '1' } else { '0' };
        let digits = |&byte: &u8| (0..8).map(move |at| bit(byte, at));
        Some(self.null_bitmap()?.iter().flat_map(digits).collect())
    }

    /// The oid of a row of a table made WITH OIDS before PostgreSQL 12: 4 bytes before t_hoff.
    /// IvorySQL keeps a ROWID under the same bit: see [`Self::rowid`].
    pub fn t_oid(&self) -> Option<Oid> {
        self.before_data().map(u32::from_le_bytes).map(Oid)
    }

    /// The ROWID of a row of an IvorySQL table WITH ROWID: 8 bytes before t_hoff
    /// (`HeapTupleHeaderGetRowId`).
    pub fn rowid(&self) -> Option<i64> {
        self.before_data().map(i64::from_le_bytes)
    }

    fn before_data<const N: usize>(&self) -> Option<[u8; N]> {
        if !self.header.t_infomask.has_oid_old() {
            return None;
        }
        self.bytes.get(..self.data_start()?)?.last_chunk().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::{HeapTuple, HeapTupleHeader};
    use crate::format::page::{ItemId, Page};

    /// A tuple with the given flag words and t_hoff, of 40 bytes; the rest counts up.
    fn tuple(t_infomask2: u16, t_infomask: u16, t_hoff: u8) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..40).collect();
        bytes[18..20].copy_from_slice(&t_infomask2.to_le_bytes());
        bytes[20..22].copy_from_slice(&t_infomask.to_le_bytes());
        bytes[22] = t_hoff;
        bytes
    }

    #[test]
    fn the_bitmap_is_written_in_whole_bytes_lowest_bit_first() {
        let mut bytes = tuple(9, 0x0001, 32);
        bytes[23..25].copy_from_slice(&[0b1111_1110, 0b0000_0001]);
        let tuple = HeapTuple::parse(&bytes).unwrap();
        assert_eq!(tuple.t_bits().unwrap(), "0111111110000000");
        assert_eq!(tuple.data().unwrap(), &bytes[32..]);
    }

    #[test]
    fn a_senseless_t_hoff_hides_bitmap_and_data() {
        for (natts, t_hoff) in [(9, 20), (9, 28), (9, 48)] {
            let bytes = tuple(natts, 0x0009, t_hoff);
            let tuple = HeapTuple::parse(&bytes).unwrap();
            assert!(tuple.t_bits().is_none() && tuple.data().is_none() && tuple.t_oid().is_none());
        }
        // A bitmap that would reach past t_hoff hides alone.
        let bytes = tuple(1600, 0x0001, 32);
        let tuple = HeapTuple::parse(&bytes).unwrap();
        assert!(tuple.t_bits().is_none() && tuple.data().is_some());
    }

    #[test]
    fn an_oid_or_rowid_lies_right_before_the_data() {
        let bytes = tuple(1, 0x0008, 32);
        let tuple = HeapTuple::parse(&bytes).unwrap();
        assert_eq!(tuple.t_oid().unwrap().0, u32::from_le_bytes([28, 29, 30, 31]));
        assert_eq!(tuple.rowid(), Some(i64::from_le_bytes([24, 25, 26, 27, 28, 29, 30, 31])));
    }

    #[test]
    fn only_aligned_storage_on_the_page_is_a_tuple() {
        let page = vec![0; 1024];
        let page = Page::parse(&page).unwrap();
        let behind = |lp_off: u32, lp_len: u32| {
            HeapTuple::behind(ItemId(lp_off | 1 << 15 | (lp_len << 17)), &page)
        };
        assert!(behind(1000, 24).is_some());
        assert!(behind(1000, 23).is_none() && behind(996, 24).is_none());
        assert!(behind(1000, 25).is_none());
    }

    #[test]
    fn the_high_half_of_the_block_number_comes_first() {
        let bytes: Vec<u8> = (0..23).collect();
        let header = HeapTupleHeader::parse(&bytes).unwrap().1;
        assert_eq!(header.t_ctid.block.0, 0x0d0c_0f0e);
        assert_eq!((header.t_ctid.offset.0, header.t_hoff), (0x1110, 22));
    }
}
