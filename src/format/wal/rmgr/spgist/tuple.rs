//! Tuples of SP-GiST (`SpGistLeafTupleData`, `SpGistInnerTupleData`, access/spgist_private.h).
//! Records hold them without alignment.
//!
//! ```text
//! leaf:  0 tupstate: 2 bits, size: 30 | 4 nextOffset, from 14 t_info | 6 heapPtr | 12 the rest
//! inner: 0 tupstate: 2 bits, allTheSame: 1, nNodes: 13, prefixSize: 16 | 4 size | 8 prefix, nodes
//! ```
use crate::format::bytes::{skip, take, u16, u32};
use crate::format::error::{Fault, Parse, stop};
use crate::format::wal::rmgr::Hex;
use crate::format::wal::rmgr::array::one;
use crate::format::wal::rmgr::index_tuple::IndexTuples;
use crate::layout::Dialect;
use crate::layout::wal::SpgistLeaf;
use crate::types::{OffsetNumber, Tid};

/// Bytes of a leaf tuple before its null bitmap and values.
const LEAF_HEADER: usize = 12;
/// `SGITHDRSZ`: bytes of an inner tuple before its prefix.
const INNER_HEADER: usize = 8;

/// A tuple that stands for a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LeafTuple<'a> {
    /// 0 live, 1 redirects, 2 dead, 3 a placeholder.
    pub tupstate: u8,
    /// Bytes of the whole tuple.
    pub size: u32,
    /// Line pointer of the next tuple with the same parent; 0 if there is none.
    pub next_offset: OffsetNumber,
    /// Whether there is a null bitmap (from 14).
    pub has_null_mask: Option<bool>,
    /// The row.
    pub heap_ptr: Tid,
    /// Null bitmap, padding, values.
    pub data: Hex<'a>,
    /// All of it.
    #[serde(skip)]
    pub bytes: &'a [u8],
}

/// A tuple that leads further down.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct InnerTuple<'a> {
    /// 0 live, 1 redirects, 2 dead, 3 a placeholder.
    pub tupstate: u8,
    /// Whether its nodes are all equivalent.
    pub all_the_same: bool,
    /// How many nodes.
    pub n_nodes: u16,
    /// Bytes of the prefix.
    pub prefix_size: u16,
    /// Bytes of the whole tuple.
    pub size: u16,
    /// The prefix.
    pub prefix: Hex<'a>,
    /// The nodes: where each leads, and its label.
    pub nodes: IndexTuples<'a>,
}

impl<'a> LeafTuple<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// [`Fault::Truncated`]; [`Fault::Unexpected`] for a size that does not hold the head.
    pub fn parse(input: &'a [u8], dialect: &Dialect) -> Parse<'a, Self> {
        let (rest, word) = u32(input)?;
        let (rest, info) = u16(rest)?;
        let (rest, heap_ptr) = one(rest)?;
        let size = word >> 2;
        let (rest, data) = body(input, rest, size, LEAF_HEADER)?;
        let (next_offset, has_null_mask) = match dialect.layout.index_wal().spgist_leaf {
            SpgistLeaf::NextOffset => (info, None),
            SpgistLeaf::Info => (info & 0x3FFF, Some(info & 0x8000 != 0)),
        };
        let (tupstate, next_offset) = ((word & 0x03) as u8, OffsetNumber(next_offset));
        let bytes = input.get(..size as usize).unwrap_or_default();
        let data = Hex(data);
        Ok((rest, Self { tupstate, size, next_offset, has_null_mask, heap_ptr, data, bytes }))
    }

    /// Reads `count` of them.
    ///
    /// # Errors
    /// As [`Self::parse`], of the first that cannot be read.
    pub fn parse_many(count: usize, input: &'a [u8], dialect: &Dialect) -> Parse<'a, Vec<Self>> {
        // The count is a claim: room is made as tuples are found.
        let (mut rest, mut tuples) = (input, Vec::new());
        for _ in 0..count {
            let (after, tuple) = Self::parse(rest, dialect)?;
            tuples.push(tuple);
            rest = after;
        }
        Ok((rest, tuples))
    }
}

impl<'a> InnerTuple<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// [`Fault::Truncated`]; [`Fault::Unexpected`] for a size that does not hold the head.
    pub fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, word) = u32(input)?;
        let (rest, size) = u16(rest)?;
        let (rest, ()) = skip(2)(rest)?;
        let (rest, data) = body(input, rest, size.into(), INNER_HEADER)?;
        let prefix_size = (word >> 16) as u16;
        let (nodes, prefix) = take(prefix_size.into())(data)?;
        let (_, nodes) = IndexTuples::parse(nodes)?;
        let tuple = Self {
            tupstate: (word & 0x03) as u8,
            all_the_same: word & 0x04 != 0,
            n_nodes: ((word >> 3) & 0x1FFF) as u16,
            prefix_size,
            size,
            prefix: Hex(prefix),
            nodes,
        };
        Ok((rest, tuple))
    }
}

/// What a tuple of `size` bytes holds behind its head, of which `rest` has been read to the end.
fn body<'a>(input: &'a [u8], rest: &'a [u8], size: u32, header: usize) -> Parse<'a, &'a [u8]> {
    if let Some(len) = (size as usize).checked_sub(header) {
        return take(len)(rest);
    }
    let expected = "at least that of its head";
    stop(input, Fault::Unexpected { field: "size", found: size.into(), expected })
}
