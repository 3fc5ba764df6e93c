//! The audit: one scan over all tables, then every table judged.
mod row;
mod seen;
mod tables;

use super::bloat::BloatScan;
use super::freeze::FreezeScan;

use super::index::{self, Build, IndexScan, Rules};
use super::scan::{self, Context, Target};
use super::space::{Of, SpaceScan};
use super::wraparound;
use crate::cluster::{Cluster, RelKind, Relation, SelectError, Selector};
use crate::finding::{Finding, Findings, Place, rules};
use crate::report::Coverage;
use crate::report::audit::{Audit, IndexAudit, TableAudit, Thresholds, Totals, View};
use crate::report::bloat::percent;
use crate::report::doc::Tone;
use crate::report::freeze::AGE_BUCKETS;
use crate::report::wraparound::Wraparound;
use crate::source::Progress;
use crate::types::Oid;
use row::Judge;
use seen::Seen;
use std::cmp::Reverse;
use std::collections::HashMap;

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
    let builds = builds(cluster, &targets);
    let (layout, block_size) = (cluster.dialect().layout, context.block_size);
    let begin = |target: &Target<'_>| {
        if let Some(&build) = builds.get(&(target.relation.database, target.relation.oid)) {
            let columns = target.relation.columns();
            let rules = Rules { build, layout, columns, rows: false, heap: None };
            let index = IndexScan::new(rules);
            return Seen::Index(index, SpaceScan::new(Of::Index(build.method), block_size));
        }
        let parameters = judge.parameters(target.relation);
        Seen::Table(
            BloatScan::new(judge.bloat_rules(target, &parameters)),
            FreezeScan::new(judge.cutoffs(target.relation)),
            SpaceScan::new(Of::Table, block_size),
        )
    };
    let scan = scan::scan(&context, &targets, begin, options.jobs, progress)?;
    let (mut rows, indexes) = rows(&judge, &targets, scan.observers, &mut found);
    let whole = rows.iter().filter(|row| row.lost_pages == 0).count();
    let whole = whole + indexes.iter().filter(|(_, row)| row.lost_pages == 0).count();
    coverage.relations_read = whole as u64;
    // Tables come first.
    let tables_only = targets.get(..rows.len()).unwrap_or_default();
    tables::add_toast(tables_only, &mut rows);
    tables::add_indexes(tables_only, indexes, &mut rows);
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

/// The rows of tables and of indexes.
fn rows<'t, 'a>(
    judge: &Judge<'_>,
    targets: &'t [Target<'a>],
    observers: Vec<Seen<'_>>,
    found: &mut Findings,
) -> (Vec<TableAudit>, Vec<(&'t Target<'a>, IndexAudit)>) {
    let (mut rows, mut indexes) = (Vec::new(), Vec::new());
    for (target, seen) in targets.iter().zip(observers) {
        match seen {
            Seen::Table(bloat, freeze, space) => {
                let free_space_map = space.finish(judge.cluster, target.relation, found);
                let row = judge.row(target, (bloat, freeze));
                rows.push(TableAudit { free_space_map, ..row });
            }
            Seen::Index(seen, space) => {
                let free_space_map = space.finish(judge.cluster, target.relation, found);
                let row = index_row(target, seen);
                indexes.push((target, IndexAudit { free_space_map, ..row }));
            }
        }
    }
    (rows, indexes)
}

/// How each index would be built anew, by database and oid.
fn builds(cluster: &Cluster, targets: &[Target<'_>]) -> HashMap<(Oid, Oid), Build> {
    let indexes = targets.iter().map(|target| target.relation).filter(|r| r.kind == RelKind::Index);
    let (mut flags, mut builder) = (HashMap::new(), index::Builder::new(cluster));
    let build = |relation: &Relation| {
        let of = flags
            .entry(relation.database)
            .or_insert_with(|| cluster.all_index_flags(relation.database));
        let unique = of.get(&relation.oid).is_some_and(|flags| flags.unique);
        ((relation.database, relation.oid), builder.build(relation, unique))
    };
    indexes.map(build).collect()
}

/// The row of an index once all of it was seen.
fn index_row(target: &Target<'_>, seen: IndexScan<'_>) -> IndexAudit {
    let index_len = target.bytes();
    let lost_pages = seen.lost_pages();
    let why = seen.not_estimated();
    let rebuilt = seen.rebuilt_len();
    let not_estimated = why.filter(|_| rebuilt.is_none());
    let frees = rebuilt.map(|rebuilt| index_len.saturating_sub(rebuilt.most));
    IndexAudit {
        index: target.name.clone(),
        access_method: target.relation.access_method.clone(),
        oid: target.relation.oid,
        filenode: target.relation.locator.number,
        index_len,
        lost_pages,
        rebuilt_len: rebuilt.map(|rebuilt| rebuilt.most),
        rebuilt_len_least: rebuilt.filter(|of| of.differs()).map(|of| of.least),
        not_estimated,
        reindex_frees: frees,
        bloat_percent: frees.map(|frees| percent(frees, index_len)),
        share_percent: 0.0,
        free_space_map: None,
    }
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
        if let Some(map) = &table.free_space_map {
            totals.free_space_maps.add(map);
        }
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
