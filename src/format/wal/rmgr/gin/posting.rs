//! Compressed lists of rows (`GinPostingList`, access/ginblock.h; access/gin/ginpostinglist.c).
//!
//! ```text
//! 0 first | 6 nbytes | 8 distances: 7 bits a byte, the lowest first, 0x80 on all but the last
//! ```
use crate::format::bytes::{align, take, u16};
use crate::format::error::{Fault, Parse, stop};
use crate::format::wal::rmgr::array::one;
use crate::types::{BlockNumber, OffsetNumber, Tid};

/// `MaxHeapTuplesPerPageBits`: low bits of a distance that are the line pointer.
const OFFSET_BITS: u32 = 11;
/// Bytes that a distance has at most.
const MAX_DISTANCE: usize = 7;

/// Rows, in order.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PostingList {
    /// Bytes that all but the first take.
    pub nbytes: u16,
    /// The rows.
    pub items: Vec<Tid>,
}

impl PostingList {
    /// Reads one, and the padding that aligns it to 2 bytes.
    ///
    /// # Errors
    /// [`Fault::Truncated`], also if the last distance is not complete; [`Fault::Unexpected`] for
    /// one that is too long.
    pub fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, first) = one(input)?;
        let (rest, nbytes) = u16(rest)?;
        let (rest, padded) = take(align(nbytes.into(), 2))(rest)?;
        let (mut distances, _) = padded.split_at_checked(nbytes.into()).unwrap_or((padded, &[]));
        // An item takes at least a byte of those that are there.
        let (mut items, mut last) = (vec![first], number(first));
        while !distances.is_empty() {
            let (after, by) = distance(distances)?;
            last = last.saturating_add(by);
            items.push(row(last));
            distances = after;
        }
        Ok((rest, Self { nbytes, items }))
    }
}

/// `itemptr_to_uint64`.
fn number(row: Tid) -> u64 {
    u64::from(row.block.0) << OFFSET_BITS | u64::from(row.offset.0)
}

/// `uint64_to_itemptr`.
fn row(number: u64) -> Tid {
    let offset = OffsetNumber((number & 0x7FF) as u16);
    let block = BlockNumber(((number >> OFFSET_BITS) & 0xFFFF_FFFF) as u32);
    Tid { block, offset }
}

/// `decode_varbyte`.
fn distance(input: &[u8]) -> Parse<'_, u64> {
    let more = |byte: &&u8| **byte & 0x80 != 0;
    let len = input.iter().take_while(more).count().saturating_add(1);
    if len > MAX_DISTANCE {
        let expected = "at most 7";
        return stop(input, Fault::Unexpected { field: "bytes", found: len as u64, expected });
    }
    let (rest, bytes) = take(len)(input)?;
    let value = bytes.iter().rev().fold(0, |value, byte| value << 7 | u64::from(byte & 0x7F));
    Ok((rest, value))
}

#[cfg(test)]
mod tests {
    use super::PostingList;

    #[test]
    fn distances_add_up_and_cut_ones_are_errors() {
        let bytes = [0, 0, 2, 0, 3, 0, 4, 0, 1, 0x80, 0x10, 1, 9];
        let (rest, list) = PostingList::parse(&bytes).unwrap();
        let items: Vec<_> = list.items.iter().map(ToString::to_string).collect();
        assert_eq!((rest, items.join(" ")), ([9].as_slice(), "(2,3) (2,4) (3,4) (3,5)".to_owned()));
        let cut = [0, 0, 2, 0, 3, 0, 2, 0, 1, 0x80];
        assert!(PostingList::parse(&cut).is_err());
        let long = [0, 0, 2, 0, 3, 0, 8, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1];
        assert!(PostingList::parse(&long).is_err());
    }
}
