//! The relations of one database: pg_class with what pg_namespace, pg_am and pg_index say.
use super::class::{Class, ClassRow};
use super::map::Map;
use super::names::InDatabase;
use super::scan::Reader;
use super::shared::Shared;
use super::visible::Fate;
use crate::cluster::probe::looks_like_heap;
use crate::cluster::relation::Unseen;
use crate::cluster::{Database, Persistence, RelKind, Relation};
use crate::finding::{Finding, Findings, Place, rules};
use crate::source::EntryKind;
use crate::types::{Fork, Lsn, MultiXactId, Oid, RelFileLocator, RelFileNumber, Xid};
use std::collections::{HashMap, HashSet};

/// What the catalogs of one database tell.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// Its own relations, by oid.
    pub(crate) relations: Vec<Relation>,
    /// The shared relations, by oid, as this database's pg_class has them.
    pub(crate) shared: Vec<Relation>,
    /// Rows of pg_class that do not count, for files that no other row has.
    pub(crate) unseen: Vec<Unseen>,
    /// Whether its pg_class could be read in full.
    pub(crate) complete: bool,
    pub(crate) findings: Findings,
    around: Around,
}

/// What the rows of pg_class leave to others.
#[derive(Debug, Default)]
struct Around {
    names: Names,
    map: Map,
    global: Map,
}

/// What the small catalogs say.
#[derive(Debug, Default)]
struct Names {
    schemas: HashMap<Oid, String>,
    methods: HashMap<Oid, String>,
    indexed: HashMap<Oid, Oid>,
    toasted: HashMap<Oid, Oid>,
}

/// One database, and where its files and the shared ones are.
struct Builder<'a> {
    database: &'a Database,
    around: &'a Around,
}

impl Loaded {
    /// Reads the catalogs of `database`, whose files are in `dir`.
    pub(super) fn read(
        reader: Reader<'_>,
        shared: &Shared,
        database: &Database,
        dir: &str,
    ) -> Self {
        let mut findings = Findings::default();
        let map = Map::read(reader, dir, &mut findings);
        // What is wrong with the shared map was said when the cluster was opened.
        let global = Map::read(reader, "global", &mut Findings::default());
        let prefix = format!("{}.pg_catalog.", crate::cluster::quote::part(&database.name));
        let columns = &shared.columns;
        let mut catalogs = InDatabase { reader, columns, prefix, dir, map: &map, class: None };
        let class = match catalogs.file("pg_class") {
            Some(file) => Class::read(reader, &file, columns, &mut findings),
            None => Class::default(),
        };
        catalogs.class = Some(&class);
        let owners = class.rows.iter().filter(|row| row.reltoastrelid.is_valid());
        let names = Names {
            schemas: catalogs.names("pg_namespace", "nspname", &mut findings),
            methods: catalogs.names("pg_am", "amname", &mut findings),
            indexed: catalogs.indexed_tables(&mut findings),
            toasted: owners.map(|row| (row.reltoastrelid, row.oid)).collect(),
        };
        let around = Around { names, map, global };
        let builder = Builder { database, around: &around };
        let (shared, mut relations): (Vec<_>, Vec<_>) =
            class.rows.iter().map(|row| builder.relation(row)).partition(|r| r.database.0 == 0);
        let unseen: Vec<_> = class.unseen.iter().map(|row| builder.unseen(row)).collect();
        nameless_schemas(&relations, database, &mut findings);
        if !class.complete {
            builder.lost(reader, dir, &mut relations, &unseen, &mut findings);
        }
        relations.sort_by_key(|relation| (relation.oid, relation.locator));
        Self { relations, shared, unseen, complete: class.complete, findings, around }
    }

    /// A relation of `database` by a row of its pg_class.
    pub(super) fn relation(&self, database: &Database, row: &ClassRow) -> Relation {
        Builder { database, around: &self.around }.relation(row)
    }
}

impl Builder<'_> {
    fn relation(&self, row: &ClassRow) -> Relation {
        let kind = RelKind::from(row.relkind);
        let mapped = kind.has_storage() && row.relfilenode.0 == 0;
        let oid = row.oid;
        let Around { names, map, global } = self.around;
        let schema = names.schemas.get(&row.relnamespace).cloned();
        let owner = names.indexed.get(&oid).or_else(|| names.toasted.get(&oid));
        let database = if row.relisshared { Oid::INVALID } else { self.database.oid };
        Relation {
            oid,
            database,
            database_name: if row.relisshared { String::new() } else { self.database.name.clone() },
            schema: schema.unwrap_or_else(|| format!("oid:{}", row.relnamespace)),
            name: row.relname.clone(),
            kind,
            persistence: Persistence::from(row.relpersistence),
            access_method: names.methods.get(&row.relam).cloned(),
            locator: RelFileLocator {
                tablespace: self.tablespace(row),
                database,
                number: match (mapped, row.relisshared) {
                    (true, true) => global.filenode(oid),
                    (true, false) => map.filenode(oid),
                    (false, _) => row.relfilenode,
                },
            },
            mapped,
            relpages: u32::try_from(row.relpages).unwrap_or(0),
            reltuples: row.reltuples,
            relallvisible: u32::try_from(row.relallvisible).unwrap_or(0),
            relfrozenxid: row.relfrozenxid,
            relminmxid: row.relminmxid,
            toast_relation: Some(row.reltoastrelid).filter(|toast| toast.is_valid()),
            owner_relation: owner.copied(),
            reloptions: options(&row.reloptions),
            is_partition: row.relispartition,
            has_subclass: row.relhassubclass,
            relnatts: u16::try_from(row.relnatts).unwrap_or(0),
            row_lsn: row.lsn,
        }
    }

    fn tablespace(&self, row: &ClassRow) -> Oid {
        match row.reltablespace {
            _ if row.relisshared => Oid::GLOBAL_TABLESPACE,
            Oid::INVALID => self.database.dattablespace,
            tablespace => tablespace,
        }
    }

    fn unseen(&self, row: &ClassRow) -> Unseen {
        let relation = self.relation(row);
        let (xmin, xmax) = (row.xmin, row.xmax);
        Unseen { relation, xmin, xmax, deleted: row.fate == Fate::Deleted }
    }

    /// Adds the relations whose rows are lost, by their files.
    fn lost(
        &self,
        reader: Reader<'_>,
        dir: &str,
        relations: &mut Vec<Relation>,
        unseen: &[Unseen],
        findings: &mut Findings,
    ) {
        let Ok(index) = reader.source.relation_index(dir) else { return };
        let named = relations.iter().chain(unseen.iter().map(|unseen| &unseen.relation));
        let named: HashSet<_> = named.map(|relation| relation.locator.number).collect();
        for file in index.files() {
            let name = file.name;
            let main = name.fork == Fork::Main && name.segment == 0 && name.backend.is_none();
            if !main || file.kind != EntryKind::File || named.contains(&name.number) {
                continue;
            }
            let path = format!("{dir}/{name}");
            let relation = self.nameless(name.number, heap_at(reader, &path));
            let evidence = "no row of pg_class that can be read has this filenode";
            let place = Place { object: Some(relation.name.clone()), ..Place::file(path) };
            findings.push(Finding::new(&rules::CATALOG_NAME_MISSING, place, evidence));
            relations.push(relation);
        }
    }

    fn nameless(&self, number: RelFileNumber, is_heap: bool) -> Relation {
        let (database, tablespace) = (self.database.oid, self.database.dattablespace);
        let locator = RelFileLocator { tablespace, database, number };
        let kind = if is_heap { RelKind::Table } else { RelKind::Unknown(0) };
        Relation {
            database,
            database_name: self.database.name.clone(),
            ..by_filenode(locator, kind)
        }
    }
}

/// A relation of which only the file is known.
pub(crate) fn by_filenode(locator: RelFileLocator, kind: RelKind) -> Relation {
    Relation {
        oid: Oid::INVALID,
        database: Oid::INVALID,
        database_name: String::new(),
        schema: String::new(),
        name: format!("filenode:{}", locator.number),
        kind,
        persistence: Persistence::Permanent,
        access_method: None,
        locator,
        mapped: false,
        relpages: 0,
        reltuples: -1.0,
        relallvisible: 0,
        relfrozenxid: Xid::INVALID,
        relminmxid: MultiXactId::INVALID,
        toast_relation: None,
        owner_relation: None,
        reloptions: Vec::new(),
        is_partition: false,
        has_subclass: false,
        relnatts: 0,
        row_lsn: Lsn::INVALID,
    }
}

/// Whether the first page of a file that is not new is one of a heap.
fn heap_at(reader: Reader<'_>, path: &str) -> bool {
    let size = u64::from(reader.dialect.geometry.block_size);
    let mut scratch = Vec::new();
    let file = reader.source.file(path);
    file.is_ok_and(|file| file.window(0..size, &mut scratch).is_ok_and(looks_like_heap))
}

/// `name=value`; without a value it is true (`untransformRelOptions`, access/common/reloptions.c).
fn options(reloptions: &[String]) -> Vec<(String, String)> {
    let split = |option: &String| match option.split_once('=') {
        Some((name, value)) => (name.to_owned(), value.to_owned()),
        None => (option.clone(), "true".to_owned()),
    };
    reloptions.iter().map(split).collect()
}

/// One finding for each schema that relations are in and that has no row.
fn nameless_schemas(relations: &[Relation], database: &Database, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for relation in relations {
        if relation.schema.starts_with("oid:") && seen.insert(&relation.schema) {
            let place = Place::object(format!("{}.{}", database.name, relation.schema));
            let evidence = format!("no row of pg_namespace for the schema of {:?}", relation.name);
            findings.push(Finding::new(&rules::CATALOG_NAME_MISSING, place, evidence));
        }
    }
}
