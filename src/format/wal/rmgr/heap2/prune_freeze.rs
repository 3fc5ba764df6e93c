//! Pruning, vacuum and freezing in one record, from 17 on (`xl_heap_prune` and the sub-records in
//! block 0's data: access/heapam_xlog.h; `heap_xlog_deserialize_prune_and_freeze`,
//! access/rmgrdesc/heapdesc.c).
//!
//! ```text
//! main     reason, flags (from 19: 16 bits of flags) | conflict horizon, unaligned
//! block 0  nplans, 2 bytes, plans | n, redirected | n, dead | n, unused | offsets of the plans
//! ```
use super::plans::FreezePlans;
use super::prune::PruneItems;
use crate::format::bytes::{skip, u8, u16, u32};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::{Array, Element};
use crate::layout::wal::HeapPruning;
use crate::types::Xid;
use std::fmt;

/// `XLHP_IS_CATALOG_REL`.
const IS_CATALOG_REL: u16 = 1 << 1;
/// `XLHP_HAS_CONFLICT_HORIZON`.
const HAS_CONFLICT_HORIZON: u16 = 1 << 3;
/// `XLHP_HAS_FREEZE_PLANS`.
const HAS_FREEZE_PLANS: u16 = 1 << 4;
/// `XLHP_HAS_REDIRECTIONS`.
const HAS_REDIRECTIONS: u16 = 1 << 5;
/// `XLHP_HAS_DEAD_ITEMS`.
const HAS_DEAD_ITEMS: u16 = 1 << 6;
/// `XLHP_HAS_NOW_UNUSED_ITEMS`.
const HAS_NOW_UNUSED_ITEMS: u16 = 1 << 7;
/// `XLHP_VM_ALL_VISIBLE` (19 and later).
const VM_ALL_VISIBLE: u16 = 1 << 8;
/// `XLHP_VM_ALL_FROZEN` (19 and later).
const VM_ALL_FROZEN: u16 = 1 << 9;

/// Block 0 pruned, vacuumed, frozen.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PruneFreeze<'a> {
    /// A byte that 17 and 18 never set: what happened to be in memory.
    pub reason: Option<u8>,
    /// `XLHP_*`.
    pub flags: u16,
    /// Newest xid of what was removed or frozen: older snapshots conflict.
    pub snapshot_conflict_horizon: Option<Xid>,
    /// What was done; not beside a full-page image, which has the page as it is after it.
    #[serde(flatten)]
    pub page: Option<PrunedPage<'a>>,
}

/// What becomes of the rows and line pointers of a page.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PrunedPage<'a> {
    /// Rows frozen.
    pub plans: FreezePlans<'a>,
    /// Line pointers.
    #[serde(flatten)]
    pub items: PruneItems<'a>,
}

impl<'a> PruneFreeze<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data or the block's data is too short.
    pub fn parse(record: &Record<'a>, shape: HeapPruning) -> Result<Self, ParseError> {
        let mut prune = parse_at(record.main, 0, "xl_heap_prune", |input| {
            let (rest, (reason, flags)) = head(input, shape)?;
            let (rest, snapshot_conflict_horizon) = if flags & HAS_CONFLICT_HORIZON == 0 {
                (rest, None)
            } else {
                u32(rest).map(|(rest, xid)| (rest, Some(Xid(xid))))?
            };
            Ok((rest, Self { reason, flags, snapshot_conflict_horizon, page: None }))
        })?;
        let data = record.block_data(0);
        if !data.is_empty() {
            let flags = prune.flags;
            prune.page = Some(parse_at(data, 0, "xlhp_prune_items", |input| {
                PrunedPage::parse(input, flags)
            })?);
        }
        Ok(prune)
    }

    /// Bits that the visibility map gets for the block (`VISIBILITYMAP_*`), 0 if none.
    pub const fn vm_flags(&self) -> u8 {
        match (self.flags & VM_ALL_VISIBLE != 0, self.flags & VM_ALL_FROZEN != 0) {
            (false, _) => 0,
            (true, false) => 0x01,
            (true, true) => 0x03,
        }
    }

    /// Writes what heap2_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        if let Some(horizon) = self.snapshot_conflict_horizon {
            out.pair("snapshotConflictHorizon: ", horizon.0)?;
        }
        let is_catalog_rel = self.flags & IS_CATALOG_REL != 0;
        out.text(if is_catalog_rel { ", isCatalogRel: T" } else { ", isCatalogRel: F" })?;
        if self.vm_flags() != 0 {
            out.flags(", vm_flags: ", self.vm_flags())?;
        }
        self.page.map_or(Ok(()), |page| page.desc(out))
    }
}

/// `reason` and `flags`.
fn head(input: &[u8], shape: HeapPruning) -> Parse<'_, (Option<u8>, u16)> {
    match shape {
        HeapPruning::SetsVisible => u16(input).map(|(rest, flags)| (rest, (None, flags))),
        HeapPruning::Clean
        | HeapPruning::Vacuums
        | HeapPruning::SharedPlans
        | HeapPruning::Merged => {
            let (rest, reason) = u8(input)?;
            u8(rest).map(|(rest, flags)| (rest, (Some(reason), flags.into())))
        }
    }
}

impl<'a> PrunedPage<'a> {
    fn parse(input: &'a [u8], flags: u16) -> Parse<'a, Self> {
        let (rest, plans) = if flags & HAS_FREEZE_PLANS == 0 {
            (input, FreezePlans::EMPTY)
        } else {
            let (rest, nplans) = u16(input)?;
            let (rest, ()) = skip(2)(rest)?;
            FreezePlans::parse(nplans)(rest)?
        };
        let (rest, redirected) = counted(rest, flags & HAS_REDIRECTIONS != 0)?;
        let (rest, nowdead) = counted(rest, flags & HAS_DEAD_ITEMS != 0)?;
        let (rest, nowunused) = counted(rest, flags & HAS_NOW_UNUSED_ITEMS != 0)?;
        let (rest, plans) = plans.with_offsets(rest)?;
        Ok((rest, Self { plans, items: PruneItems { redirected, nowdead, nowunused } }))
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let items = &self.items;
        out.pair(", nplans: ", self.plans.len())?;
        out.pair(", nredirected: ", items.redirected.len())?;
        out.pair(", ndead: ", items.nowdead.len())?;
        out.pair(", nunused: ", items.nowunused.len())?;
        if !self.plans.is_empty() {
            self.plans.desc(out)?;
        }
        if !items.redirected.is_empty() {
            items.desc_redirected(out)?;
        }
        if !items.nowdead.is_empty() {
            items.desc_dead(out)?;
        }
        if items.nowunused.is_empty() { Ok(()) } else { items.desc_unused(out) }
    }
}

/// `xlhp_prune_items`, if the flags say that it is there.
fn counted<T: Element>(input: &[u8], present: bool) -> Parse<'_, Array<'_, T>> {
    if !present {
        return Ok((input, Array::EMPTY));
    }
    let (rest, ntargets) = u16(input)?;
    Array::parse(ntargets.into())(rest)
}
