//! Catalogs of which two columns matter: an object and its name, or an object and its owner.
use super::class::Class;
use super::columns::CatalogColumns;
use super::map::Map;
use super::scan::{CatalogFile, Reader};
use super::visible::Fate;
use crate::finding::Findings;
use crate::types::{Oid, RelFileNumber};
use std::collections::HashMap;

/// One database while its catalogs are read.
pub(super) struct InDatabase<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) columns: &'a CatalogColumns,
    /// `lab.pg_catalog.`, or empty for the shared catalogs.
    pub(super) prefix: String,
    pub(super) dir: &'a str,
    pub(super) map: &'a Map,
    /// Its pg_class, once it is read.
    pub(super) class: Option<&'a Class>,
}

impl<'a> InDatabase<'a> {
    /// The file of a catalog: by the map, by pg_class, or by default.
    pub(super) fn file(&self, catalog: &str) -> Option<CatalogFile<'a>> {
        let known = self.reader.dialect.layout.catalogs.get(catalog)?;
        let oid = Oid(known.oid);
        let row = self.class.and_then(|class| class.get(oid));
        let recorded = row.map(|row| row.relfilenode).filter(|number| number.0 != 0);
        let number = match recorded {
            Some(number) if !known.mapped => number,
            _ if known.mapped => self.map.filenode(oid),
            _ => RelFileNumber(known.oid),
        };
        Some(CatalogFile { name: format!("{}{catalog}", self.prefix), dir: self.dir, number })
    }

    /// The names that a catalog gives to oids.
    pub(super) fn names(
        &self,
        catalog: &str,
        name: &str,
        findings: &mut Findings,
    ) -> HashMap<Oid, String> {
        let mut names = HashMap::new();
        let columns = self.columns.get(catalog);
        let [oid, name] = columns.find(["oid", name]);
        let Some(file) = self.file(catalog) else { return names };
        self.reader.scan(&file, columns, findings, &mut |row| {
            if let (Some(oid), Some(name)) = (row.oid(oid), row.name(name))
                && row.fate == Fate::Visible
            {
                names.insert(oid, name);
            }
        });
        names
    }

    /// The table of each index.
    pub(super) fn indexed_tables(&self, findings: &mut Findings) -> HashMap<Oid, Oid> {
        let mut tables = HashMap::new();
        let columns = self.columns.get("pg_index");
        let [index, table] = columns.find(["indexrelid", "indrelid"]);
        let Some(file) = self.file("pg_index") else { return tables };
        self.reader.scan(&file, columns, findings, &mut |row| {
            if let (Some(index), Some(table)) = (row.oid(index), row.oid(table))
                && row.fate == Fate::Visible
            {
                tables.insert(index, table);
            }
        });
        tables
    }
}
