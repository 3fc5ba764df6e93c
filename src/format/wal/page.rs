//! The header of a page of WAL: short, and long on the first of a segment
//! (`XLogPageHeaderData`, `XLogLongPageHeaderData`, access/xlog_internal.h).
//!
//! ```text
//! 0 xlp_magic | 2 xlp_info | 4 xlp_tli | 8 xlp_pageaddr | 16 xlp_rem_len | 24 xlp_sysid
//! 32 xlp_seg_size | 36 xlp_xlog_blcksz
//! ```
use crate::format::bytes::{skip, u16, u32, u64};
use crate::format::error::Parse;
use crate::layout::Layout;
use crate::types::{Lsn, TimelineId};

/// `WalSegMinSize`: bytes in the smallest segment.
pub const MIN_SEGMENT_SIZE: u32 = 1 << 20;
/// `XLP_FIRST_IS_CONTRECORD`.
const FIRST_IS_CONTRECORD: u16 = 0x0001;
/// `XLP_LONG_HEADER`.
const LONG_HEADER: u16 = 0x0002;

/// The first 24 bytes of every page as stored: any 24 bytes are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageHeader {
    /// `XLOG_PAGE_MAGIC` of the major that wrote it.
    pub xlp_magic: u16,
    /// Flags.
    pub xlp_info: u16,
    /// Timeline of the page's first record.
    pub xlp_tli: TimelineId,
    /// Where the page is in WAL; an older place if the segment was recycled and not yet reused.
    pub xlp_pageaddr: Lsn,
    /// Bytes of a record that began on a page before and are still to come.
    pub xlp_rem_len: u32,
}

impl PageHeader {
    /// `SizeOfXLogShortPHD`: bytes of a short header.
    pub const LEN: usize = 24;

    /// Reads the header at the start of `page`; `None` if there are fewer than 24 bytes.
    #[inline]
    pub fn read(page: &[u8]) -> Option<Self> {
        let (magic, rest) = page.split_first_chunk()?;
        let (info, rest) = rest.split_first_chunk()?;
        let (tli, rest) = rest.split_first_chunk()?;
        let (pageaddr, rest) = rest.split_first_chunk()?;
        let (rem_len, _) = rest.split_first_chunk()?;
        let header = Self {
            xlp_magic: u16::from_le_bytes(*magic),
            xlp_info: u16::from_le_bytes(*info),
            xlp_tli: TimelineId(u32::from_le_bytes(*tli)),
            xlp_pageaddr: Lsn(u64::from_le_bytes(*pageaddr)),
            xlp_rem_len: u32::from_le_bytes(*rem_len),
        };
        (page.len() >= Self::LEN).then_some(header)
    }

    /// Whether it says that it is a long header.
    pub const fn is_long(&self) -> bool {
        self.xlp_info & LONG_HEADER != 0
    }

    /// Whether the page begins with the rest of a record.
    pub const fn first_is_contrecord(&self) -> bool {
        self.xlp_info & FIRST_IS_CONTRECORD != 0
    }

    /// Whether a record that should go on here was given up and written over.
    pub const fn overwrites_contrecord(&self, layout: &Layout) -> bool {
        self.xlp_info & layout.page_flags().overwrite_contrecord != 0
    }

    /// Whether there are flags that the major does not set.
    pub const fn has_unknown_flags(&self, layout: &Layout) -> bool {
        self.xlp_info & !layout.page_flags().all != 0
    }

    /// Gives it the flag for its length that its place asks for.
    pub(super) const fn mend(&mut self, long: bool) {
        let long = if long { LONG_HEADER } else { 0 };
        self.xlp_info = (self.xlp_info & !LONG_HEADER) | long;
    }

    /// Takes the flag that the page begins with the rest of a record.
    pub(super) const fn clear_contrecord(&mut self) {
        self.xlp_info &= !FIRST_IS_CONTRECORD;
    }

    /// Bytes that the header takes (`XLogPageHeaderSize`).
    pub const fn size(&self) -> u32 {
        if self.is_long() { 40 } else { 24 }
    }
}

/// The first 40 bytes of a segment as stored: any 40 bytes are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongPageHeader {
    /// `XLOG_PAGE_MAGIC` of the major that wrote it.
    pub xlp_magic: u16,
    /// Flags.
    pub xlp_info: u16,
    /// Timeline of the page's first record.
    pub xlp_tli: TimelineId,
    /// Where the page is in WAL; an older place if the segment was recycled and not yet reused.
    pub xlp_pageaddr: Lsn,
    /// Bytes of a record that began on the page before.
    pub xlp_rem_len: u32,
    /// System identifier of the cluster.
    pub xlp_sysid: u64,
    /// Bytes in a segment.
    pub xlp_seg_size: u32,
    /// Bytes in a block of WAL.
    pub xlp_xlog_blcksz: u32,
}

impl LongPageHeader {
    /// Bytes it takes (`SizeOfXLogLongPHD`).
    pub const LEN: u64 = 40;

    /// Reads one.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`] only; no bit pattern is refused here.
    pub fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, xlp_magic) = u16(input)?;
        let (rest, xlp_info) = u16(rest)?;
        let (rest, xlp_tli) = u32(rest)?;
        let (rest, xlp_pageaddr) = u64(rest)?;
        let (rest, xlp_rem_len) = u32(rest)?;
        let (rest, ()) = skip(4)(rest)?;
        let (rest, xlp_sysid) = u64(rest)?;
        let (rest, xlp_seg_size) = u32(rest)?;
        let (rest, xlp_xlog_blcksz) = u32(rest)?;
        let header = Self {
            xlp_magic,
            xlp_info,
            xlp_tli: TimelineId(xlp_tli),
            xlp_pageaddr: Lsn(xlp_pageaddr),
            xlp_rem_len,
            xlp_sysid,
            xlp_seg_size,
            xlp_xlog_blcksz,
        };
        Ok((rest, header))
    }

    /// Whether it says that it is a long header.
    pub const fn is_long(&self) -> bool {
        self.xlp_info & LONG_HEADER != 0
    }

    /// Whether it is of another cluster than `expected`. An identifier that differs in a single
    /// byte is damaged: it is made of a time and a process id.
    pub fn is_foreign(&self, expected: u64) -> bool {
        let bytes = self.xlp_sysid.to_le_bytes().into_iter().zip(expected.to_le_bytes());
        bytes.filter(|(found, expected)| found != expected).count() > 1
    }

    /// Whether its sizes are ones that initdb and configure can choose.
    pub const fn has_sane_sizes(&self) -> bool {
        let (segment, block) = (self.xlp_seg_size, self.xlp_xlog_blcksz);
        let sane_segment = segment.is_power_of_two() && segment >= MIN_SEGMENT_SIZE;
        sane_segment
            && segment <= 1 << 30
            && block.is_power_of_two()
            && block >= 1024
            && block <= 65536
    }
}

#[cfg(test)]
mod tests {
    use super::LongPageHeader;
    use crate::types::Lsn;

    #[test]
    fn a_segment_says_whose_it_is_and_how_large() {
        let mut bytes = vec![0x18, 0xD1, 0x07, 0, 1, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0];
        bytes.extend([9, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        bytes.extend([0, 0, 0x10, 0, 0, 0x20, 0, 0]);
        let header = LongPageHeader::parse(&bytes).unwrap().1;
        assert_eq!((header.xlp_magic, header.xlp_pageaddr), (0xD118, Lsn(0x500_0000)));
        assert_eq!((header.xlp_seg_size, header.xlp_xlog_blcksz), (1 << 20, 8192));
        assert!(header.is_long() && header.has_sane_sizes());
        assert_eq!(header.xlp_sysid, 0x0807_0605_0403_0201);
        assert!(LongPageHeader::parse(&bytes[..39]).is_err());
    }
}
