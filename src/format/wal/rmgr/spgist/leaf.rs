//! Leaf tuples added and moved: `spgxlogAddLeaf`, `spgxlogMoveLeafs` (access/spgxlog.h).
use super::{LeafTuple, State, marks};
use crate::format::bytes::{flag, skip, u16};
use crate::format::error::{Parse, ParseError};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::index::{Offsets, main};
use crate::layout::Dialect;
use crate::layout::wal::SpgistWords;
use crate::types::OffsetNumber;
use std::fmt::{self, Write};

/// A leaf tuple added to block 0; block 1 is its parent, where the downlink changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AddLeaf<'a> {
    /// Whether replay makes the page anew.
    pub new_page: bool,
    /// Whether the page is of the tree of nulls.
    pub stores_nulls: bool,
    /// The tuple's line pointer.
    pub offnum_leaf: OffsetNumber,
    /// Head of the chain that it joins; its own if it replaces a dead tuple, 0 if there is none.
    pub offnum_head_leaf: OffsetNumber,
    /// Line pointer of the parent; 0 if the downlink stays.
    pub offnum_parent: OffsetNumber,
    /// Which of the parent's nodes, from 0.
    pub node_i: u16,
    /// The tuple.
    pub leaf_tuple: LeafTuple<'a>,
}

/// A chain of leaf tuples moved from block 0 to block 1 with one more; block 2 is the parent.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MoveLeafs<'a> {
    /// How many moved.
    pub n_moves: u16,
    /// Whether replay makes block 1 anew.
    pub new_page: bool,
    /// Whether what moved was only a dead tuple, which the new one replaces.
    pub replace_dead: bool,
    /// Whether the pages are of the tree of nulls.
    pub stores_nulls: bool,
    /// Line pointer of the parent.
    pub offnum_parent: OffsetNumber,
    /// Which of the parent's nodes, from 0.
    pub node_i: u16,
    /// For the redirection that stays in block 0.
    pub state_src: State,
    /// Line pointers of block 0 that lost their tuples.
    pub to_delete: Offsets<'a>,
    /// Line pointers of block 1 that got some.
    pub to_insert: Offsets<'a>,
    /// The tuples for these.
    pub leaf_tuples: Vec<LeafTuple<'a>>,
}

impl<'a> AddLeaf<'a> {
    pub(super) fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        main(record, "spgxlogAddLeaf", |input| {
            let (rest, new_page) = flag(input)?;
            let (rest, stores_nulls) = flag(rest)?;
            let (rest, leaf) = u16(rest)?;
            let (rest, head) = u16(rest)?;
            let (rest, parent) = u16(rest)?;
            let (rest, node_i) = u16(rest)?;
            let (rest, leaf_tuple) = LeafTuple::parse(rest, dialect)?;
            let body = Self {
                new_page,
                stores_nulls,
                offnum_leaf: OffsetNumber(leaf),
                offnum_head_leaf: OffsetNumber(head),
                offnum_parent: OffsetNumber(parent),
                node_i,
                leaf_tuple,
            };
            Ok((rest, body))
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let Self { offnum_leaf: leaf, offnum_head_leaf: head, offnum_parent: parent, .. } = self;
        match out.layout.index_wal().spgist_words {
            SpgistWords::Terse => {
                write!(out, "add leaf to page; off {leaf}; headoff {head}; parentoff {parent}")
            }
            SpgistWords::Keyed(_) => {
                write!(out, "off: {leaf}, headoff: {head}, parentoff: {parent}, ")?;
                write!(out, "nodeI: {}", self.node_i)
            }
        }?;
        marks(&[(self.new_page, " (newpage)"), (self.stores_nulls, " (nulls)")], out)
    }
}

impl<'a> MoveLeafs<'a> {
    pub(super) fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        main(record, "spgxlogMoveLeafs", |input| {
            let (rest, body) = Self::fields(input)?;
            let (rest, to_delete) = Offsets::parse(body.n_moves.into())(rest)?;
            let inserted =
                if body.replace_dead { 1 } else { usize::from(body.n_moves).saturating_add(1) };
            let (rest, to_insert) = Offsets::parse(inserted)(rest)?;
            let (rest, leaf_tuples) = LeafTuple::parse_many(inserted, rest, dialect)?;
            Ok((rest, Self { to_delete, to_insert, leaf_tuples, ..body }))
        })
    }

    /// The fields of fixed size.
    fn fields(input: &[u8]) -> Parse<'_, Self> {
        let (rest, n_moves) = u16(input)?;
        let (rest, new_page) = flag(rest)?;
        let (rest, replace_dead) = flag(rest)?;
        let (rest, stores_nulls) = flag(rest)?;
        let (rest, ()) = skip(1)(rest)?;
        let (rest, parent) = u16(rest)?;
        let (rest, node_i) = u16(rest)?;
        let (rest, ()) = skip(2)(rest)?;
        let (rest, state_src) = State::parse(rest)?;
        let body = Self {
            n_moves,
            new_page,
            replace_dead,
            stores_nulls,
            offnum_parent: OffsetNumber(parent),
            node_i,
            state_src,
            to_delete: Offsets::EMPTY,
            to_insert: Offsets::EMPTY,
            leaf_tuples: Vec::new(),
        };
        Ok((rest, body))
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let Self { n_moves, offnum_parent, node_i, .. } = self;
        match out.layout.index_wal().spgist_words {
            SpgistWords::Terse => write!(out, "{n_moves} leafs"),
            SpgistWords::Keyed(_) => {
                write!(out, "nmoves: {n_moves}, parentoff: {offnum_parent}, nodeI: {node_i}")?;
                let dead = (self.replace_dead, " (replacedead)");
                let nulls = (self.stores_nulls, " (nulls)");
                marks(&[(self.new_page, " (newpage)"), dead, nulls], out)
            }
        }
    }
}
