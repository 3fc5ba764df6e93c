//! Relation files that no visible row of pg_class owns, and files that the next start removes.
use super::{Inventory, directories, origin};
use crate::cluster::{Cluster, Database};
use crate::finding::{Finding, Place, rules};
use crate::report::ls::{FileRow, OrphanRow, TemporaryRow};
use crate::source::relation::{RelationFile, RelationIndex};
use crate::types::{Oid, RelFileLocator, RelFileNumber};
use std::collections::{BTreeMap, HashSet};

/// Where queries that need more memory than work_mem spill to.
const PGSQL_TMP: &str = "pgsql_tmp";

/// Adds the orphans of one database, in every tablespace.
pub(super) fn list(cluster: &Cluster, database: &Database, found: &mut Inventory) {
    let from = found.ls.orphans.len();
    // Where pg_class is damaged, a file without a row need not be an orphan.
    let complete = cluster.is_complete(database.oid);
    for (tablespace, dir) in directories(cluster, database.oid) {
        // A database without relations in a tablespace has no directory there.
        let Ok(index) = cluster.source().relation_index(&dir) else { continue };
        let owned = owned(cluster, database.oid, tablespace);
        temporary(&dir, &index, found);
        for (number, files) in unowned(&dir, &index, &owned).into_iter().filter(|_| complete) {
            let locator = RelFileLocator { tablespace, database: database.oid, number };
            let origin = origin::of(cluster, database.oid, locator);
            found.ls.orphans.push(OrphanRow { origin, ..row(&database.name, number, files) });
        }
    }
    spilled(cluster, found);
    report(&database.name, &format!("base/{}", database.oid), from, found);
}

/// Adds the orphans in `global`.
pub(super) fn shared(cluster: &Cluster, found: &mut Inventory) {
    let from = found.ls.orphans.len();
    let Ok(index) = cluster.source().relation_index("global") else { return };
    let owned = owned(cluster, Oid::INVALID, Oid::GLOBAL_TABLESPACE);
    for (number, files) in unowned("global", &index, &owned) {
        found.ls.orphans.push(row("", number, files));
    }
    report("", "global", from, found);
}

/// The filenodes that relations own in one tablespace, those whose names are lost included.
fn owned(cluster: &Cluster, database: Oid, tablespace: Oid) -> HashSet<RelFileNumber> {
    let relations = cluster.relations(database).iter();
    let here = relations.filter(|relation| relation.locator.tablespace == tablespace);
    here.map(|relation| relation.locator.number).collect()
}

/// The files of every other filenode, by filenode.
fn unowned(
    dir: &str,
    index: &RelationIndex,
    owned: &HashSet<RelFileNumber>,
) -> BTreeMap<RelFileNumber, Vec<FileRow>> {
    let mut orphans: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for file in index.files() {
        if file.name.backend.is_none() && !owned.contains(&file.name.number) {
            orphans.entry(file.name.number).or_default().push(file_row(dir, file));
        }
    }
    orphans
}

fn file_row(dir: &str, file: &RelationFile) -> FileRow {
    FileRow { path: format!("{dir}/{}", file.name), size: file.len }
}

fn row(database: &str, filenode: RelFileNumber, files: Vec<FileRow>) -> OrphanRow {
    let size = files.iter().map(|file| file.size).sum();
    OrphanRow { database: database.to_owned(), filenode, files, size, origin: None }
}

/// One finding for all orphans of a database, from number `from` on.
fn report(database: &str, dir: &str, from: usize, found: &mut Inventory) {
    let orphans = found.ls.orphans.get(from..).unwrap_or_default();
    if orphans.is_empty() {
        return;
    }
    let files: usize = orphans.iter().map(|orphan| orphan.files.len()).sum();
    let size: u64 = orphans.iter().map(|orphan| orphan.size).sum();
    let evidence = format!("filenodes: {}, files: {files}, bytes: {size}", orphans.len());
    let object = (!database.is_empty()).then(|| format!("database {database}"));
    let place = Place { object, ..Place::file(dir) };
    found.findings.push(Finding::new(&rules::RELATION_ORPHAN_FILE, place, evidence));
}

/// Files of temporary relations: `tBACKEND_FILENODE`.
fn temporary(dir: &str, index: &RelationIndex, found: &mut Inventory) {
    for file in index.files() {
        let Some(backend) = file.name.backend else { continue };
        let FileRow { path, size } = file_row(dir, file);
        let what = format!("temporary relation of backend {backend}");
        found.ls.temporary.push(TemporaryRow { path, size, what });
    }
}

/// Files of queries: in pgsql_tmp of pg_default, and of each tablespace. Listed once.
fn spilled(cluster: &Cluster, found: &mut Inventory) {
    let listed = |row: &TemporaryRow| row.path.contains(PGSQL_TMP);
    if found.ls.temporary.iter().any(listed) {
        return;
    }
    let own = cluster.tablespaces().all().iter();
    let roots = own.filter_map(|tablespace| tablespace.directory.clone());
    for root in std::iter::once("base".to_owned()).chain(roots) {
        let dir = format!("{root}/{PGSQL_TMP}");
        for entry in cluster.source().list(&dir).unwrap_or_default() {
            let (path, size) = (format!("{dir}/{}", entry.name), entry.len);
            let what = "temporary file of a query".to_owned();
            found.ls.temporary.push(TemporaryRow { path, size, what });
        }
    }
}
