//! The page header (`PageHeaderData`, storage/bufpage.h): the first 24 bytes of every page of
//! every relation, laid out alike in every major we read.
use crate::format::bytes::{u16, u32};
use crate::format::error::{Fault, Parse, stop};
use crate::types::{Lsn, Xid};

/// `SizeOfPageHeaderData`: bytes before the line pointers.
pub const HEADER_SIZE: usize = 24;
/// `PG_PAGE_LAYOUT_VERSION`: since PostgreSQL 8.3.
pub const LAYOUT_VERSION: u8 = 4;
/// `PD_VALID_FLAG_BITS`.
const VALID_FLAGS: u16 = 0x0007;
/// `MAXIMUM_ALIGNOF` of every machine we read.
const MAX_ALIGN: u16 = 8;

/// A page header as stored: any 24 bytes are one. [`PageHeader::check`] judges it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageHeader {
    /// End of the last WAL record that changed the page.
    pub pd_lsn: Lsn,
    /// Stored checksum; means something only where the cluster has checksums.
    pub pd_checksum: u16,
    /// `PD_HAS_FREE_LINES` 1, `PD_PAGE_FULL` 2, `PD_ALL_VISIBLE` 4.
    pub pd_flags: u16,
    /// End of the line pointers, in bytes from the start of the page.
    pub pd_lower: u16,
    /// Start of the tuples, in bytes from the start of the page; 0 on a new page.
    pub pd_upper: u16,
    /// Start of the special space, in bytes from the start of the page.
    pub pd_special: u16,
    /// Page size with the layout version in its low byte.
    pub pd_pagesize_version: u16,
    /// Oldest xid whose tuples pruning might remove, 0 if none is known; a hint.
    pub pd_prune_xid: Xid,
}

impl PageHeader {
    /// Reads one page header.
    ///
    /// # Errors
    /// [`Fault::Truncated`] only; no bit pattern is refused here.
    #[inline]
    pub fn parse(input: &[u8]) -> Parse<'_, Self> {
        let Some((fields, rest)) = input.split_first_chunk::<HEADER_SIZE>() else {
            return stop(input, Fault::Truncated { need: HEADER_SIZE, have: input.len() });
        };
        // pd_lsn is two 32-bit halves, the high one first, each in the machine's byte order.
        let (at, high) = u32(fields)?;
        let (at, low) = u32(at)?;
        let (at, pd_checksum) = u16(at)?;
        let (at, pd_flags) = u16(at)?;
        let (at, pd_lower) = u16(at)?;
        let (at, pd_upper) = u16(at)?;
        let (at, pd_special) = u16(at)?;
        let (at, pd_pagesize_version) = u16(at)?;
        let (_, pd_prune_xid) = u32(at)?;
        let header = Self {
            pd_lsn: Lsn(u64::from(high) << 32 | u64::from(low)),
            pd_checksum,
            pd_flags,
            pd_lower,
            pd_upper,
            pd_special,
            pd_pagesize_version,
            pd_prune_xid: Xid(pd_prune_xid),
        };
        Ok((rest, header))
    }

    /// Page size in bytes that the page claims (`PageGetPageSize`).
    pub const fn page_size(&self) -> u16 {
        self.pd_pagesize_version & 0xff00
    }

    /// Layout version that the page claims (`PageGetPageLayoutVersion`): 4.
    pub const fn layout_version(&self) -> u8 {
        (self.pd_pagesize_version & 0x00ff) as u8
    }

    /// `PD_HAS_FREE_LINES`: unused line pointers before pd_lower; a hint.
    pub const fn has_free_lines(&self) -> bool {
        self.pd_flags & 0x0001 != 0
    }

    /// `PD_PAGE_FULL`: an UPDATE found no room here; a hint.
    pub const fn page_full(&self) -> bool {
        self.pd_flags & 0x0002 != 0
    }

    /// `PD_ALL_VISIBLE`: every tuple is visible to everyone.
    pub const fn all_visible(&self) -> bool {
        self.pd_flags & 0x0004 != 0
    }

    /// The flags that are set, by name; bits without one are left out.
    pub fn flag_names(&self) -> impl Iterator<Item = &'static str> {
        let flags = self.pd_flags;
        [(0x0001, "PD_HAS_FREE_LINES"), (0x0002, "PD_PAGE_FULL"), (0x0004, "PD_ALL_VISIBLE")]
            .into_iter()
            .filter_map(move |(bit, name)| (flags & bit != 0).then_some(name))
    }

    /// Whether the page was never initialised (`PageIsNew`).
    pub const fn is_new(&self) -> bool {
        self.pd_upper == 0
    }

    /// The sanity rules by which the server lets a page of `page_len` bytes into its buffers, or
    /// does not (`PageIsVerified`, storage/page/bufpage.c). A page that [`super::is_zeroed`] is
    /// let in as well, though it breaks none of these rules only by accident: ask that first.
    ///
    /// # Errors
    /// The first rule broken, in the server's order.
    #[inline]
    pub fn check(&self, page_len: usize) -> Result<(), Fault> {
        let page_len = u16::try_from(page_len).unwrap_or(u16::MAX);
        let sane = self.pd_flags & !VALID_FLAGS == 0
            && self.pd_lower <= self.pd_upper
            && self.pd_upper <= self.pd_special
            && self.pd_special <= page_len
            && self.pd_special.is_multiple_of(MAX_ALIGN);
        if sane { Ok(()) } else { Err(self.broken_rule(page_len)) }
    }

    #[cold]
    fn broken_rule(&self, page_len: u16) -> Fault {
        let bounded = |field, value: u16, low: u16, high: u16| {
            let (start, end) = (u32::from(value), u32::from(value).saturating_add(1));
            let area = u32::from(low)..u32::from(high).saturating_add(1);
            (value < low || value > high).then_some(Fault::OutOfRange {
                field,
                range: start..end,
                area,
            })
        };
        let unexpected = |field, found: u16, expected| Fault::Unexpected {
            field,
            found: u64::from(found),
            expected,
        };
        if self.pd_flags & !VALID_FLAGS != 0 {
            return unexpected("pd_flags", self.pd_flags, "no bit beyond 0x0007");
        }
        bounded("pd_lower", self.pd_lower, 0, self.pd_upper)
            .or_else(|| bounded("pd_upper", self.pd_upper, self.pd_lower, self.pd_special))
            .or_else(|| bounded("pd_special", self.pd_special, self.pd_upper, page_len))
            .unwrap_or_else(|| unexpected("pd_special", self.pd_special, "a multiple of 8"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, PageHeader};
    use crate::format::error::parse_at;

    fn header(lower: u16, upper: u16, special: u16, flags: u16) -> PageHeader {
        let mut bytes = [0; 24];
        bytes[0..4].copy_from_slice(&0x16_u32.to_le_bytes());
        bytes[4..8].copy_from_slice(&0xB374_D848_u32.to_le_bytes());
        for (at, word) in [(5, flags), (6, lower), (7, upper), (8, special), (9, 0x2004)] {
            bytes.as_chunks_mut().0[at] = u16::to_le_bytes(word);
        }
        parse_at(&bytes, 0, "PageHeaderData", PageHeader::parse).unwrap()
    }

    #[test]
    fn the_high_half_of_the_lsn_comes_first() {
        let header = header(24, 8192, 8192, 4);
        assert_eq!(header.pd_lsn.to_string(), "16/B374D848");
        assert_eq!((header.page_size(), header.layout_version()), (8192, 4));
        assert!(header.all_visible() && !header.page_full() && !header.has_free_lines());
        assert_eq!(header.flag_names().collect::<Vec<_>>(), ["PD_ALL_VISIBLE"]);
    }

    #[test]
    fn the_sanity_rules_are_those_of_page_is_verified() {
        assert_eq!(header(28, 8000, 8192, 7).check(8192), Ok(()));
        // A page can be full to the last byte, or empty with pd_lower inside its own header.
        assert_eq!(header(8192, 8192, 8192, 0).check(8192), Ok(()));
        assert_eq!(header(0, 8192, 8192, 0).check(8192), Ok(()));
        let fault = |lower, upper, special, flags| {
            header(lower, upper, special, flags).check(8192).unwrap_err().to_string()
        };
        assert_eq!(fault(40, 32, 8192, 0), "pd_lower is 40..41, outside 0..33");
        assert_eq!(fault(24, 8192, 8184, 0), "pd_upper is 8192..8193, outside 24..8185");
        assert_eq!(fault(24, 8192, 8200, 0), "pd_special is 8200..8201, outside 8192..8193");
        assert_eq!(fault(24, 8180, 8180, 0), "pd_special is 8180, expected a multiple of 8");
        assert_eq!(fault(24, 8192, 8192, 8), "pd_flags is 8, expected no bit beyond 0x0007");
    }

    #[test]
    fn a_short_header_is_truncated() {
        let error = parse_at(&[0; 23], 8192, "PageHeaderData", PageHeader::parse).unwrap_err();
        assert_eq!(error.fault, Fault::Truncated { need: 24, have: 23 });
    }
}
