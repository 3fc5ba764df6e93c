//! Rows of pg_class, visible or not.
use super::columns::CatalogColumns;
use super::row::Row;
use super::scan::{CatalogFile, Reader};
use super::visible::Fate;
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::heap::{HeapTuple, deform};
use crate::types::{Lsn, MultiXactId, Oid, RelFileNumber, Tid, Xid};
use std::collections::HashMap;

/// The columns of pg_class that are needed.
const COLUMNS: [&str; 19] = [
    "oid",
    "relname",
    "relnamespace",
    "relam",
    "relfilenode",
    "reltablespace",
    "relpages",
    "reltuples",
    "relallvisible",
    "reltoastrelid",
    "relisshared",
    "relpersistence",
    "relkind",
    "relispartition",
    "relhassubclass",
    "relfrozenxid",
    "relminmxid",
    "reloptions",
    "relnatts",
];

/// One row of pg_class.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ClassRow {
    pub(super) oid: Oid,
    pub(super) relname: String,
    pub(super) relnamespace: Oid,
    pub(super) relam: Oid,
    pub(super) relfilenode: RelFileNumber,
    pub(super) reltablespace: Oid,
    pub(super) relpages: i32,
    pub(super) reltuples: f32,
    pub(super) relallvisible: i32,
    pub(super) reltoastrelid: Oid,
    pub(super) relisshared: bool,
    pub(super) relpersistence: u8,
    pub(super) relkind: u8,
    pub(super) relispartition: bool,
    pub(super) relhassubclass: bool,
    pub(super) relfrozenxid: Xid,
    pub(super) relminmxid: MultiXactId,
    pub(super) reloptions: Vec<String>,
    pub(super) relnatts: i16,
    /// LSN of the page it is on.
    pub(super) lsn: Lsn,
    /// Who wrote the row, and where it is.
    pub(super) xmin: Xid,
    pub(super) xmax: Xid,
    pub(super) at: Tid,
    pub(super) fate: Fate,
}

/// All of pg_class.
#[derive(Debug, Default)]
pub(super) struct Class {
    /// Visible rows by oid.
    pub(super) rows: Vec<ClassRow>,
    /// Rows that do not count and whose files no visible row has.
    pub(super) unseen: Vec<ClassRow>,
    /// Whether no row can be missing.
    pub(super) complete: bool,
}

impl Class {
    pub(super) fn read(
        reader: Reader<'_>,
        file: &CatalogFile<'_>,
        columns: &CatalogColumns,
        findings: &mut Findings,
    ) -> Self {
        let columns = columns.get("pg_class");
        let places = columns.find(COLUMNS);
        let (mut visible, mut unseen) = (Vec::new(), Vec::new());
        let mut lost = false;
        let mut complete =
            reader.scan(file, columns, findings, &mut |row| match class_row(row, &places) {
                Some(row) if row.fate == Fate::Visible => visible.push(row),
                Some(row) if row.relfilenode.0 != 0 => unseen.push(row),
                Some(_) => {}
                None => lost |= row.fate == Fate::Visible,
            });
        complete &= !lost;
        let rows = newest_each(visible, file, findings);
        let owned: HashMap<_, _> = rows.iter().map(|row| (row.relfilenode, row.oid)).collect();
        unseen.retain(|row| !owned.contains_key(&row.relfilenode));
        unseen.sort_by_key(|row: &ClassRow| (row.relfilenode, row.at));
        Self { rows, unseen, complete }
    }

    /// The visible row of a relation.
    pub(super) fn get(&self, oid: Oid) -> Option<&ClassRow> {
        let at = self.rows.binary_search_by_key(&oid, |row| row.oid).ok()?;
        self.rows.get(at)
    }
}

/// A row of pg_class by its bytes alone, wherever they were had from; it counts as visible.
pub(super) fn of_tuple(tuple: &HeapTuple<'_>, columns: &CatalogColumns) -> Option<ClassRow> {
    let columns = columns.get("pg_class");
    let values = deform(columns.attrs.iter().copied(), tuple);
    let values: Vec<_> = values.map_while(Result::ok).collect();
    let header = &tuple.header;
    let (at, lsn) = (Tid::default(), Lsn::INVALID);
    let row = Row { values: &values, header, at, lsn, fate: Fate::Visible };
    class_row(&row, &columns.find(COLUMNS))
}

fn class_row(row: &Row<'_>, places: &[Option<usize>; 19]) -> Option<ClassRow> {
    let [
        oid,
        relname,
        relnamespace,
        relam,
        relfilenode,
        reltablespace,
        relpages,
        reltuples,
        relallvisible,
        reltoastrelid,
        relisshared,
        relpersistence,
        relkind,
        relispartition,
        relhassubclass,
        relfrozenxid,
        relminmxid,
        reloptions,
        relnatts,
    ] = *places;
    Some(ClassRow {
        oid: row.oid(oid)?,
        relname: row.name(relname)?,
        relnamespace: row.oid(relnamespace)?,
        relam: row.oid(relam)?,
        relfilenode: RelFileNumber(row.oid(relfilenode)?.0),
        reltablespace: row.oid(reltablespace)?,
        relpages: row.int4(relpages)?,
        reltuples: row.float4(reltuples)?,
        relallvisible: row.int4(relallvisible)?,
        reltoastrelid: row.oid(reltoastrelid)?,
        relisshared: row.boolean(relisshared)?,
        relpersistence: row.byte(relpersistence)?,
        relkind: row.byte(relkind)?,
        relispartition: row.boolean(relispartition)?,
        relhassubclass: row.boolean(relhassubclass)?,
        relfrozenxid: row.xid(relfrozenxid)?,
        relminmxid: row.multi(relminmxid)?,
        reloptions: row.texts(reloptions),
        relnatts: row.int2(relnatts)?,
        lsn: row.lsn,
        xmin: row.header.t_xmin,
        xmax: row.header.t_xmax,
        at: row.at,
        fate: row.fate,
    })
}

/// Of several visible rows of one relation, the one that was written last; by oid.
fn newest_each(
    mut rows: Vec<ClassRow>,
    file: &CatalogFile<'_>,
    findings: &mut Findings,
) -> Vec<ClassRow> {
    rows.sort_by_key(|row| (row.oid, row.at));
    let mut newest: Vec<ClassRow> = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(last) = newest.last_mut().filter(|last| last.oid == row.oid) else {
            newest.push(row);
            continue;
        };
        let evidence = format!(
            "oid {}: {:?} at {} by transaction {} and {:?} at {} by transaction {}",
            row.oid, last.relname, last.at, last.xmin, row.relname, row.at, row.xmin
        );
        let place = Place {
            object: Some(file.name.clone()),
            block: Some(row.at.block),
            offset: Some(row.at.offset),
            ..Place::file(format!("{}/{}", file.dir, file.number))
        };
        findings.push(Finding::new(&rules::CATALOG_DUPLICATE_ROW, place, evidence));
        if !row.xmin.precedes(last.xmin) {
            *last = row;
        }
    }
    newest
}
