//! Values in the tuples of indexes, on pages and in WAL: what the rows hold that the tuples lead to.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it judged, its helpers too"
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
use serde_json::Value;
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

/// A key as text; `None` of the types that only IvorySQL has, which are not decoded.
fn text<'k>(case: &Case, key: &'k Key) -> Option<&'k str> {
    match key {
        Key::Null => Some(""),
        Key::Text(text) => Some(text),
        Key::Hex(_) if case.name.contains(".ivory/") => None,
        other => panic!("{}: {other:?}", case.name),
    }
}

/// Compares the tuples of the B-trees of a table on plain columns with its rows; gives how many
/// there were, and adds the types of their columns.
fn judge(case: &Case, cluster: &Cluster, table: &Relation, types: &mut BTreeSet<Oid>) -> usize {
    let Some(rows) = Table::of(case, table) else { return 0 };
    let (mut compared, mut unknown) = (0, BTreeSet::new());
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
                    assert_eq!(keys.len(), theirs.len(), "{place}");
                    for ((ours, theirs), column) in keys.iter().zip(theirs).zip(&shape.columns) {
                        match text(case, ours) {
                            Some(ours) => assert_eq!(ours, theirs, "{place}"),
                            None => drop(unknown.insert(column.type_name.clone())),
                        }
                    }
                    compared += 1;
                }
            }
        }
    }
    if !unknown.is_empty() {
        println!("{}: not compared, as they are not decoded: {unknown:?}", case.name);
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

/// The values of `wal dump --format jsonl`, as text.
fn logged(keys: &Value) -> Vec<String> {
    let key = |key: &Value| match key {
        Value::String(null) if null == "null" => String::new(),
        other => match (&other["text"], &other["hex"]) {
            (Value::String(text), _) => text.clone(),
            (_, Value::String(digits)) => format!("\\x{digits}"),
            _ => panic!("{other}"),
        },
    };
    keys.as_array().unwrap().iter().map(key).collect()
}

/// What records put on pages: by index file and row, the values of the last record that says so. An
/// insertion beside a full-page image says nothing, and may be of any row.
fn insertions(
    input: &std::path::Path,
    options: &str,
    tuples: impl Fn(&Value) -> Vec<Value>,
) -> HashMap<(String, u64), HashMap<String, Vec<String>>> {
    let ran =
        common::run(&format!("pgdissect wal dump {} --format jsonl {options}", input.display()));
    assert!(ran.stderr.is_empty(), "{}", ran.stderr);
    let mut found: HashMap<(String, u64), HashMap<String, Vec<String>>> = HashMap::new();
    for line in ran.stdout.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let (record, blocks) = (&line["item"], line["item"]["blocks"].as_array());
        let Some(relation) = blocks.and_then(|all| all[0]["relation"].as_str()) else { continue };
        let file = blocks.and_then(|all| all[0]["relfilenode"].as_u64()).unwrap();
        let of_index = found.entry((relation.to_owned(), file)).or_default();
        let keys = blocks.unwrap().iter().filter_map(|block| block["index_tuples"].as_array());
        // With a new row, the record of a split has those of the right page, and a high key.
        let (new, others): (Vec<_>, Vec<_>) =
            keys.flatten().partition(|tuple| tuple["field"] == "newitem");
        let keys = if new.is_empty() { others } else { new };
        let keys: Vec<_> = keys.iter().map(|tuple| logged(&tuple["keys"])).collect();
        let rows = tuples(&record["data"]);
        if keys.is_empty() || rows.is_empty() {
            of_index.clear();
            continue;
        }
        assert_eq!(keys.len(), rows.len(), "{record}");
        for (row, keys) in rows.iter().zip(keys) {
            of_index.insert(row.as_str().unwrap().to_owned(), keys);
        }
    }
    found
}

#[test]
fn records_of_btrees_hold_what_their_rows_hold() {
    let mut majors = BTreeSet::new();
    for case in common::cases_with(&[]).into_iter().filter(|case| case.clean) {
        let cluster = open(&case);
        // All that put rows on leaves.
        let mut options = "-r Btree/INSERT_LEAF -r Btree/SPLIT_L -r Btree/SPLIT_R".to_owned();
        if case.major > 12 {
            options += " -r Btree/INSERT_POST";
        }
        let found = insertions(&case.archive, &options, |data| {
            data["newitem"]["t_tid"].as_str().map(Value::from).into_iter().collect()
        });
        let mut compared = 0;
        let lab =
            cluster.databases().iter().find(|database| database.name == DATABASE).unwrap().oid;
        for ((name, file), rows) in found {
            let is = |index: &&Relation| {
                cluster.name_of(index) == name && u64::from(index.locator.number.0) == file
            };
            let Some(index) = cluster.relations(lab).iter().find(is) else { continue };
            let table = cluster.relation(lab, index.owner_relation.unwrap()).unwrap();
            let Some(of_table) = Table::of(&case, table) else { continue };
            let shape = cluster.index_shape(index).unwrap();
            let names: Vec<_> = shape.columns.iter().map(|column| column.name.as_str()).collect();
            if !names.iter().all(|name| of_table.rows.has(name)) {
                continue;
            }
            for (tid, keys) in rows {
                let (block, offset) = tid.trim_matches(['(', ')']).split_once(',').unwrap();
                let block = pgdissect::types::BlockNumber(block.parse().unwrap());
                let offset = pgdissect::types::OffsetNumber(offset.parse().unwrap());
                let Some(row) = of_table.row(Tid { block, offset }) else { continue };
                let theirs: Vec<_> = names.iter().map(|name| row.get(name)).collect();
                let own = |key: &String| key.starts_with("\\x") && case.name.contains(".ivory/");
                let pairs = keys.iter().zip(&theirs).filter(|(ours, _)| !own(ours));
                let wrong = pairs.clone().any(|(ours, theirs)| ours != theirs);
                assert!(!wrong, "{} {name} {tid}: {keys:?}, expected {theirs:?}", case.name);
                compared += 1;
            }
        }
        println!("{}: {compared} rows", case.name);
        majors.extend((compared > 0).then_some(case.major));
    }
    // Of clusters made anew chance says how much is left to compare.
    let least = if std::env::var_os("PGDISSECT_CLUSTERS").is_some() { 4 } else { 8 };
    assert!(majors.len() >= least, "{majors:?}");
}

/// What is on the pages of an index, by row: tests/index_pages.rs judges that.
fn on_pages(input: &std::path::Path, index: &str) -> Vec<Value> {
    let mut pages = Vec::new();
    for first in (0..).step_by(500) {
        let last = first + 499;
        let input = input.display();
        let ran =
            common::run(&format!("pgdissect page {input} {index} {first}-{last} --format json"));
        if ran.exit == 2 {
            assert!(first > 0 && ran.stderr.contains("has no block"), "{}", ran.stderr);
            return pages;
        }
        let mut answer: Value = serde_json::from_str(&ran.stdout).unwrap();
        pages.append(answer["report"]["pages"].as_array_mut().unwrap());
    }
    pages
}

/// Of access methods other than B-trees there are rows on pages with the values that records gave
/// them.
#[test]
fn records_of_other_indexes_hold_what_their_pages_hold() {
    let mut compared: HashMap<String, usize> = HashMap::new();
    for major in ["12", "15", "19"] {
        let path =
            format!("{}/fixtures/indexes/pg{major}/clean.tar.zst", env!("CARGO_MANIFEST_DIR"));
        let input = std::path::Path::new(&path);
        for (manager, list, row, key) in [
            ("Hash/INSERT", "hash", "ctid", "data"),
            ("Gist/PAGE_UPDATE", "gist", "ctid", "keys"),
            ("SPGist/ADD_LEAF", "spgist", "heapPtr", "keys"),
            ("Gin/UPDATE_META_PAGE", "gin", "ctid", "key"),
        ] {
            let of_record = |data: &Value| match list {
                "hash" => vec![data["tuple"]["t_tid"].clone()],
                "spgist" => vec![data["leaf_tuple"]["heap_ptr"].clone()],
                "gist" => each(&data["toinsert"], "t_tid"),
                _ => each(&data["tuples"], "t_tid"),
            };
            for ((index, _), rows) in insertions(input, &format!("-r {manager}"), of_record) {
                let items = if list == "gin" { "pending" } else { "items" };
                // A row may have several keys in GIN.
                let mut there: HashMap<String, Vec<Vec<String>>> = HashMap::new();
                for page in on_pages(input, &index) {
                    for item in page["content"][list][items].as_array().into_iter().flatten() {
                        let keys = match &item[key] {
                            Value::Array(_) => logged(&item[key]),
                            Value::Number(hash) => vec![hash.to_string()],
                            one => logged(&Value::Array(vec![one.clone()])),
                        };
                        if let Some(row) = item[row].as_str() {
                            there.entry(row.to_owned()).or_default().push(keys);
                        }
                    }
                }
                for (row, keys) in rows {
                    // The tuples of inner pages of GiST lead to blocks.
                    let Some(same) = there.get(&row).filter(|_| !row.ends_with(",65535)")) else {
                        continue;
                    };
                    // Leaves of texts lose what moves into prefixes and labels above them.
                    let fits = |there: &Vec<String>| {
                        *there == keys || list == "spgist" && keys[0].ends_with(&there[0])
                    };
                    assert!(same.iter().any(fits), "{major} {index} {row}: {keys:?}, not {same:?}");
                    *compared.entry(list.to_owned()).or_default() += 1;
                }
            }
        }
    }
    println!("{compared:?}");
    for list in ["hash", "gist", "spgist", "gin"] {
        assert!(compared.get(list).is_some_and(|count| *count > 100), "{list}: {compared:?}");
    }
}

fn each(list: &Value, field: &str) -> Vec<Value> {
    list.as_array().into_iter().flatten().map(|of| of[field].clone()).collect()
}

/// The last summary that records give a range is the one that is there.
#[test]
fn records_of_brin_hold_what_the_page_holds() {
    let mut compared = 0;
    for major in ["15", "19"] {
        let path =
            format!("{}/fixtures/indexes/pg{major}/clean.tar.zst", env!("CARGO_MANIFEST_DIR"));
        let input = std::path::Path::new(&path);
        let options = "-r BRIN/SAMEPAGE_UPDATE";
        let command = format!("pgdissect wal dump {path} --format jsonl {options}");
        let mut last: HashMap<(String, u64, u64), Vec<String>> = HashMap::new();
        for line in common::run(&command).stdout.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let block = &line["item"]["blocks"][0];
            let Some(relation) = block["relation"].as_str() else { continue };
            let values = block["index_tuples"].as_array().into_iter().flatten();
            let values = values.flat_map(|tuple| logged(&tuple["keys"])).collect();
            let number = line["item"]["data"]["offnum"].as_u64().unwrap();
            let at = block["relblocknumber"].as_u64().unwrap();
            last.insert((relation.to_owned(), at, number), values);
        }
        for ((index, block, number), values) in last {
            let page = on_pages(input, &index);
            let page = page.iter().find(|page| page["block"] == block).unwrap();
            let items = page["content"]["brin"]["items"].as_array().unwrap();
            let items = items.iter().filter(|item| item["itemoffset"] == number);
            let there: Vec<_> = items.map(|item| item["value"].as_str().unwrap_or("")).collect();
            assert_eq!(values, there, "{index} {block} {number}");
            compared += values.len();
        }
    }
    assert!(compared > 2, "{compared}");
}
