//! How much of a table is frozen, what is not, and what freezing it would cost.
use crate::types::{MultiXactId, Xid};
use serde::Serialize;

/// One relation's freezing. Page counts as in pg_visibility_map_summary.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Freeze {
    /// Pages that the visibility map calls all-visible.
    pub all_visible: u64,
    /// Pages that the visibility map calls all-frozen.
    pub all_frozen: u64,
    /// Pages that carry `PD_ALL_VISIBLE` themselves.
    pub pd_all_visible: u64,
    /// Pages on which every tuple is in fact visible to all.
    pub visible_pages: u64,
    /// Pages on which, besides, nothing is left to freeze.
    pub frozen_pages: u64,
    /// Pages on which map and heap contradict each other.
    pub contradictions: u64,
    /// Tuples with storage, live or dead.
    pub tuples: u64,
    /// Of these, tuples whose xmin is frozen.
    pub frozen_tuples: u64,
    /// Of these, tuples with nothing left to freeze, neither xmin nor xmax.
    pub settled_tuples: u64,
    /// The oldest xid found that is not frozen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_xid: Option<Xid>,
    /// The oldest multixact found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_multi: Option<MultiXactId>,
    /// Tuples with an xid or multixact older than pg_class records.
    pub older_than_recorded: u64,
    /// Tuples whose xmin is not frozen by its age, in the buckets of [`AGE_BUCKETS`] and one more.
    pub xmin_ages: [u64; AGE_BUCKETS.len() + 1],
    /// Pages that an aggressive VACUUM would read.
    pub aggressive_reads: u64,
    /// Pages that it would change.
    pub aggressive_dirties: u64,
}

/// Upper ends (exclusive, in transactions) of the buckets of [`Freeze::xmin_ages`]; the last bucket
/// is open. They are where defaults lie: vacuum_freeze_min_age, vacuum_freeze_table_age,
/// autovacuum_freeze_max_age, vacuum_failsafe_age.
pub const AGE_BUCKETS: [u32; 9] = [
    10_000,
    1_000_000,
    10_000_000,
    50_000_000,
    150_000_000,
    200_000_000,
    500_000_000,
    1_000_000_000,
    1_600_000_000,
];
