//! A row as records have it (`xl_heap_header`, access/heapam_xlog.h): without the fields of its
//! header that replay knows from elsewhere.
//!
//! ```text
//! 0 t_infomask2 | 2 t_infomask | 4 t_hoff | 5 null bitmap, padding, attributes
//! ```
use crate::format::bytes::{u8, u16};
use crate::format::error::Parse;
use crate::format::heap::{Infomask, Infomask2};
use crate::format::wal::rmgr::Hex;

/// What a record says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LoggedTuple<'a> {
    /// As in the row's header.
    pub t_infomask2: Infomask2,
    /// As in the row's header, without what transactions put there.
    pub t_infomask: Infomask,
    /// Where the attributes begin in the row.
    pub t_hoff: u8,
    /// The row from its null bitmap on, at byte 23.
    pub data: Hex<'a>,
}

impl<'a> LoggedTuple<'a> {
    /// Reads the row that is all of `input`.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`].
    #[inline]
    pub fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, t_infomask2) = u16(input)?;
        let (rest, t_infomask) = u16(rest)?;
        let (data, t_hoff) = u8(rest)?;
        let (t_infomask2, t_infomask) = (Infomask2(t_infomask2), Infomask(t_infomask));
        Ok((&[], Self { t_infomask2, t_infomask, t_hoff, data: Hex(data) }))
    }

    /// Reads the row that `input` is, unless there is none.
    ///
    /// # Errors
    /// As [`Self::parse`].
    #[inline]
    pub fn parse_some(input: &'a [u8]) -> Parse<'a, Option<Self>> {
        if input.is_empty() {
            return Ok((input, None));
        }
        Self::parse(input).map(|(rest, tuple)| (rest, Some(tuple)))
    }
}
