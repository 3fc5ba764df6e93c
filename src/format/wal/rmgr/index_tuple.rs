//! Index tuples in records, one behind the other ([`IndexTuple`], which pages have too).
use super::Hex;
use crate::format::bytes::align;
use crate::format::error::Parse;
use crate::format::index::IndexTuple;
use crate::types::Tid;
use serde::ser::{Serialize, SerializeSeq, Serializer};
use std::fmt;

/// Bytes of a header.
const HEADER: usize = 8;
/// `MAXIMUM_ALIGNOF`: what a tuple's place on its page is a multiple of.
const MAX_ALIGN: usize = 8;

/// An index tuple: its header and the bytes behind it.
#[derive(serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Fields<'a> {
    /// The row, or what the access method keeps in its place (a child, a count of attributes).
    t_tid: Tid,
    /// Size in the low 13 bits, then the access method's bit, "has varwidths", "has nulls".
    t_info: u16,
    /// Null bitmap, keys, and what else the access method stores (btree: the posting list).
    data: Hex<'a>,
}

impl Serialize for IndexTuple<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let data = Hex(self.bytes().get(HEADER..).unwrap_or_default());
        Fields { t_tid: self.t_tid, t_info: self.t_info, data }.serialize(serializer)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for IndexTuple<'_> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "IndexTuple".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Fields::json_schema(generator)
    }
}

/// Reads one, and past what aligns it to 8 as far as that is there: a last tuple may be stored
/// without (`_bt_insertonpg` logs `IndexTupleSize` bytes).
///
/// # Errors
/// As [`IndexTuple::parse_without_bitmap`]: whether there is room for a null bitmap is a question
/// for those who read values.
pub(super) fn logged(input: &[u8]) -> Parse<'_, IndexTuple<'_>> {
    let (rest, tuple) = IndexTuple::parse_without_bitmap(input)?;
    let size = usize::from(tuple.size());
    let padding = align(size, MAX_ALIGN).saturating_sub(size);
    Ok((rest.get(padding..).unwrap_or(&[]), tuple))
}

/// The tuples of a page, as they lie there: last line pointer first (`_bt_restore_page`,
/// access/nbtree/nbtxlog.c). Serialises as an array.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IndexTuples<'a>(&'a [u8]);

impl<'a> IndexTuples<'a> {
    /// Reads tuples to the end of `input`.
    ///
    /// # Errors
    /// As `logged`, of the first that cannot be read.
    pub fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let mut rest = input;
        while !rest.is_empty() {
            (rest, _) = logged(rest)?;
        }
        Ok((rest, Self(input)))
    }

    /// The tuples, in the order of their bytes.
    pub fn iter(&self) -> impl Iterator<Item = IndexTuple<'a>> + use<'a> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (after, tuple) = logged(rest).ok()?;
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
