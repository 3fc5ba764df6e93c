//! Freezing to 16 (`xl_heap_freeze_page`, access/heapam_xlog.h); from 17 on records that prune
//! freeze too.
use super::plans::FreezePlans;
use super::prune::catalog_rel;
use crate::format::bytes::{u16, u32};
use crate::format::error::{ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::layout::wal::{HeapPruning, HeapWords};
use crate::types::Xid;
use std::fmt;

/// Rows of block 0 frozen.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FreezePage<'a> {
    /// Xids before it are frozen (`cutoff_xid`, to 15); snapshots older than it conflict (16).
    pub snapshot_conflict_horizon: Xid,
    /// How many plans (`ntuples` to 15, one for each row).
    pub nplans: u16,
    /// Whether logical decoding can read the relation (16).
    pub is_catalog_rel: Option<bool>,
    /// The plans; not beside a full-page image, which has the page frozen.
    pub plans: Option<FreezePlans<'a>>,
}

impl<'a> FreezePage<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data or the block's data is too short.
    pub fn parse(record: &Record<'a>, shape: HeapPruning) -> Result<Self, ParseError> {
        let mut page = parse_at(record.main, 0, "xl_heap_freeze_page", |input| {
            let (rest, horizon) = u32(input)?;
            let (rest, nplans) = u16(rest)?;
            let (rest, is_catalog_rel) = catalog_rel(rest, shape)?;
            let snapshot_conflict_horizon = Xid(horizon);
            Ok((rest, Self { snapshot_conflict_horizon, nplans, is_catalog_rel, plans: None }))
        })?;
        let data = record.block_data(0);
        if !data.is_empty() {
            page.plans = Some(parse_at(data, 0, "xl_heap_freeze_plan", |input| {
                let (rest, plans) = FreezePlans::parse(page.nplans)(input)?;
                match shape {
                    HeapPruning::Clean | HeapPruning::Vacuums => Ok((rest, plans)),
                    HeapPruning::SharedPlans | HeapPruning::Merged | HeapPruning::SetsVisible => {
                        plans.with_offsets(rest)
                    }
                }
            })?);
        }
        Ok(page)
    }

    /// Writes what heap2_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let horizon = self.snapshot_conflict_horizon.0;
        match out.layout.heap_wal().words {
            HeapWords::Prose => {
                out.pair("cutoff xid ", horizon)?;
                out.pair(" ntuples ", self.nplans)
            }
            HeapWords::Keyed => {
                out.pair("snapshotConflictHorizon: ", horizon)?;
                out.pair(", nplans: ", self.nplans)?;
                self.plans.map_or(Ok(()), |plans| plans.desc(out))
            }
        }
    }
}
