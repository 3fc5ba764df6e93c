//! Pages: a header, line pointers growing up from it, tuples growing down from the special space
//! (storage/bufpage.h). Heap and index pages alike.
mod checksum;
mod header;
mod item_id;

pub use checksum::checksum;
pub use header::{HEADER_SIZE, LAYOUT_VERSION, PageHeader};
pub use item_id::{ITEM_ID_SIZE, ItemId, LpFlags, Target};

use crate::format::error::{ParseError, parse_at};
use crate::types::OffsetNumber;
use std::ops::Range;

/// One page: its header, decoded, and all its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    header: PageHeader,
    bytes: &'a [u8],
    items: &'a [[u8; ITEM_ID_SIZE]],
}

/// Whether the page was never initialised (`PageIsNew`): pd_upper is 0. Too few bytes are new.
#[inline]
pub fn is_new(page: &[u8]) -> bool {
    page.get(14..16).is_none_or(|pd_upper| pd_upper == [0, 0])
}

/// Whether every byte is zero, as in a file extended and never written.
#[inline]
pub fn is_zeroed(page: &[u8]) -> bool {
    let (chunks, rest) = page.as_chunks::<64>();
    let zero = |chunk: &[u8]| chunk.iter().fold(0, |bits, byte| bits | byte) == 0;
    chunks.iter().all(|chunk| zero(chunk)) && zero(rest)
}

impl<'a> Page<'a> {
    /// Reads the header of the page that `bytes` are. Whatever the header says decodes; what it
    /// says beyond the page is cut off there.
    ///
    /// # Errors
    /// [`super::Fault::Truncated`] if there is not even a header; counted from the page's start.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let header = parse_at(bytes, 0, "PageHeaderData", PageHeader::parse)?;
        let end = usize::from(header.pd_lower).min(bytes.len());
        let array = bytes.get(HEADER_SIZE..end).unwrap_or_default();
        let (items, _) = array.as_chunks();
        Ok(Self { header, bytes, items })
    }

    /// The header.
    #[inline]
    pub const fn header(&self) -> &PageHeader {
        &self.header
    }

    /// Every byte of the page.
    #[inline]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The line pointers up to pd_lower, with their numbers from 1 (`PageGetMaxOffsetNumber`).
    #[inline]
    pub fn items(&self) -> impl ExactSizeIterator<Item = (OffsetNumber, ItemId)> + Clone + 'a {
        let numbered = |(at, item): (usize, &[u8; ITEM_ID_SIZE])| {
            // At most 16383 line pointers lie below the highest pd_lower.
            let number = u16::try_from(at).unwrap_or(u16::MAX).saturating_add(1);
            (OffsetNumber(number), ItemId(u32::from_le_bytes(*item)))
        };
        self.items.iter().enumerate().map(numbered)
    }

    /// The number of line pointers (`PageGetMaxOffsetNumber`).
    #[inline]
    pub fn item_count(&self) -> u16 {
        u16::try_from(self.items.len()).unwrap_or(u16::MAX)
    }

    /// One line pointer; `None` for 0 and past the last one.
    #[inline]
    pub fn item(&self, number: OffsetNumber) -> Option<ItemId> {
        let item = self.items.get(usize::from(number.0).checked_sub(1)?)?;
        Some(ItemId(u32::from_le_bytes(*item)))
    }

    /// Where tuples can lie: pd_upper to pd_special, no further than the page.
    #[inline]
    pub fn tuple_area(&self) -> Range<u32> {
        let len = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        let (upper, special) = (self.header.pd_upper, self.header.pd_special);
        u32::from(upper).min(len)..u32::from(special).min(len)
    }

    /// Some bytes of the page; `None` if they leave it.
    #[inline]
    pub fn slice(&self, range: Range<u32>) -> Option<&'a [u8]> {
        self.bytes.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)
    }

    /// The special space, which index pages have and heap pages have not; empty if it begins past
    /// the page.
    pub fn special(&self) -> &'a [u8] {
        self.bytes.get(usize::from(self.header.pd_special)..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, is_new, is_zeroed};
    use crate::types::OffsetNumber;

    #[test]
    fn line_pointers_end_at_pd_lower_or_with_the_page() {
        let mut bytes = [0; 1024];
        bytes[12..14].copy_from_slice(&35_u16.to_le_bytes());
        bytes[24..28].copy_from_slice(&7_u32.to_le_bytes());
        let page = Page::parse(&bytes).unwrap();
        assert_eq!((page.items().len(), page.item_count()), (2, 2));
        assert_eq!(page.item(OffsetNumber(1)).unwrap().lp_off(), 7);
        assert!(page.item(OffsetNumber(0)).is_none() && page.item(OffsetNumber(3)).is_none());

        bytes[12..14].copy_from_slice(&u16::MAX.to_le_bytes());
        assert_eq!(Page::parse(&bytes).unwrap().items().len(), 250);
        bytes[12..14].copy_from_slice(&3_u16.to_le_bytes());
        assert_eq!(Page::parse(&bytes).unwrap().items().len(), 0);
        assert!(Page::parse(&bytes[..20]).is_err());
    }

    #[test]
    fn new_and_zeroed_are_not_the_same() {
        let mut bytes = vec![0; 8192];
        assert!(is_new(&bytes) && is_zeroed(&bytes));
        bytes[8191] = 1;
        assert!(is_new(&bytes) && !is_zeroed(&bytes));
        bytes[15] = 1;
        assert!(!is_new(&bytes));
    }
}
