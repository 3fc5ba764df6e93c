//! The shared catalogs: databases, tablespaces, roles. And the directories that databases are.
use super::columns::CatalogColumns;
use super::map::Map;
use super::names::InDatabase;
use super::row::Row;
use super::scan::Reader;
use super::visible::Fate;
use crate::cluster::Database;
use crate::finding::{Finding, Findings, Place, rules};
use crate::source::EntryKind;
use crate::types::{MultiXactId, Oid, Xid};
use std::collections::HashMap;

/// What the shared catalogs tell.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// By oid.
    pub(crate) databases: Vec<Database>,
    pub(crate) tablespaces: HashMap<Oid, String>,
    pub(crate) roles: HashMap<Oid, String>,
    pub(crate) columns: CatalogColumns,
}

impl Shared {
    pub(super) fn read(reader: Reader<'_>, findings: &mut Findings) -> Self {
        let dirs = database_directories(reader);
        let columns = learn(reader, &dirs, findings);
        let map = Map::read(reader, "global", findings);
        let (dir, prefix) = ("global", "pg_catalog.".to_owned());
        let global = InDatabase { reader, columns: &columns, prefix, dir, map: &map, class: None };
        let (mut databases, complete) = databases(&global, findings);
        let tablespaces = global.names("pg_tablespace", "spcname", findings);
        let roles = global.names("pg_authid", "rolname", findings);
        if !complete {
            for oid in dirs {
                if databases.iter().all(|database| database.oid != oid) {
                    let place = Place::file(format!("base/{oid}"));
                    let evidence = "no row of pg_database that can be read has this oid";
                    findings.push(Finding::new(&rules::CATALOG_NAME_MISSING, place, evidence));
                    databases.push(nameless(oid));
                }
            }
        }
        databases.sort_by_key(|database| database.oid);
        Self { databases, tablespaces, roles, columns }
    }
}

/// The directories under `base` that databases are, by oid.
fn database_directories(reader: Reader<'_>) -> Vec<Oid> {
    let entries = reader.source.list("base").unwrap_or_default();
    let dirs = entries.iter().filter(|entry| entry.kind == EntryKind::Directory);
    let mut oids: Vec<_> = dirs.filter_map(|entry| entry.name.parse().ok().map(Oid)).collect();
    oids.sort_unstable();
    oids
}

/// Columns of the catalogs by the first database that can tell them: all are copies of one.
fn learn(reader: Reader<'_>, dirs: &[Oid], findings: &mut Findings) -> CatalogColumns {
    const ASKED: usize = 4;
    for oid in dirs.iter().take(ASKED) {
        let columns = CatalogColumns::learn(reader, &format!("base/{oid}"), findings);
        if columns.learnt {
            return columns;
        }
    }
    CatalogColumns::compiled_in(reader)
}

/// The rows of pg_database, and whether none can be missing.
fn databases(global: &InDatabase<'_>, findings: &mut Findings) -> (Vec<Database>, bool) {
    let columns = global.columns.get("pg_database");
    let places = columns.find([
        "oid",
        "datname",
        "datistemplate",
        "datallowconn",
        "encoding",
        "datfrozenxid",
        "datminmxid",
        "dattablespace",
    ]);
    let Some(file) = global.file("pg_database") else { return (Vec::new(), false) };
    let mut found: Vec<(Xid, Database)> = Vec::new();
    let mut lost = false;
    let mut twice = Vec::new();
    let complete = global.reader.scan(&file, columns, findings, &mut |row| {
        if row.fate != Fate::Visible {
            return;
        }
        let Some(database) = database(row, places) else {
            lost = true;
            return;
        };
        let xmin = row.header.t_xmin;
        match found.iter_mut().find(|(_, other)| other.oid == database.oid) {
            None => found.push((xmin, database)),
            Some(other) => {
                twice.push((row.at, format!("oid {}, {:?}", database.oid, database.name)));
                if !xmin.precedes(other.0) {
                    *other = (xmin, database);
                }
            }
        }
    });
    for (at, evidence) in twice {
        let place = Place {
            object: Some(file.name.clone()),
            block: Some(at.block),
            offset: Some(at.offset),
            ..Place::file(format!("global/{}", file.number))
        };
        findings.push(Finding::new(&rules::CATALOG_DUPLICATE_ROW, place, evidence));
    }
    (found.into_iter().map(|(_, database)| database).collect(), complete && !lost)
}

fn database(row: &Row<'_>, places: [Option<usize>; 8]) -> Option<Database> {
    let [oid, name, is_template, allow_conn, encoding, frozen, minmxid, tablespace] = places;
    Some(Database {
        oid: row.oid(oid)?,
        name: row.name(name)?,
        is_template: row.boolean(is_template)?,
        allow_conn: row.boolean(allow_conn)?,
        encoding: Some(row.int4(encoding)?),
        datfrozenxid: row.xid(frozen)?,
        datminmxid: row.multi(minmxid)?,
        dattablespace: row.oid(tablespace)?,
        has_row: true,
    })
}

/// A database of which only the directory is there.
pub(super) fn nameless(oid: Oid) -> Database {
    Database {
        oid,
        name: format!("oid:{oid}"),
        is_template: false,
        allow_conn: false,
        encoding: None,
        datfrozenxid: Xid::INVALID,
        datminmxid: MultiXactId::INVALID,
        dattablespace: Oid::DEFAULT_TABLESPACE,
        has_row: false,
    }
}
