//! Index tuples in records (`IndexTupleData`, access/itup.h).
//!
//! ```text
//! 0 t_tid | 6 t_info: size, and what the attributes hold | 8 null bitmap, attributes
//! ```
use super::Hex;
use super::array::one;
use crate::format::bytes::{align, take, u16};
use crate::format::error::{Fault, Parse, stop};
use crate::types::Tid;
use serde::ser::{Serialize, SerializeSeq, Serializer};
use std::fmt;

/// Bytes of a header.
const HEADER: usize = 8;
/// `INDEX_SIZE_MASK`.
const SIZE_MASK: u16 = 0x1FFF;
/// `MAXIMUM_ALIGNOF`: what a tuple's place on its page is a multiple of.
const MAX_ALIGN: usize = 8;

/// An index tuple: its header and the bytes behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct IndexTuple<'a> {
    /// The row, or what the access method keeps in its place (a child, a count of attributes).
    pub t_tid: Tid,
    /// Size in the low 13 bits, then the access method's bit, "has varwidths", "has nulls".
    pub t_info: u16,
    /// Null bitmap, keys, and what else the access method stores (btree: the posting list).
    pub data: Hex<'a>,
}

impl<'a> IndexTuple<'a> {
    /// Reads one, and past what aligns it to 8 as far as that is there: a last tuple may be stored
    /// without (`_bt_insertonpg` logs `IndexTupleSize` bytes).
    ///
    /// # Errors
    /// [`Fault::Truncated`]; [`Fault::Unexpected`] for a size that does not hold the header.
    pub fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, t_tid) = one(input)?;
        let (_, t_info) = u16(rest)?;
        let size = usize::from(t_info & SIZE_MASK);
        if size < HEADER {
            let (field, found) = ("index tuple size", size as u64);
            return stop(rest, Fault::Unexpected { field, found, expected: "at least 8" });
        }
        let (rest, bytes) = take(size)(input)?;
        let padding = align(size, MAX_ALIGN).saturating_sub(size);
        let rest = rest.get(padding..).unwrap_or(&[]);
        Ok((rest, Self { t_tid, t_info, data: Hex(bytes.get(HEADER..).unwrap_or(&[])) }))
    }
}

/// The tuples of a page, as they lie there: last line pointer first (`_bt_restore_page`,
/// access/nbtree/nbtxlog.c). Serialises as an array.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IndexTuples<'a>(&'a [u8]);

impl<'a> IndexTuples<'a> {
    /// Reads tuples to the end of `input`.
    ///
    /// # Errors
    /// As [`IndexTuple::parse`], of the first that cannot be read.
    pub fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let mut rest = input;
        while !rest.is_empty() {
            (rest, _) = IndexTuple::parse(rest)?;
        }
        Ok((rest, Self(input)))
    }

    /// The tuples, in the order of their bytes.
    pub fn iter(&self) -> impl Iterator<Item = IndexTuple<'a>> + use<'a> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (after, tuple) = IndexTuple::parse(rest).ok()?;
            rest = after;
            Some(tuple)
        })
    }
}

impl fmt::Debug for IndexTuples<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for IndexTuples<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        self.iter().try_for_each(|tuple| seq.serialize_element(&tuple))?;
        seq.end()
    }
}

#[cfg(test)]
impl schemars::JsonSchema for IndexTuples<'_> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "IndexTuples".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<IndexTuple<'_>>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}
