//! Values in the tuples of indexes: what the rows hold that the tuples lead to.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;
#[path = "common/opened.rs"]
mod opened;

use common::{Case, Csv, Row};
use opened::open;
use pgdissect::cluster::{Cluster, Relation};
use pgdissect::format::heap::HeapTuple;
use pgdissect::format::index::IndexTuple;
use pgdissect::format::index::btree::{Opaque, Points};
use pgdissect::format::page::{LpFlags, Page};
use pgdissect::report::key::Key;
use pgdissect::types::{Oid, Tid};
use std::collections::{BTreeSet, HashMap};

const DATABASE: &str = "lab";

/// A table as the server saw it, and its bytes.
struct Table {
    block_size: usize,
    bytes: Vec<u8>,
    rows: Csv,
    by_ctid: HashMap<String, usize>,
}

impl Table {
    fn of(case: &Case, table: &Relation) -> Option<Self> {
        let name = format!("{DATABASE}/rows/{}.{}.csv", table.schema, table.name);
        let rows = Csv::parse(&case.try_text(&name)?);
        let relations = case.csv(&format!("{DATABASE}/relations.csv"));
        let row = relations.rows().find(|row| row.number("oid") == Some(table.oid.0))?;
        let bytes = case.fork(row.get("filepath"), "")?;
        let ctids = rows.rows().map(|row| row.get("ctid").to_owned());
        let by_ctid = ctids.enumerate().map(|(at, ctid)| (ctid, at)).collect();
        Some(Self { block_size: case.sizes().0, bytes, rows, by_ctid })
    }

    /// The live row that a TID of an index leads to, by redirection and along its HOT chain.
    fn row(&self, mut tid: Tid) -> Option<Row<'_>> {
        let page = self.bytes.chunks(self.block_size).nth(tid.block.0 as usize)?;
        let page = Page::parse(page).unwrap();
        for _ in 0..1000 {
            if let Some(at) = self.by_ctid.get(&tid.to_string()) {
                return self.rows.rows().nth(*at);
            }
            let item = page.item(tid.offset)?;
            if item.lp_flags() == LpFlags::Redirect {
                tid.offset.0 = item.lp_off();
                continue;
            }
            let header = HeapTuple::behind(item, &page)?.header;
            if !header.hot_updated() {
                return None;
            }
            tid.offset = header.t_ctid.offset;
        }
        panic!("{tid}")
    }
}

fn text(key: &Key) -> &str {
    match key {
        Key::Null => "",
        Key::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

/// Compares the tuples of the B-trees of a table on plain columns with its rows; gives how many
/// there were, and adds the types of their columns.
fn judge(case: &Case, cluster: &Cluster, table: &Relation, types: &mut BTreeSet<Oid>) -> usize {
    let Some(rows) = Table::of(case, table) else { return 0 };
    let mut compared = 0;
    let of_table = |index: &&Relation| {
        index.owner_relation == Some(table.oid)
            && index.access_method.as_deref() == Some("btree")
            && index.locator.number.0 > 0
    };
    for index in cluster.relations(table.database).iter().filter(of_table) {
        let shape = cluster.index_shape(index).unwrap();
        let names: Vec<_> = shape.columns.iter().map(|column| column.name.as_str()).collect();
        if !names.iter().all(|name| rows.rows.has(name)) {
            continue;
        }
        types.extend(shape.columns.iter().map(|column| column.type_oid));
        let place = format!("{} {}", case.name, index.name);
        let files = cluster.files(index, pgdissect::types::Fork::Main).unwrap();
        let mut scratch = Vec::new();
        for block in 1..files.end() {
            let page = Page::parse(files.read_blocks(block..block + 1, &mut scratch).unwrap());
            let page = page.unwrap();
            let Ok(opaque) = Opaque::of(&page) else { continue };
            if !opaque.is_leaf() || opaque.is_deleted() {
                continue;
            }
            let first = usize::from(!opaque.is_rightmost());
            for (_, item) in page.items().skip(first) {
                let (_, tuple) = IndexTuple::parse(page.slice(item.storage()).unwrap()).unwrap();
                let keys = shape.btree(&tuple);
                let points = Points::of(&tuple).unwrap();
                let tids: Vec<_> = match points.posting() {
                    Some(tids) => tids.collect(),
                    None => points.heap_tid().into_iter().collect(),
                };
                for row in tids.into_iter().filter_map(|tid| rows.row(tid)) {
                    let theirs: Vec<_> = names.iter().map(|name| row.get(name)).collect();
                    let ours: Vec<_> = keys.iter().map(text).collect();
                    assert_eq!(ours, theirs, "{place}");
                    compared += 1;
                }
            }
        }
    }
    compared
}

#[test]
fn btrees_hold_what_their_rows_hold() {
    let mut types = BTreeSet::new();
    for case in common::cases_with(&[]).into_iter().filter(|case| case.clean) {
        let cluster = open(&case);
        let databases = cluster.databases();
        let lab = databases.iter().find(|database| database.name == DATABASE).unwrap().oid;
        let tables = cluster.relations(lab).iter().filter(|relation| relation.oid.0 >= 16384);
        let compared: usize = tables.map(|table| judge(&case, &cluster, table, &mut types)).sum();
        assert!(compared > 1000, "{}: {compared}", case.name);
        println!("{}: {compared} rows", case.name);
    }
    println!("{types:?}");
}
