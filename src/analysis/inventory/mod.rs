//! `ls`: databases, relations and their files, both ways, and files that belong to nothing.
mod detail;
mod origin;
mod orphans;
mod relations;
mod select;

pub use select::files_of_nothing;

use crate::cluster::{Cluster, Database, SelectError, Selector};
use crate::finding::Findings;
use crate::report::Coverage;
use crate::report::ls::{DETAILED, DatabaseRow, Ls};
use crate::types::Oid;

/// Schema of the answer.
pub const SCHEMA: &str = "ls/1";

/// The answer, and what was found wrong on the way.
#[derive(Debug, Default)]
pub struct Inventory {
    /// The answer.
    pub ls: Ls,
    /// Files that are missing, short, or belong to nothing; with those of the cluster.
    pub findings: Findings,
    /// What was read.
    pub coverage: Coverage,
}

/// Lists what `selectors` name: databases with their totals if there are none, else relations.
/// Files that belong to nothing are looked for in every database that was asked for as a whole.
///
/// # Errors
/// If a selector means nothing here.
pub fn inventory(cluster: &Cluster, selectors: &[Selector]) -> Result<Inventory, SelectError> {
    let mut found = Inventory::default();
    let selected = select::relations(cluster, selectors, &mut found)?;
    let few = selected.len() <= DETAILED;
    for relation in selected {
        let detail = few.then(|| detail::of(cluster, relation));
        relations::list(cluster, relation, detail, &mut found);
    }
    let whole = |database: &&Database| {
        selectors.is_empty() || selectors.iter().any(|selector| is_whole(selector, database))
    };
    for database in cluster.databases().iter().filter(whole) {
        let before = orphan_files(&found.ls);
        orphans::list(cluster, database, &mut found);
        if selectors.is_empty() {
            let orphan_files = orphan_files(&found.ls).saturating_sub(before);
            let row = DatabaseRow { orphan_files, ..database_row(cluster, database) };
            found.ls.databases.push(row);
            missing_files(cluster, database.oid, &mut found);
        } else {
            found.ls.extensions.extend(detail::extensions(cluster, database));
        }
    }
    if selectors.is_empty() {
        orphans::shared(cluster, &mut found);
        missing_files(cluster, Oid::INVALID, &mut found);
    }
    let mut findings = cluster.findings();
    findings.merge(std::mem::take(&mut found.findings));
    found.findings = findings;
    Ok(found)
}

/// What is wrong with the files of all relations: those that are missing or short, and those that
/// belong to nothing.
pub(super) fn files(cluster: &Cluster) -> Findings {
    let mut found = Inventory::default();
    for database in cluster.databases() {
        orphans::list(cluster, database, &mut found);
        missing_files(cluster, database.oid, &mut found);
    }
    orphans::shared(cluster, &mut found);
    missing_files(cluster, Oid::INVALID, &mut found);
    found.findings
}

/// Whether a selector asks for all of a database.
fn is_whole(selector: &Selector, database: &Database) -> bool {
    match selector {
        Selector::Database(name) => *name == database.name,
        Selector::Name(parts) => *parts == [database.name.as_str()],
        Selector::Schema(_) | Selector::Oid(_) | Selector::Filenode(_) | Selector::Path(_) => false,
    }
}

fn orphan_files(ls: &Ls) -> u64 {
    ls.orphans.iter().map(|orphan| orphan.files.len() as u64).sum()
}

/// Without a list of relations, what is wrong with their files is found all the same.
fn missing_files(cluster: &Cluster, database: Oid, found: &mut Inventory) {
    for relation in cluster.relations(database) {
        relations::judge(cluster, relation, found);
    }
}

fn database_row(cluster: &Cluster, database: &Database) -> DatabaseRow {
    let (next_xid, next_multi) = (cluster.xact().next_xid(), cluster.xact().next_multi());
    let (frozen, oldest) = (database.datfrozenxid, database.datminmxid);
    let known = next_xid.xid().is_normal();
    DatabaseRow {
        oid: database.oid,
        datname: database.name.clone(),
        size: size(cluster, database.oid),
        datfrozenxid: frozen,
        age: (known && frozen.is_normal()).then(|| frozen.age(next_xid.xid())),
        datminmxid: oldest,
        mxid_age: (known && oldest.0 != 0).then(|| oldest.age(next_multi)),
        dattablespace: database.dattablespace,
        spcname: cluster.tablespace_name(database.dattablespace).map(str::to_owned),
        datistemplate: database.is_template,
        datallowconn: database.allow_conn,
        has_row: database.has_row,
        orphan_files: 0,
    }
}

/// `calculate_database_size` (utils/adt/dbsize.c): every file in the database's directories.
fn size(cluster: &Cluster, database: Oid) -> u64 {
    let files = |dir: &String| {
        let entries = cluster.source().list(dir).unwrap_or_default();
        entries.iter().map(|entry| entry.len).sum::<u64>()
    };
    directories(cluster, database).iter().map(|(_, dir)| files(dir)).sum()
}

/// The directories that hold a database's files, with the tablespace of each; those that are not
/// there included.
pub(super) fn directories(cluster: &Cluster, database: Oid) -> Vec<(Oid, String)> {
    let mut all = vec![(Oid::DEFAULT_TABLESPACE, format!("base/{database}"))];
    let tablespaces = cluster.tablespaces();
    all.extend(tablespaces.all().iter().filter_map(|tablespace| {
        let oid = tablespace.link.oid;
        Some((oid, tablespaces.directory(oid, database)?))
    }));
    all
}
