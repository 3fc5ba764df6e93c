//! One relation: its files, and whether all of them are there.
use super::Inventory;
use crate::analysis::verify;
use crate::cluster::{Cluster, Persistence, Relation};
use crate::finding::Finding;
use crate::report::ls::{Detail, FileRow, ForkRow, RelationRow};
use crate::source::relation::RelationFiles;
use crate::types::Fork;

/// Adds `relation`, described in full if that is wanted, and what is wrong with its files.
pub(super) fn list(
    cluster: &Cluster,
    relation: &Relation,
    detail: Option<Detail>,
    found: &mut Inventory,
) {
    let forks = judge(cluster, relation, found);
    let owner = relation.owner_relation;
    let owner = owner.and_then(|oid| cluster.relation(relation.database, oid));
    let (number, tablespace) = (relation.locator.number, relation.locator.tablespace);
    let path = || {
        let backend = relation.temporary_of().map(|backend| format!("t{backend}_"));
        Some(format!("{}/{}{number}", cluster.directory_of(relation)?, backend.unwrap_or_default()))
    };
    found.ls.relations.push(RelationRow {
        oid: relation.oid,
        relation: cluster.name_of(relation),
        kind: relation.kind.to_string(),
        access_method: relation.access_method.clone(),
        persistence: relation.persistence.to_string(),
        tablespace,
        tablespace_name: cluster.tablespace_name(tablespace).map(str::to_owned),
        filenode: number,
        filepath: (number.0 != 0).then(path).flatten(),
        owner: owner.map(|owner| cluster.name_of(owner)),
        size: forks.iter().map(|fork| fork.size).sum(),
        forks,
        detail,
    });
}

/// The forks that have files. What is wrong with them, what is missing, and what is shorter than
/// the catalog says, is found.
pub(super) fn judge(cluster: &Cluster, relation: &Relation, found: &mut Inventory) -> Vec<ForkRow> {
    let mut forks = Vec::new();
    found.coverage.relations += 1;
    let temporary = relation.persistence == Persistence::Temporary;
    if !relation.kind.has_storage() || relation.locator.number.0 == 0 || temporary {
        found.coverage.relations_read += 1;
        return forks;
    }
    if cluster.directory_of(relation).is_none() {
        found.coverage.skip(cluster.name_of(relation), "its tablespace is not within reach");
        return forks;
    }
    for fork in Fork::ALL {
        let files = match cluster.files(relation, fork) {
            Ok(files) => files,
            Err(error) => {
                found.findings.push(Finding::from(&error));
                found.coverage.skip(cluster.name_of(relation), error.to_string());
                return forks;
            }
        };
        let mut push = |finding| found.findings.push(finding);
        verify::files::judge(cluster, relation, fork, &files, &mut push);
        if !files.is_absent() {
            found.coverage.files += files.segments().len() as u64;
            forks.push(row(fork, &files));
        }
    }
    found.coverage.relations_read += 1;
    forks
}

fn row(fork: Fork, files: &RelationFiles<'_>) -> ForkRow {
    let file = |segment: &crate::source::relation::Segment| FileRow {
        path: segment.path.clone(),
        size: segment.len,
    };
    ForkRow { fork, size: files.bytes(), files: files.segments().iter().map(file).collect() }
}
