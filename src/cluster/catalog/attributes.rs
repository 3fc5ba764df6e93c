//! The columns of any relation, by pg_attribute. Read when asked for and not kept: all columns of
//! all relations are many more than the relations.
use super::columns::alignment;
use super::map::Map;
use super::names::InDatabase;
use super::row::Row;
use super::scan::Reader;
use super::visible::Fate;
use crate::cluster::{Cluster, Relation};
use crate::finding::Findings;
use crate::format::heap::Attr;
use crate::types::Oid;

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
}

impl Cluster {
    /// The columns of a relation in the order of their numbers; none if its database cannot be
    /// read. Each call reads pg_attribute, whose damage is found elsewhere.
    pub fn columns(&self, relation: &Relation) -> Vec<Attribute> {
        // The shared relations are described in every database alike.
        let databases = self
            .databases()
            .iter()
            .filter(|database| !relation.database.is_valid() || database.oid == relation.database);
        let mut found = databases.filter_map(|database| {
            let dir = self.tablespaces.directory(database.dattablespace, database.oid)?;
            Some(self.columns_in(database.oid, &dir, relation.oid))
        });
        found.find(|columns| !columns.is_empty()).unwrap_or_default()
    }

    fn columns_in(&self, database: Oid, dir: &str, relation: Oid) -> Vec<Attribute> {
        let reader = Reader { source: &self.source, dialect: &self.dialect, xact: &self.xact };
        let (mut unsaid, prefix) = (Findings::default(), format!("{database}.pg_catalog."));
        let map = Map::read(reader, dir, &mut unsaid);
        let columns = &self.shared.columns;
        let catalogs = InDatabase { reader, columns, prefix, dir, map: &map, class: None };
        let columns = columns.get("pg_attribute");
        let places = columns.find([
            "attrelid",
            "attnum",
            "attname",
            "atttypid",
            "attlen",
            "attalign",
            "attbyval",
            "attisdropped",
        ]);
        let Some(file) = catalogs.file("pg_attribute") else { return Vec::new() };
        let mut found = Vec::new();
        reader.scan(&file, columns, &mut unsaid, &mut |row| {
            if row.fate == Fate::Visible && row.oid(places[0]) == Some(relation) {
                found.extend(attribute(row, &places).filter(|attribute| attribute.number > 0));
            }
        });
        found.sort_by_key(|attribute| attribute.number);
        found
    }
}

fn attribute(row: &Row<'_>, places: &[Option<usize>; 8]) -> Option<Attribute> {
    let [_, number, name, type_oid, len, align, by_val, is_dropped] = *places;
    Some(Attribute {
        number: row.int2(number)?,
        name: row.name(name)?,
        type_oid: row.oid(type_oid)?,
        storage: Attr {
            len: row.int2(len)?,
            align: alignment(row.byte(align)?)?,
            by_val: row.boolean(by_val)?,
        },
        is_dropped: row.boolean(is_dropped)?,
    })
}
