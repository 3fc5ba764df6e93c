//! The audit: one scan over all tables, then every table judged.
mod row;
mod tables;

use super::bloat::BloatScan;
use super::freeze::FreezeScan;

use super::scan::{self, Context, Target};
use super::wraparound;
use crate::cluster::{Cluster, SelectError, Selector};
use crate::finding::{Finding, Findings, Place, rules};
use crate::report::Coverage;
use crate::report::audit::{Audit, TableAudit, Thresholds, Totals, View};
use crate::report::doc::Tone;
use crate::report::freeze::AGE_BUCKETS;
use crate::report::wraparound::Wraparound;
use crate::source::Progress;
use row::Judge;
use std::cmp::Reverse;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which relations; all of all databases if empty.
    pub selectors: Vec<Selector>,
    /// From where on a table is marked.
    pub thresholds: Thresholds,
    /// Threads to work with, at least 1.
    pub jobs: usize,
}

/// The answer, with what was wrong and how far it was read.
#[derive(Debug)]
pub struct Audited {
    /// The answer.
    pub audit: Audit,
    /// What is wrong: with the cluster, and with the tables.
    pub findings: Findings,
    /// What was read.
    pub coverage: Coverage,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// A selector means nothing here.
    #[error(transparent)]
    Select(#[from] SelectError),
    /// The selectors mean relations, but no table among them.
    #[error("none of what was selected is a table, TOAST table or materialized view")]
    NoTable,
    /// The threads could not be started.
    #[error("could not start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// Audits the tables of a cluster.
///
/// # Errors
/// If the selectors mean nothing, or threads cannot be started. Damage is in the answer.
pub fn audit(
    cluster: &Cluster,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Audited, AuditError> {
    let mut found = Findings::default();
    let mut coverage = Coverage::default();
    let targets = tables::targets(cluster, &options.selectors, &mut found, &mut coverage)?;
    let judge = Judge::new(cluster, options.thresholds);
    let context = Context {
        cluster,
        transactions: cluster.xact(),
        block_size: cluster.dialect().geometry.block_size,
        checksums: cluster.dialect().geometry.checksums,
        next_xid: cluster.next_xid_after_shutdown(),
    };
    let begin = |target: &Target<'_>| {
        let parameters = judge.parameters(target.relation);
        (
            BloatScan::new(judge.bloat_rules(target, &parameters)),
            FreezeScan::new(judge.cutoffs(target.relation)),
        )
    };
    let scan = scan::scan(&context, &targets, begin, options.jobs, progress)?;
    let rows = targets.iter().zip(scan.observers);
    let mut rows: Vec<_> = rows.map(|(target, seen)| judge.row(target, seen)).collect();
    let whole = rows.iter().filter(|row| row.lost_pages == 0);
    coverage.relations_read = whole.count() as u64;
    tables::add_toast(&targets, &mut rows);
    let tables = ranked(rows);
    let wraparound = wraparounds(cluster, &judge, &mut found);
    found.merge(scan.findings);
    coverage.merge(scan.coverage);
    let mut findings = cluster.findings();
    findings.merge(found);
    let audit = Audit {
        totals: totals(&tables, context.block_size),
        thresholds: options.thresholds,
        autovacuum: cluster.settings().autovacuum,
        wraparound,
        age_buckets: AGE_BUCKETS,
        tables,
        view: View::default(),
    };
    Ok(Audited { audit, findings, coverage })
}

/// Most wasted bytes first, then by size and name.
fn ranked(mut rows: Vec<TableAudit>) -> Vec<TableAudit> {
    rows.sort_by(|one, other| {
        let key = |row: &TableAudit| Reverse((row.wasted(), row.total_len()));
        key(one).cmp(&key(other)).then_with(|| one.table.cmp(&other.table))
    });
    rows
}

fn totals(tables: &[TableAudit], block_size: u32) -> Totals {
    let mut totals = Totals::default();
    let block_size = u64::from(block_size);
    for table in tables {
        let (bloat, freeze) = (&table.bloat, &table.freeze);
        totals.tables += 1;
        totals.table_len += bloat.table_len;
        totals.tuple_count += bloat.tuple_count;
        totals.dead_tuple_count += bloat.dead_tuple_count;
        totals.dead_tuple_len += bloat.dead_tuple_len;
        totals.free_space += bloat.free_space;
        totals.vacuum_frees += bloat.vacuum_frees;
        totals.rewrite_frees += bloat.rewrite_frees;
        totals.tuples += freeze.tuples;
        totals.frozen_tuples += freeze.frozen_tuples;
        totals.pages += bloat.table_len / block_size;
        totals.all_visible += freeze.all_visible;
        totals.all_frozen += freeze.all_frozen;
        totals.aggressive_read_len += freeze.aggressive_reads * block_size;
        totals.due += u64::from(!table.autovacuum.due.is_empty());
        totals.warnings += u64::from(matches!(table.level, Tone::Warning | Tone::Critical));
        totals.critical += u64::from(table.level == Tone::Critical);
    }
    totals
}

/// Ages of databases, and how far the oldest is from the limits of this major.
fn wraparounds(cluster: &Cluster, judge: &Judge<'_>, found: &mut Findings) -> Wraparound {
    let mut databases: Vec<_> = cluster.databases().iter().map(|d| judge.database(d)).collect();
    databases.sort_by_key(|database| Reverse(database.xid.age));
    let distances = &cluster.dialect().layout.wraparound;
    // A counter of 0 is not known, and then has the age of a permanent id.
    let oldest = |age: &dyn Fn(usize) -> i32| {
        let known = (0..databases.len()).filter(|&at| age(at) != i32::MAX);
        known.max_by_key(|&at| (age(at), Reverse(at)))
    };
    let xid = oldest(&|at| databases[at].xid.age).map(|at| {
        let (age, name) = (databases[at].xid.age, &databases[at].database);
        wraparound::limits(age, wraparound::xid_distances(distances), name)
    });
    let multi = oldest(&|at| databases[at].multi.age).map(|at| {
        let (age, name) = (databases[at].multi.age, &databases[at].database);
        wraparound::limits(age, wraparound::multi_distances(distances), name)
    });
    for (limits, ids) in [(&xid, "transactions"), (&multi, "more MultiXactIds are used")] {
        if let Some(limits) = limits.as_ref().filter(|limits| limits.until_warning <= 0) {
            let (name, left) = (&limits.database, limits.until_wraparound);
            let says = if ids == "transactions" {
                format!("database \"{name}\" must be vacuumed within {left} transactions")
            } else {
                format!("database \"{name}\" must be vacuumed before {left} {ids}")
            };
            let evidence = format!("{} until the server stops", limits.until_stop);
            let place = Place::object(name.clone());
            found.push(Finding::new(&rules::NEAR_WRAPAROUND, place, evidence).says(says));
        }
    }
    Wraparound {
        next_xid: cluster.xact().next_xid().0.to_string(),
        next_multi: cluster.xact().next_multi(),
        xid,
        multi,
        databases,
        holders: judge.horizons.holders().to_vec(),
    }
}
