//! What VACUUM does: `spgxlogVacuumLeaf`, `spgxlogVacuumRoot`, `spgxlogVacuumRedirect`
//! (access/spgxlog.h).
use super::State;
use crate::format::bytes::{skip, u16, u32};
use crate::format::error::ParseError;
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::index::{Offsets, catalog_rel, catalog_rel_desc, main};
use crate::layout::Dialect;
use crate::layout::wal::SpgistWords;
use crate::types::{OffsetNumber, Xid};
use std::fmt::{self, Write};

/// Leaf tuples of block 0 removed, and their chains mended. All but the counts are line pointers.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VacuumLeaf<'a> {
    /// How many tuples become dead: heads of chains without a live tuple.
    pub n_dead: u16,
    /// How many become placeholders.
    pub n_placeholder: u16,
    /// How many live tuples take the place of the head of their chain.
    pub n_move: u16,
    /// How many get another successor.
    pub n_chain: u16,
    /// For redirections, of which this makes none.
    pub state_src: State,
    /// Tuples that become dead.
    pub to_dead: Offsets<'a>,
    /// Tuples that become placeholders.
    pub to_placeholder: Offsets<'a>,
    /// Tuples that move, and leave placeholders.
    pub move_src: Offsets<'a>,
    /// Where they move.
    pub move_dest: Offsets<'a>,
    /// Tuples that get another successor.
    pub chain_src: Offsets<'a>,
    /// The successors.
    pub chain_dest: Offsets<'a>,
}

/// Tuples removed from block 0, a root that is a leaf.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VacuumRoot<'a> {
    /// How many.
    pub n_delete: u16,
    /// For redirections, of which this makes none.
    pub state_src: State,
    /// Their line pointers.
    pub offsets: Offsets<'a>,
}

/// Redirections of block 0 that nobody follows any more made placeholders, and placeholders at its
/// end removed.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VacuumRedirect<'a> {
    /// How many redirections.
    pub n_to_placeholder: u16,
    /// The first placeholder of those removed; 0 if none are.
    pub first_placeholder: OffsetNumber,
    /// The newest transaction that the redirections are of (`newestRedirectXid` to 15).
    pub snapshot_conflict_horizon: Xid,
    /// Whether the index is of a catalog (from 16).
    pub is_catalog_rel: Option<bool>,
    /// Line pointers of the redirections.
    pub offsets: Offsets<'a>,
}

impl<'a> VacuumLeaf<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        main(record, "spgxlogVacuumLeaf", |input| {
            let (rest, n_dead) = u16(input)?;
            let (rest, n_placeholder) = u16(rest)?;
            let (rest, n_move) = u16(rest)?;
            let (rest, n_chain) = u16(rest)?;
            let (rest, state_src) = State::parse(rest)?;
            let (rest, to_dead) = Offsets::parse(n_dead.into())(rest)?;
            let (rest, to_placeholder) = Offsets::parse(n_placeholder.into())(rest)?;
            let (rest, move_src) = Offsets::parse(n_move.into())(rest)?;
            let (rest, move_dest) = Offsets::parse(n_move.into())(rest)?;
            let (rest, chain_src) = Offsets::parse(n_chain.into())(rest)?;
            let (rest, chain_dest) = Offsets::parse(n_chain.into())(rest)?;
            let body = Self {
                n_dead,
                n_placeholder,
                n_move,
                n_chain,
                state_src,
                to_dead,
                to_placeholder,
                move_src,
                move_dest,
                chain_src,
                chain_dest,
            };
            Ok((rest, body))
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let Self { n_dead, n_placeholder, n_move, n_chain, .. } = self;
        match out.layout.index_wal().spgist_words {
            SpgistWords::Terse => Ok(()),
            SpgistWords::Keyed(_) => {
                write!(out, "ndead: {n_dead}, nplaceholder: {n_placeholder}, ")?;
                write!(out, "nmove: {n_move}, nchain: {n_chain}")
            }
        }
    }
}

impl<'a> VacuumRoot<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        main(record, "spgxlogVacuumRoot", |input| {
            let (rest, n_delete) = u16(input)?;
            let (rest, ()) = skip(2)(rest)?;
            let (rest, state_src) = State::parse(rest)?;
            let (rest, offsets) = Offsets::parse(n_delete.into())(rest)?;
            Ok((rest, Self { n_delete, state_src, offsets }))
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match out.layout.index_wal().spgist_words {
            SpgistWords::Terse => Ok(()),
            SpgistWords::Keyed(_) => write!(out, "ndelete: {}", self.n_delete),
        }
    }
}

impl<'a> VacuumRedirect<'a> {
    pub(super) fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        main(record, "spgxlogVacuumRedirect", |input| {
            let (rest, n_to_placeholder) = u16(input)?;
            let (rest, first) = u16(rest)?;
            let (rest, horizon) = u32(rest)?;
            let (rest, is_catalog_rel) = catalog_rel(dialect)(rest)?;
            let (rest, ()) = skip(is_catalog_rel.map_or(0, |_| 1))(rest)?;
            let (rest, offsets) = Offsets::parse(n_to_placeholder.into())(rest)?;
            let body = Self {
                n_to_placeholder,
                first_placeholder: OffsetNumber(first),
                snapshot_conflict_horizon: Xid(horizon),
                is_catalog_rel,
                offsets,
            };
            Ok((rest, body))
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let (placeholders, first) = (self.n_to_placeholder, self.first_placeholder);
        let horizon = self.snapshot_conflict_horizon;
        match out.layout.index_wal().spgist_words {
            SpgistWords::Terse => write!(out, "newest XID {horizon}"),
            SpgistWords::Keyed(name) => {
                write!(out, "ntoplaceholder: {placeholders}, firstplaceholder: {first}, ")?;
                write!(out, "{name}: {horizon}")?;
                catalog_rel_desc(self.is_catalog_rel, ", isCatalogRel: ", out)
            }
        }
    }
}
