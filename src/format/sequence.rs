//! The page of a sequence (commands/sequence.c): one heap tuple, and a magic number in the special
//! space.
use super::bytes::{flag, i64};
use super::error::Parse;
use super::heap::HeapTuple;
use super::page::Page;
use crate::types::OffsetNumber;

/// `SEQ_MAGIC`.
pub const MAGIC: u32 = 0x1717;

/// The row (`FormData_pg_sequence_data`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SequenceData {
    /// The last value that was given, or the first one to give.
    pub last_value: i64,
    /// Values that WAL has ahead of it.
    pub log_cnt: i64,
    /// Whether `last_value` was given.
    pub is_called: bool,
}

impl SequenceData {
    /// Reads the row's values.
    ///
    /// # Errors
    /// [`super::Fault::Truncated`] only.
    pub fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, last_value) = i64(input)?;
        let (rest, log_cnt) = i64(rest)?;
        let (rest, is_called) = flag(rest)?;
        Ok((rest, Self { last_value, log_cnt, is_called }))
    }

    /// The row on `page`; `None` if it cannot be read.
    pub fn of(page: &Page<'_>) -> Option<Self> {
        let tuple = HeapTuple::behind(page.item(OffsetNumber(1))?, page)?;
        Self::parse(tuple.data()?).ok().map(|(_, row)| row)
    }
}

/// The magic number of `page`; `None` if its special space is too small.
pub fn magic(page: &Page<'_>) -> Option<u32> {
    super::bytes::u32(page.special()).ok().map(|(_, magic)| magic)
}

/// Whether the special space of `page` says that it is a sequence.
pub fn is_sequence(page: &Page<'_>) -> bool {
    page.special().len() == 8 && magic(page) == Some(MAGIC)
}
