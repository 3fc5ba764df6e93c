//! Pruning to 16 (`xl_heap_clean`, from 14 `xl_heap_prune`: access/heapam_xlog.h).
use crate::format::bytes::{flag, u16, u32};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::{Array, Element};
use crate::layout::wal::{HeapPruning, HeapWords};
use crate::types::{OffsetNumber, Xid};
use std::fmt;

/// Line pointers of block 0 redirected, dead and unused, and its rows moved together.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Prune<'a> {
    /// Newest xid of what was removed (`latestRemovedXid` to 15): older snapshots conflict.
    pub snapshot_conflict_horizon: Xid,
    /// Line pointers redirected.
    pub nredirected: u16,
    /// Line pointers now dead.
    pub ndead: u16,
    /// Whether logical decoding can read the relation (16).
    pub is_catalog_rel: Option<bool>,
    /// Which; not beside a full-page image, which has the page pruned.
    #[serde(flatten)]
    pub items: Option<PruneItems<'a>>,
}

/// What becomes of line pointers.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PruneItems<'a> {
    /// Those that lead to another from now on.
    pub redirected: Array<'a, Redirect>,
    /// Those that are dead from now on.
    pub nowdead: Array<'a, OffsetNumber>,
    /// Those that are free from now on.
    pub nowunused: Array<'a, OffsetNumber>,
}

/// A line pointer that leads to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Redirect {
    /// The line pointer.
    pub from: OffsetNumber,
    /// The one it leads to.
    pub to: OffsetNumber,
}

impl Element for Redirect {
    const SIZE: usize = 4;

    #[inline]
    fn read(bytes: &[u8]) -> Option<Self> {
        let (from, to) = bytes.split_at_checked(2)?;
        Some(Self { from: OffsetNumber::read(from)?, to: OffsetNumber::read(to)? })
    }
}

impl<'a> Prune<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data or the block's data is too short.
    pub fn parse(record: &Record<'a>, shape: HeapPruning) -> Result<Self, ParseError> {
        let mut prune = parse_at(record.main, 0, "xl_heap_prune", |input| {
            let (rest, horizon) = u32(input)?;
            let (rest, nredirected) = u16(rest)?;
            let (rest, ndead) = u16(rest)?;
            let (rest, is_catalog_rel) = catalog_rel(rest, shape)?;
            let snapshot_conflict_horizon = Xid(horizon);
            let prune =
                Self { snapshot_conflict_horizon, nredirected, ndead, is_catalog_rel, items: None };
            Ok((rest, prune))
        })?;
        let data = record.block_data(0);
        if !data.is_empty() {
            prune.items = Some(parse_at(data, 0, "offsets to prune", |input| {
                let (rest, redirected) = Array::parse(prune.nredirected.into())(input)?;
                let (rest, nowdead) = Array::parse(prune.ndead.into())(rest)?;
                // All that is left: the record does not count them.
                let nowunused = Array::new(rest);
                Ok((&[], PruneItems { redirected, nowdead, nowunused }))
            })?);
        }
        Ok(prune)
    }

    /// Writes what heap2_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let wal = out.layout.heap_wal();
        let horizon = self.snapshot_conflict_horizon.0;
        match wal.words {
            HeapWords::Prose if wal.pruning == HeapPruning::Clean => out.pair("remxid ", horizon),
            HeapWords::Prose => {
                out.pair("latestRemovedXid ", horizon)?;
                out.pair(" nredirected ", self.nredirected)?;
                out.pair(" ndead ", self.ndead)
            }
            HeapWords::Keyed => {
                out.pair("snapshotConflictHorizon: ", horizon)?;
                out.pair(", nredirected: ", self.nredirected)?;
                out.pair(", ndead: ", self.ndead)?;
                let Some(items) = &self.items else { return Ok(()) };
                out.pair(", nunused: ", items.nowunused.len())?;
                items.desc_redirected(out)?;
                items.desc_dead(out)?;
                items.desc_unused(out)
            }
        }
    }
}

impl PruneItems<'_> {
    pub(super) fn desc_redirected(&self, out: &mut Desc<'_>) -> fmt::Result {
        out.text(", redirected:")?;
        self.redirected.desc(out, |item, out| {
            out.number(item.from.0)?;
            out.pair("->", item.to.0)
        })
    }

    pub(super) fn desc_dead(&self, out: &mut Desc<'_>) -> fmt::Result {
        out.text(", dead:")?;
        self.nowdead.desc(out, |item, out| out.number(item.0))
    }

    pub(super) fn desc_unused(&self, out: &mut Desc<'_>) -> fmt::Result {
        out.text(", unused:")?;
        self.nowunused.desc(out, |item, out| out.number(item.0))
    }
}

/// `isCatalogRel`, last in records that prune or freeze in 16.
pub(super) fn catalog_rel(input: &[u8], shape: HeapPruning) -> Parse<'_, Option<bool>> {
    match shape {
        HeapPruning::SharedPlans => flag(input).map(|(rest, set)| (rest, Some(set))),
        HeapPruning::Clean
        | HeapPruning::Vacuums
        | HeapPruning::Merged
        | HeapPruning::SetsVisible => Ok((input, None)),
    }
}
