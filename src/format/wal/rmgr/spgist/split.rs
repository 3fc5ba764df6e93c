//! A chain of leaf tuples distributed below a new inner tuple: `spgxlogPickSplit`
//! (access/spgxlog.h).
use super::{InnerTuple, LeafTuple, State, marks};
use crate::format::bytes::{flag, skip, take, u16};
use crate::format::error::{Parse, ParseError};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::index::{Offsets, main};
use crate::format::wal::rmgr::{Desc, Hex};
use crate::layout::Dialect;
use crate::layout::wal::SpgistWords;
use crate::types::OffsetNumber;
use std::fmt::{self, Write};

/// Leaf tuples of block 0 distributed over it and block 1 under an inner tuple in block 2; block 3
/// is the parent, where that is another.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PickSplit<'a> {
    /// The fields of fixed size.
    #[serde(flatten)]
    pub head: PickSplitHead,
    /// Line pointers of block 0 that lost their tuples.
    pub to_delete: Offsets<'a>,
    /// Line pointers that got some.
    pub to_insert: Offsets<'a>,
    /// For each of these a byte: 0 for block 0, 1 for block 1.
    pub leaf_page_select: Hex<'a>,
    /// The new inner tuple.
    pub inner_tuple: InnerTuple<'a>,
    /// The leaf tuples.
    pub leaf_tuples: Vec<LeafTuple<'a>>,
}

/// The fields of fixed size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(clippy::struct_excessive_bools, reason = "the record's own fields")]
pub struct PickSplitHead {
    /// Whether the root was split, which had been a leaf: then there is no block 0.
    pub is_root_split: bool,
    /// How many tuples block 0 loses.
    pub n_delete: u16,
    /// How many tuples blocks 0 and 1 get.
    pub n_insert: u16,
    /// Whether replay makes block 0 anew.
    pub init_src: bool,
    /// Whether replay makes block 1 anew.
    pub init_dest: bool,
    /// Line pointer of the new inner tuple.
    pub offnum_inner: OffsetNumber,
    /// Whether replay makes block 2 anew.
    pub init_inner: bool,
    /// Whether the pages are of the tree of nulls.
    pub stores_nulls: bool,
    /// Whether the parent is in block 2 too.
    pub inner_is_parent: bool,
    /// Line pointer of the parent; 0 if there is none.
    pub offnum_parent: OffsetNumber,
    /// Which of the parent's nodes, from 0.
    pub node_i: u16,
    /// For the redirection that stays in block 0.
    pub state_src: State,
}

impl<'a> PickSplit<'a> {
    pub(super) fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        main(record, "spgxlogPickSplit", |input| {
            let (rest, head) = PickSplitHead::parse(input)?;
            let inserted = usize::from(head.n_insert);
            let (rest, to_delete) = Offsets::parse(head.n_delete.into())(rest)?;
            let (rest, to_insert) = Offsets::parse(inserted)(rest)?;
            let (rest, leaf_page_select) = take(inserted)(rest)?;
            let (rest, inner_tuple) = InnerTuple::parse(rest)?;
            let (rest, leaf_tuples) = LeafTuple::parse_many(inserted, rest, dialect)?;
            let leaf_page_select = Hex(leaf_page_select);
            let body =
                Self { head, to_delete, to_insert, leaf_page_select, inner_tuple, leaf_tuples };
            Ok((rest, body))
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let head = &self.head;
        let (deleted, inserted) = (head.n_delete, head.n_insert);
        let inner_is_parent = (head.inner_is_parent, " (innerIsParent)");
        let is_root_split = (head.is_root_split, " (isRootSplit)");
        match out.layout.index_wal().spgist_words {
            SpgistWords::Terse => {
                write!(out, "ndel {deleted}; nins {inserted}")?;
                marks(&[inner_is_parent, is_root_split], out)
            }
            SpgistWords::Keyed(_) => {
                let PickSplitHead { offnum_inner, offnum_parent, node_i, .. } = head;
                write!(out, "ndelete: {deleted}, ninsert: {inserted}, inneroff: {offnum_inner}, ")?;
                write!(out, "parentoff: {offnum_parent}, nodeI: {node_i}")?;
                marks(&[inner_is_parent, (head.stores_nulls, " (nulls)"), is_root_split], out)
            }
        }
    }
}

impl PickSplitHead {
    fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, is_root_split) = flag(input)?;
        let (rest, ()) = skip(1)(rest)?;
        let (rest, n_delete) = u16(rest)?;
        let (rest, n_insert) = u16(rest)?;
        let (rest, init_src) = flag(rest)?;
        let (rest, init_dest) = flag(rest)?;
        let (rest, inner) = u16(rest)?;
        let (rest, init_inner) = flag(rest)?;
        let (rest, stores_nulls) = flag(rest)?;
        let (rest, inner_is_parent) = flag(rest)?;
        let (rest, ()) = skip(1)(rest)?;
        let (rest, parent) = u16(rest)?;
        let (rest, node_i) = u16(rest)?;
        let (rest, ()) = skip(2)(rest)?;
        let (rest, state_src) = State::parse(rest)?;
        let head = Self {
            is_root_split,
            n_delete,
            n_insert,
            init_src,
            init_dest,
            offnum_inner: OffsetNumber(inner),
            init_inner,
            stores_nulls,
            inner_is_parent,
            offnum_parent: OffsetNumber(parent),
            node_i,
            state_src,
        };
        Ok((rest, head))
    }
}
