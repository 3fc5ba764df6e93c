//! Whether autovacuum would take up a table (`relation_needs_vacanalyze`, postmaster/autovacuum.c).
//!
//! ANALYZE is left out: nothing in a table tells how many changes there were since the last one.
use super::parameters::Parameters;
use crate::cluster::Relation;
use crate::report::autovacuum::{Autovacuum, Due};
use crate::report::bloat::percent;
use crate::report::wraparound::Age;

/// What was found in one table, of what autovacuum counts.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// Dead tuples and dead line pointers.
    pub dead_tuples: u64,
    /// Rows inserted since the last VACUUM.
    pub inserted_tuples: u64,
    /// All-frozen pages, of so many; none before 18, where they do not count. pg_class.relallfrozen
    /// was copied from the visibility map, which is newer.
    pub all_frozen: Option<(u64, u64)>,
}

/// Judges one table by the parameters that hold for it and by its ages.
pub fn judge(
    relation: &Relation,
    found: Found,
    vacuum: &Parameters,
    (xid, multi): (&Age, &Age),
) -> Autovacuum {
    // A table that was never vacuumed has reltuples -1 from 14 on, and counts as empty.
    let reltuples = f64::from(relation.reltuples.max(0.0));
    let dead_threshold = vacuum.threshold + vacuum.scale_factor * reltuples;
    let dead_threshold = vacuum.max_threshold.map_or(dead_threshold, |max| dead_threshold.min(max));
    let unfrozen = found.all_frozen.map_or(1.0, unfrozen);
    let insert_threshold = vacuum
        .insert_threshold
        .map(|threshold| threshold + vacuum.insert_scale_factor * reltuples * unfrozen);
    let enabled = vacuum.enabled;
    let forced = [
        (Due::FreezeAge, passed(xid)),
        (Due::MultixactAge, passed(multi)),
        (Due::DeadTuples, enabled && more(found.dead_tuples, dead_threshold)),
        (Due::Inserts, {
            enabled && insert_threshold.is_some_and(|most| more(found.inserted_tuples, most))
        }),
    ];
    let due = forced.into_iter().filter_map(|(due, is)| is.then_some(due)).collect();
    let Found { dead_tuples, inserted_tuples, .. } = found;
    Autovacuum { enabled, dead_tuples, dead_threshold, inserted_tuples, insert_threshold, due }
}

/// The part of the table's pages that is not all-frozen.
fn unfrozen((frozen, pages): (u64, u64)) -> f64 {
    1.0 - percent(frozen, pages) / 100.0
}

fn passed(age: &Age) -> bool {
    age.age != i32::MAX && u32::try_from(age.age).is_ok_and(|age_now| age_now > age.freeze_max_age)
}

#[expect(clippy::cast_precision_loss, reason = "the server compares as float4")]
fn more(tuples: u64, threshold: f64) -> bool {
    tuples as f64 > threshold
}
