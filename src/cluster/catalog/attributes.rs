//! The columns of any relation, by pg_attribute. Read when asked for and not kept: all columns of
//! all relations are many more than the relations.
use super::columns::alignment;
use super::map::Map;
use super::names::InDatabase;
use super::row::Row;
use super::scan::Reader;
use super::visible::Fate;
use crate::cluster::{Cluster, Database, Persistence, Relation};
use crate::finding::Findings;
use crate::format::heap::Attr;
use crate::types::Oid;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A column of a relation, dropped ones included: rows may still hold their values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// `attnum`, from 1.
    pub number: i16,
    /// `attname`.
    pub name: String,
    /// `atttypid`; 0 if it is dropped.
    pub type_oid: Oid,
    /// How its values are stored.
    pub storage: Attr,
    /// `attisdropped`.
    pub is_dropped: bool,
    /// `atttypmod`: what the type was given in parentheses, -1 for nothing.
    pub modifier: i32,
    /// `attnotnull`.
    pub not_null: bool,
    /// `attidentity`: `a` always, `d` by default, 0 for no identity column.
    pub identity: u8,
    /// `attgenerated`: `s` stored, `v` virtual, 0 for no generated column.
    pub generated: u8,
}

impl Cluster {
    /// The columns of a relation in the order of their numbers; none if its database cannot be
    /// read. Each call reads pg_attribute, whose damage is found elsewhere.
    pub fn columns(&self, relation: &Relation) -> Vec<Attribute> {
        let mut found = self.columns_of(relation.database, &|oid| oid == relation.oid);
        found.remove(&relation.oid).unwrap_or_default()
    }

    /// The columns of `wanted` relations of a database, in the order of their numbers, as
    /// [`Self::columns`] gives them.
    pub fn columns_of(
        &self,
        database: Oid,
        wanted: &dyn Fn(Oid) -> bool,
    ) -> HashMap<Oid, Vec<Attribute>> {
        let mut found: HashMap<Oid, Vec<Attribute>> = HashMap::new();
        self.each_column(database, &mut |oid, row, places| {
            if wanted(oid) {
                found.entry(oid).or_default().extend(attribute(row, places));
            }
        });
        for columns in found.values_mut() {
            columns.sort_by_key(|attribute| attribute.number);
        }
        found
    }

    /// How the columns of `wanted` relations of a database are stored, dropped ones included. A
    /// relation is left out where a column is missing or there twice, and where recovery may
    /// still change what its rows of pg_class and pg_attribute say.
    pub fn storage_of(
        &self,
        database: Oid,
        wanted: &dyn Fn(Oid) -> bool,
    ) -> HashMap<Oid, Vec<Attr>> {
        let settled = |lsn| self.is_settled(Persistence::Permanent, lsn);
        let mut found: HashMap<Oid, BTreeMap<i16, Attr>> = HashMap::new();
        let mut doubtful = HashSet::new();
        self.each_column(database, &mut |oid, row, places| {
            if !wanted(oid) {
                return;
            }
            let Some((number, attr)) = storage(row, places) else { return };
            let twice = found.entry(oid).or_default().insert(number, attr).is_some();
            if twice || !settled(row.lsn) {
                doubtful.insert(oid);
            }
        });
        let whole = |(oid, columns): (Oid, BTreeMap<i16, Attr>)| {
            let relation = self.relation(database, oid)?;
            let numbers = columns.keys().copied().eq((1..).take(columns.len()));
            let sure = numbers && settled(relation.row_lsn) && !doubtful.contains(&oid);
            sure.then(|| (oid, columns.into_values().collect()))
        };
        found.into_iter().filter_map(whole).collect()
    }

    /// Gives the visible rows of pg_attribute about a database's relations to `each`, those of
    /// system columns apart.
    fn each_column(&self, database: Oid, each: &mut dyn FnMut(Oid, &Row<'_>, &Places)) {
        // The shared relations are described in every database alike.
        let databases = self.databases().iter();
        let mut databases = databases.filter(|one| !database.is_valid() || one.oid == database);
        let any = |one: &Database| {
            let dir = self.tablespaces.directory(one.dattablespace, one.oid);
            dir.is_some_and(|dir| self.each_column_in(one.oid, &dir, each))
        };
        databases.any(any);
    }

    /// Whether there was any.
    fn each_column_in(
        &self,
        database: Oid,
        dir: &str,
        each: &mut dyn FnMut(Oid, &Row<'_>, &Places),
    ) -> bool {
        let reader = Reader { source: &self.source, dialect: &self.dialect, xact: &self.xact };
        let (mut unsaid, prefix) = (Findings::default(), format!("{database}.pg_catalog."));
        let map = Map::read(reader, dir, &mut unsaid);
        let columns = &self.shared.columns;
        let catalogs = InDatabase { reader, columns, prefix, dir, map: &map, class: None };
        let columns = columns.get("pg_attribute");
        let (relation, places) = (columns.find(["attrelid"])[0], columns.find(COLUMNS));
        let Some(file) = catalogs.file("pg_attribute") else { return false };
        let mut any = false;
        reader.scan(&file, columns, &mut unsaid, &mut |row| {
            let number = row.int2(places[0]).unwrap_or(0);
            if row.fate == Fate::Visible
                && number > 0
                && let Some(oid) = row.oid(relation)
            {
                any = true;
                each(oid, row, &places);
            }
        });
        any
    }
}

/// The columns of pg_attribute that are needed.
const COLUMNS: [&str; 11] = [
    "attnum",
    "attname",
    "atttypid",
    "attlen",
    "attalign",
    "attbyval",
    "attisdropped",
    "atttypmod",
    "attnotnull",
    "attidentity",
    "attgenerated",
];

/// Where they are.
type Places = [Option<usize>; 11];

fn attribute(row: &Row<'_>, places: &Places) -> Option<Attribute> {
    let [_, name, type_oid, _, _, _, is_dropped, modifier, not_null, identity, generated] = *places;
    let (number, storage) = storage(row, places)?;
    Some(Attribute {
        number,
        name: row.name(name)?,
        type_oid: row.oid(type_oid)?,
        storage,
        is_dropped: row.boolean(is_dropped)?,
        modifier: row.int4(modifier)?,
        not_null: row.boolean(not_null)?,
        identity: row.byte(identity)?,
        generated: row.byte(generated)?,
    })
}

/// `attnum`, and how its values are stored.
fn storage(row: &Row<'_>, places: &Places) -> Option<(i16, Attr)> {
    let [number, _, _, len, align, by_val, ..] = *places;
    let attr = Attr {
        len: row.int2(len)?,
        align: alignment(row.byte(align)?)?,
        by_val: row.boolean(by_val)?,
    };
    Some((row.int2(number)?, attr))
}
