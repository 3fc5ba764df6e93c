//! Inner tuples that grow or are split: `spgxlogAddNode`, `spgxlogSplitTuple` (access/spgxlog.h).
use super::{InnerTuple, State, marks};
use crate::format::bytes::{flag, skip, u8, u16};
use crate::format::error::ParseError;
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::index::main;
use crate::layout::wal::SpgistWords;
use crate::types::OffsetNumber;
use std::fmt::{self, Write};

/// An inner tuple of block 0 got one more node, there or in block 1; block 2 is the parent, where
/// that is another.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AddNode<'a> {
    /// The tuple's line pointer in block 0.
    pub offnum: OffsetNumber,
    /// Its new one in block 1; 0 if it stays.
    pub offnum_new: OffsetNumber,
    /// Whether replay makes block 1 anew.
    pub new_page: bool,
    /// Which block of the record the parent is in; -1 if its downlink stays.
    pub parent_blk: i8,
    /// Line pointer of the parent.
    pub offnum_parent: OffsetNumber,
    /// Which of the parent's nodes, from 0.
    pub node_i: u16,
    /// For the redirection that stays in block 0.
    pub state_src: State,
    /// The tuple as it is now.
    pub inner_tuple: InnerTuple<'a>,
}

/// An inner tuple of block 0 split in two, by a part of its prefix.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SplitTuple<'a> {
    /// The upper tuple's line pointer, in block 0.
    pub offnum_prefix: OffsetNumber,
    /// The lower tuple's line pointer.
    pub offnum_postfix: OffsetNumber,
    /// Whether replay makes block 1 anew.
    pub new_page: bool,
    /// Whether the lower tuple is in block 0 too, rather than in block 1.
    pub postfix_blk_same: bool,
    /// The upper tuple.
    pub prefix_tuple: InnerTuple<'a>,
    /// The lower tuple.
    pub postfix_tuple: InnerTuple<'a>,
}

impl<'a> AddNode<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        main(record, "spgxlogAddNode", |input| {
            let (rest, offnum) = u16(input)?;
            let (rest, new) = u16(rest)?;
            let (rest, new_page) = flag(rest)?;
            let (rest, parent_blk) = u8(rest)?;
            let (rest, parent) = u16(rest)?;
            let (rest, node_i) = u16(rest)?;
            let (rest, ()) = skip(2)(rest)?;
            let (rest, state_src) = State::parse(rest)?;
            let (rest, inner_tuple) = InnerTuple::parse(rest)?;
            let body = Self {
                offnum: OffsetNumber(offnum),
                offnum_new: OffsetNumber(new),
                new_page,
                parent_blk: parent_blk.cast_signed(),
                offnum_parent: OffsetNumber(parent),
                node_i,
                state_src,
                inner_tuple,
            };
            Ok((rest, body))
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let Self { offnum, offnum_new, parent_blk, offnum_parent, node_i, .. } = self;
        match out.layout.index_wal().spgist_words {
            SpgistWords::Terse => write!(out, "off {offnum}"),
            SpgistWords::Keyed(_) => {
                write!(out, "off: {offnum}, newoff: {offnum_new}, parentBlk: {parent_blk}, ")?;
                write!(out, "parentoff: {offnum_parent}, nodeI: {node_i}")?;
                marks(&[(self.new_page, " (newpage)")], out)
            }
        }
    }
}

impl<'a> SplitTuple<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        main(record, "spgxlogSplitTuple", |input| {
            let (rest, prefix) = u16(input)?;
            let (rest, postfix) = u16(rest)?;
            let (rest, new_page) = flag(rest)?;
            let (rest, postfix_blk_same) = flag(rest)?;
            let (rest, prefix_tuple) = InnerTuple::parse(rest)?;
            let (rest, postfix_tuple) = InnerTuple::parse(rest)?;
            let body = Self {
                offnum_prefix: OffsetNumber(prefix),
                offnum_postfix: OffsetNumber(postfix),
                new_page,
                postfix_blk_same,
                prefix_tuple,
                postfix_tuple,
            };
            Ok((rest, body))
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let Self { offnum_prefix: prefix, offnum_postfix: postfix, .. } = self;
        let (same, new) = (self.postfix_blk_same, self.new_page);
        match out.layout.index_wal().spgist_words {
            SpgistWords::Terse => {
                let (same, new) = (u8::from(same), u8::from(new));
                write!(out, "prefix off: {prefix}, postfix off: {postfix} ")?;
                write!(out, "(same {same}, new {new})")
            }
            SpgistWords::Keyed(_) => {
                write!(out, "prefixoff: {prefix}, postfixoff: {postfix}")?;
                marks(&[(new, " (newpage)"), (same, " (same)")], out)
            }
        }
    }
}
