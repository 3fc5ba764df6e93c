//! Which tables are audited with their indexes, and which files they are.
use super::AuditError;
use crate::analysis::scan::Target;
use crate::analysis::verify;
use crate::analysis::verify::heap::Shape;
use crate::cluster::{Cluster, Persistence, RelKind, Relation, Selector};
use crate::finding::Findings;
use crate::report::Coverage;
use crate::report::audit::{IndexAudit, TableAudit, WithToast};
use crate::report::bloat::percent;
use crate::source::EntryKind;
use crate::types::{Fork, Oid};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The tables that `selectors` mean, with their TOAST tables, by database and oid; and then the
/// indexes of all of them.
///
/// # Errors
/// If the selectors mean nothing, or no table.
pub(super) fn targets<'a>(
    cluster: &'a Cluster,
    selectors: &[Selector],
    found: &mut Findings,
    coverage: &mut Coverage,
) -> Result<Vec<Target<'a>>, AuditError> {
    let mut relations = BTreeMap::new();
    let mut add = |relation: &'a Relation| {
        // Of temporary tables nothing outlives their session.
        let temporary = relation.persistence == Persistence::Temporary;
        if relation.kind.is_heap() && relation.locator.number.0 != 0 && !temporary {
            relations.insert((relation.database, relation.oid, relation.locator), relation);
        }
    };
    if selectors.is_empty() {
        let databases = cluster.databases().iter().map(|database| database.oid);
        let all = std::iter::once(Oid::INVALID).chain(databases);
        all.flat_map(|database| cluster.relations(database)).for_each(add);
    } else {
        for relation in cluster.select(selectors)? {
            add(relation);
            let toast = relation.toast_relation.and_then(|oid| {
                let relations = cluster.relations(relation.database);
                relations.iter().find(|relation| relation.oid == oid)
            });
            toast.into_iter().for_each(&mut add);
        }
        if relations.is_empty() {
            return Err(AuditError::NoTable);
        }
    }
    let wanted: HashSet<_> = relations.keys().map(|&(database, oid, _)| (database, oid)).collect();
    let databases: BTreeSet<_> = wanted.iter().map(|(database, _)| *database).collect();
    let storage: HashMap<_, _> = databases
        .into_iter()
        .map(|of| (of, cluster.storage_of(of, &|oid| wanted.contains(&(of, oid)))))
        .collect();
    let indexes = wanted.iter().map(|(database, _)| *database).collect::<BTreeSet<_>>();
    let indexes = indexes.into_iter().flat_map(|database| cluster.relations(database));
    let indexes = indexes.filter(|relation| {
        let table = relation.owner_relation.map(|table| (relation.database, table));
        relation.kind == RelKind::Index && table.is_some_and(|table| wanted.contains(&table))
    });
    let targets = relations.into_values().chain(indexes).filter_map(|relation| {
        let shape = storage.get(&relation.database).and_then(|all| Shape::of(relation, all));
        target(cluster, relation, shape, found, coverage)
    });
    Ok(targets.collect())
}

/// A table or index with its files; `None`, said in the coverage, if it cannot be read at all.
fn target<'a>(
    cluster: &'a Cluster,
    relation: &'a Relation,
    shape: Option<Shape>,
    found: &mut Findings,
    coverage: &mut Coverage,
) -> Option<Target<'a>> {
    let name = cluster.name_of(relation);
    coverage.relations += 1;
    let other = |method: &&str| *method != "heap" && relation.kind != RelKind::Index;
    if let Some(method) = relation.access_method.as_deref().filter(other) {
        coverage.skip(name, format!("only heap AM is supported, this is {method}"));
        return None;
    }
    let files = match cluster.files(relation, Fork::Main) {
        Ok(files) => files,
        Err(error) => {
            coverage.skip(name, error.to_string());
            return None;
        }
    };
    verify::files::judge(cluster, relation, Fork::Main, &files, &mut |finding| found.push(finding));
    let unborn = files.is_absent() && verify::files::recovery_makes_main(cluster, relation);
    if !unborn && !files.segments().iter().any(|segment| segment.kind == EntryKind::File) {
        coverage.skip(name, "its file is not there");
        return None;
    }
    coverage.files += files.segments().len() as u64;
    let segments = files.segments().iter().map(|segment| segment.blocks.clone()).collect();
    Some(Target { relation, name, segments, block_size: files.block_size(), shape })
}

/// Adds to each table its indexes, the largest first.
pub(super) fn add_indexes(
    tables: &[Target<'_>],
    indexes: Vec<(&Target<'_>, IndexAudit)>,
    rows: &mut [TableAudit],
) {
    let mut of: HashMap<_, Vec<IndexAudit>> = HashMap::new();
    for (target, index) in indexes {
        let Some(table) = target.relation.owner_relation else { continue };
        of.entry((target.relation.database, table)).or_default().push(index);
    }
    for (table, row) in tables.iter().zip(rows) {
        let mut indexes =
            of.remove(&(table.relation.database, table.relation.oid)).unwrap_or_default();
        indexes.sort_by(|one, other| {
            other.index_len.cmp(&one.index_len).then_with(|| one.index.cmp(&other.index))
        });
        let all: u64 = indexes.iter().map(|index| index.index_len).sum();
        let total = row.total_len() + all;
        for index in &mut indexes {
            index.share_percent = percent(index.index_len, total);
        }
        row.indexes = indexes;
    }
}

/// Adds to each table what its TOAST table takes.
pub(super) fn add_toast(targets: &[Target<'_>], rows: &mut [TableAudit]) {
    let space = |row: &TableAudit| (row.bloat.table_len, row.bloat.rewrite_frees);
    let toasts: HashMap<_, _> = targets
        .iter()
        .zip(rows.iter())
        .map(|(target, row)| ((target.relation.database, target.relation.oid), space(row)))
        .collect();
    for (target, row) in targets.iter().zip(rows) {
        let Some(toast) = target.relation.toast_relation else { continue };
        let Some((len, frees)) = toasts.get(&(target.relation.database, toast)) else { continue };
        row.with_toast = Some(WithToast {
            toast,
            table_len: row.bloat.table_len + len,
            rewrite_frees: row.bloat.rewrite_frees + frees,
        });
    }
}
