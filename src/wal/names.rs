//! Names of the relations that records are about: by the catalogs of the copy, by rows of its
//! pg_class that no query sees any more, and by what WAL itself says of pg_class and of the maps.
use super::class::{ClassLog, Kept, Watch, double_of};
use super::log::Log;
use super::segment::{Event, SegmentReader};
use super::walk::{Outlet, Range, walk};
use crate::cluster::{Cluster, RelKind, Relation};
use crate::format::wal::Record;
use crate::types::{Oid, RelFileLocator, Xid};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::ControlFlow;
use std::sync::OnceLock;

/// Whose files a locator names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// `pg_class.oid`.
    pub oid: Oid,
    /// Qualified name with the database; of a TOAST table, with its owner.
    pub name: String,
    /// `relkind`.
    pub kind: RelKind,
    /// The table that an index or a TOAST table belongs to, qualified.
    pub owner: Option<String>,
    /// The filenode, if it is not the relation's any more: it was rewritten, truncated or dropped.
    pub old: Option<u32>,
    /// Whether that filenode is not the relation's yet: who gave it to it has not committed.
    pub uncommitted: bool,
    /// The (sub)transaction that wrote the row which has that filenode, if it is known.
    writer: Xid,
}

/// `lab.public.t`, `lab.public.t (old filenode 16390)`, `lab.public.t (filenode 16391, not committed)`.
impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match self.old {
            None => Ok(()),
            Some(number) if self.uncommitted => write!(f, " (filenode {number}, not committed)"),
            Some(number) => write!(f, " (old filenode {number})"),
        }
    }
}

/// Names by locator. Look-ups are cheap and thread-safe; the catalogs of a database are read when
/// it is first asked for.
#[derive(Debug, Default)]
pub struct Names<'c> {
    cluster: Option<&'c Cluster>,
    /// By database, those of `cluster.databases()`, and last the shared relations.
    tables: Vec<OnceLock<Table>>,
    /// What WAL says of filenodes that the catalogs of the copy do not have.
    learnt: Table,
    /// (Sub)transactions that have no end.
    open: OnceLock<HashSet<Xid>>,
}

type Table = HashMap<RelFileLocator, Named>;

impl<'c> Names<'c> {
    /// By the files of the copy alone; without a copy there are no names.
    pub fn new(cluster: Option<&'c Cluster>) -> Self {
        let databases = cluster.map_or(0, |cluster| cluster.databases().len());
        let tables = (0..=databases).map(|_| OnceLock::new()).collect();
        Self { cluster, tables, learnt: Table::new(), open: OnceLock::new() }
    }

    /// Also by what the WAL in `range` says of pg_class: reads all of it, on `jobs` threads.
    pub fn with_history(
        cluster: Option<&'c Cluster>,
        log: &Log,
        range: Range,
        jobs: usize,
    ) -> Self {
        let Some(known) = cluster else { return Self::new(None) };
        let mut watch = Watch::new(known);
        loop {
            let history = history((known, log), range, jobs, &watch);
            if !watch.learn(&history) {
                return Self::new(cluster).learn(&history);
            }
        }
    }

    /// With what a pass over WAL has learnt.
    #[must_use]
    pub fn learn(mut self, history: &ClassLog<'_>) -> Self {
        let Some(cluster) = self.cluster else { return self };
        let rows = history.rows();
        // TOAST tables that are gone are known by the rows of their tables, which are gone too.
        let toasted =
            rows.values().filter_map(|(row, _)| Some(((row.database, row.toast_relation?), row)));
        let toasted: HashMap<_, _> = toasted.collect();
        for (locator, (row, writer)) in rows {
            let mut named = Named { writer: *writer, ..old(cluster, row, locator) };
            if named.owner.is_none()
                && let Some(owner) = toasted.get(&(row.database, row.oid))
            {
                let (whole, short) = (cluster.name_of(owner), within_database(cluster, owner));
                named.name = format!("{} (TOAST of {short})", named.name);
                named.owner = Some(whole);
            }
            self.learnt.insert(*locator, named);
        }
        for (locator, catalog) in history.mapped() {
            if let Some(relation) = cluster.relation(locator.database, *catalog) {
                self.learnt.insert(*locator, old(cluster, relation, locator));
            }
        }
        self
    }

    /// From now on files that one of these transactions gave to a relation are told apart from old
    /// ones. The first set counts.
    pub fn tell_open(&self, transactions: HashSet<Xid>) {
        self.open.get_or_init(|| transactions);
    }

    /// Whose files these are; `None` if nothing tells.
    pub fn get(&self, locator: RelFileLocator) -> Option<Cow<'_, Named>> {
        let mut named = self.find(locator)?;
        let is_open = |xid: &Xid| self.open.get().is_some_and(|open| open.contains(xid));
        if named.old.is_some() && is_open(&named.writer) {
            named.to_mut().uncommitted = true;
        }
        Some(named)
    }

    fn find(&self, locator: RelFileLocator) -> Option<Cow<'_, Named>> {
        let cluster = self.cluster?;
        let table = self.table(cluster, locator.database);
        let known = table.and_then(|table| table.get(&locator));
        let current = known.filter(|named| named.old.is_none());
        if let Some(named) = current.or_else(|| self.learnt.get(&locator)).or(known) {
            return Some(Cow::Borrowed(named));
        }
        // A relation's first filenode is its oid (`heap_create`, catalog/heap.c), which no other
        // relation's can be as long as its files are there.
        let relation = cluster.relation(locator.database, Oid(locator.number.0))?;
        Some(Cow::Owned(old(cluster, relation, &locator)))
    }

    /// Its name, or numbers as pg_waldump writes them.
    pub fn text(&self, locator: RelFileLocator) -> String {
        match self.get(locator) {
            Some(named) => named.to_string(),
            None => numbers(locator),
        }
    }

    /// The same of a file that is there where WAL ends: it is not an old one, if WAL tells of it.
    pub fn text_at_end(&self, locator: RelFileLocator) -> String {
        let learnt = self.learnt.contains_key(&locator);
        match self.get(locator) {
            Some(named) if learnt && !named.uncommitted => named.name.clone(),
            _ => self.text(locator),
        }
    }

    /// The name of a database, or its oid; of shared relations there is none.
    pub fn database(&self, database: Oid) -> String {
        let databases = self.cluster.map_or(&[][..], Cluster::databases);
        let known = databases.iter().find(|known| known.oid == database);
        match known {
            _ if !database.is_valid() => "(shared)".to_owned(),
            Some(known) => known.name.clone(),
            None => database.to_string(),
        }
    }

    /// The name of a tablespace that is there.
    pub fn tablespace(&self, tablespace: Oid) -> Option<&str> {
        self.cluster?.tablespace_name(tablespace)
    }

    /// All locators under which a relation's files are or were, its current one first.
    pub fn locators(&self, relation: &Relation) -> Vec<RelFileLocator> {
        let Some(cluster) = self.cluster else { return vec![relation.locator] };
        let oid = |named: &Named| named.oid == relation.oid;
        let of = |table: &Table| {
            let own = table.iter().filter(|(locator, named)| {
                locator.database == relation.locator.database && oid(named)
            });
            own.map(|(locator, _)| *locator).collect::<Vec<_>>()
        };
        let mut all = self.table(cluster, relation.locator.database).map_or_else(Vec::new, of);
        all.extend(of(&self.learnt));
        let number = crate::types::RelFileNumber(relation.oid.0);
        all.push(RelFileLocator { number, ..relation.locator });
        all.retain(|locator| self.get(*locator).is_some_and(|named| oid(&named)));
        all.sort_unstable_by_key(|locator| (*locator != relation.locator, *locator));
        all.dedup();
        all
    }

    /// The locators under which the files of a relation that is gone were, by its name, with or
    /// without the database.
    pub fn locators_of_gone(&self, name: &str) -> Vec<RelFileLocator> {
        let Some(cluster) = self.cluster else { return Vec::new() };
        let databases = cluster.databases().iter().map(|known| known.oid);
        let tables = databases.filter_map(|database| self.table(cluster, database));
        let all = tables.chain([&self.learnt]).flatten();
        let is = |named: &Named| {
            let own = named.name.split(" (TOAST of").next().unwrap_or_default();
            own == name || own.split_once('.').is_some_and(|(_, in_database)| in_database == name)
        };
        let gone = all.filter(|(_, named)| named.old.is_some() && is(named));
        gone.map(|(locator, _)| *locator).collect()
    }

    fn table(&self, cluster: &Cluster, database: Oid) -> Option<&Table> {
        let (_, at) = self.place(database)?;
        Some(self.tables.get(at)?.get_or_init(|| table(cluster, database)))
    }

    /// How many databases there are, the shared relations counted as one.
    pub(super) const fn databases(&self) -> usize {
        self.tables.len()
    }

    /// The copy, and which of them a database is.
    pub(super) fn place(&self, database: Oid) -> Option<(&'c Cluster, usize)> {
        let cluster = self.cluster?;
        let databases = cluster.databases();
        let at = match database {
            Oid::INVALID => databases.len(),
            oid => databases.binary_search_by_key(&oid, |known| known.oid).ok()?,
        };
        Some((cluster, at))
    }
}

/// What the WAL in `range` says of pg_class, as far as `watch` knows where that is.
fn history<'c>(
    (cluster, log): (&'c Cluster, &Log),
    range: Range,
    jobs: usize,
    watch: &Watch,
) -> ClassLog<'c> {
    let mut history = ClassLog::new(cluster, watch);
    let read = |reader: &mut SegmentReader<'_, '_>, _: &mut Outlet<'_, _>| {
        let mut kept = Vec::new();
        while let Some(event) = reader.read() {
            let Event::Record(located) = event else { continue };
            let Ok(record) = Record::parse(located.bytes, &log.dialect) else { continue };
            if watch.wants(&record) {
                kept.push(Kept { lsn: located.lsn, bytes: located.bytes.into() });
            }
        }
        kept
    };
    walk(log, range, jobs, read, |part| {
        part.answer.iter().for_each(|kept| history.apply(kept, &mut |_| {}));
        ControlFlow::Continue(())
    });
    history
}

/// `1663/5/16390`, as pg_waldump writes it.
pub fn numbers(locator: RelFileLocator) -> String {
    format!("{}/{}/{}", locator.tablespace, locator.database, locator.number)
}

/// The relations of one database, and the rows that no query sees.
fn table(cluster: &Cluster, database: Oid) -> Table {
    let mut table = Table::new();
    for unseen in cluster.unseen(database) {
        let row = &unseen.relation;
        let named = Named { writer: unseen.xmin, ..old(cluster, row, &row.locator) };
        table.insert(row.locator, named);
    }
    for relation in cluster.relations(database) {
        if relation.kind.has_storage() && !relation.is_nameless() {
            table.insert(relation.locator, named(cluster, relation));
        }
    }
    table
}

fn named(cluster: &Cluster, relation: &Relation) -> Named {
    let owner = relation.owner_relation;
    let owner = owner.and_then(|owner| cluster.relation(relation.database, owner));
    Named {
        oid: relation.oid,
        name: cluster.name_of(relation),
        kind: relation.kind,
        owner: owner.map(|owner| cluster.name_of(owner)),
        old: None,
        uncommitted: false,
        writer: Xid::INVALID,
    }
}

/// Of a row that had the filenode once. If the relation is still there, it is called what it is
/// called now.
fn old(cluster: &Cluster, row: &Relation, locator: &RelFileLocator) -> Named {
    let oid = double_of(row).unwrap_or(row.oid);
    let now = cluster.relation(row.database, oid).unwrap_or(row);
    Named { old: Some(locator.number.0), ..named(cluster, now) }
}

fn within_database(cluster: &Cluster, relation: &Relation) -> String {
    cluster.name_of(&Relation { database_name: String::new(), ..relation.clone() })
}
