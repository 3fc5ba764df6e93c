//! Every page header, checksum and heap tuple of every cluster equals what pageinspect says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;
#[path = "common/md5.rs"]
mod md5;

use common::{Case, Row};
use pgdissect::format::heap::HeapTuple;
use pgdissect::format::page::{ItemId, Page, checksum, is_new};
use pgdissect::types::{BlockNumber, Fork, Lsn, OffsetNumber};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;

/// The files of one cluster's relations, read whole as they are asked for.
struct Files<'a> {
    case: &'a Case,
    block_size: usize,
    /// `filepath` by oid, of one database.
    paths: HashMap<String, String>,
    /// `SCHEMA.TABLE` as the oracle names its files, to oid.
    names: HashMap<String, String>,
    read: BTreeMap<String, Vec<u8>>,
}

impl<'a> Files<'a> {
    fn of(case: &'a Case, database: &str) -> Self {
        let relations = case.csv(&format!("{database}/relations.csv"));
        let (mut paths, mut names) = (HashMap::new(), HashMap::new());
        for row in relations.rows() {
            let name = format!("{}.{}", encoded(row.get("nspname")), encoded(row.get("relname")));
            names.insert(name, row.get("oid").to_owned());
            paths.insert(row.get("oid").to_owned(), row.get("filepath").to_owned());
        }
        let (block_size, _) = case.sizes();
        Self { case, block_size, paths, names, read: BTreeMap::new() }
    }

    /// One block.
    fn block(&mut self, oid: &str, fork: Fork, block: u32) -> &[u8] {
        let path = format!("{}{}", self.paths[oid], fork.suffix());
        let bytes = self.read.entry(path).or_insert_with_key(|path| {
            let fork = self.case.fork(&self.paths[oid], fork.suffix());
            fork.unwrap_or_else(|| panic!("{}: no {path}", self.case.name))
        });
        let start = block as usize * self.block_size;
        &bytes[start..start + self.block_size]
    }
}

/// A name as the oracle writes it in file names.
fn encoded(name: &str) -> String {
    let byte = |byte: u8| match byte {
        b'_' => "_".to_owned(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    name.bytes().map(byte).collect()
}

/// A column as 16 bits: smallint columns show the upper half of them as negative.
fn word(row: &Row<'_>, column: &str) -> u16 {
    low_word(row.number(column).unwrap())
}

fn low_word(number: i32) -> u16 {
    u16::try_from(number.rem_euclid(1 << 16)).unwrap()
}

fn header_differences(page: &[u8], block: u32, row: &Row<'_>) -> Vec<String> {
    let header = *Page::parse(page).unwrap().header();
    let mut differences = Vec::new();
    let mut compare = |what: &str, ours: u64, theirs: u64| {
        if ours != theirs {
            differences.push(format!("{what} is {ours}, pageinspect says {theirs}"));
        }
    };
    compare("lsn", header.pd_lsn.0, row.get("lsn").parse::<Lsn>().unwrap().0);
    for (column, ours) in [
        ("checksum", header.pd_checksum),
        ("flags", header.pd_flags),
        ("lower", header.pd_lower),
        ("upper", header.pd_upper),
        ("special", header.pd_special),
        ("pagesize", header.page_size()),
        ("version", header.layout_version().into()),
    ] {
        compare(column, ours.into(), word(row, column).into());
    }
    compare("prune_xid", header.pd_prune_xid.0.into(), row.number("prune_xid").unwrap());
    match row.number::<i32>("calc_checksum") {
        Some(sum) => {
            compare(
                "page_checksum",
                checksum(page, BlockNumber(block)).into(),
                low_word(sum).into(),
            );
        }
        None => assert!(is_new(page), "pageinspect computes no checksum of new pages only"),
    }
    differences
}

#[test]
fn every_page_header_and_checksum_equals_page_header_and_page_checksum() {
    let mut differences = Vec::new();
    for case in common::cases() {
        let mut compared = 0;
        for database in case.databases() {
            let mut files = Files::of(&case, &database);
            let recorded = format!("{database}/page_headers.csv");
            if !case.has(&recorded) {
                continue;
            }
            for row in case.csv(&recorded).rows() {
                let fork =
                    Fork::ALL.into_iter().find(|f| f.to_string() == row.get("fork")).unwrap();
                let block = row.number("blkno").unwrap();
                let page = files.block(row.get("oid"), fork, block);
                let place = format!("{} {database} {} {fork} {block}", case.name, row.get("rel"));
                let found = header_differences(page, block, &row);
                differences.extend(found.into_iter().map(|what| format!("{place}: {what}")));
                compared += 1;
            }
        }
        assert!(compared > 700, "{}: {compared} pages compared", case.name);
        println!("{}: {compared} pages", case.name);
    }
    assert!(differences.is_empty(), "{} differ: {:#?}", differences.len(), &differences[..9]);
}

/// heap_page_items' columns of one line pointer; NULL is the empty string.
fn item_columns(
    page: &Page<'_>,
    number: OffsetNumber,
    item: ItemId,
) -> Vec<(&'static str, String)> {
    let mut columns = vec![
        ("lp", number.to_string()),
        ("lp_off", item.lp_off().to_string()),
        ("lp_flags", item.lp_flags().bits().to_string()),
        ("lp_len", item.lp_len().to_string()),
    ];
    let tuple = HeapTuple::behind(item, page);
    let header = tuple.map(|tuple| tuple.header);
    let text = |value: Option<&dyn Display>| value.map_or(String::new(), ToString::to_string);
    macro_rules! field {
        ($name:ident) => {
            columns.push((stringify!($name), text(header.as_ref().map(|h| &h.$name as _))));
        };
    }
    field!(t_xmin);
    field!(t_xmax);
    columns
        .push(("t_field3", header.map_or(String::new(), |h| h.t_field3.cast_signed().to_string())));
    field!(t_ctid);
    columns.push(("t_infomask2", text(header.as_ref().map(|h| &h.t_infomask2.0 as _))));
    columns.push(("t_infomask", text(header.as_ref().map(|h| &h.t_infomask.0 as _))));
    field!(t_hoff);
    columns.push(("t_bits", tuple.and_then(|t| t.t_bits()).unwrap_or_default()));
    columns.push(("t_oid", text(tuple.and_then(|t| t.t_oid()).as_ref().map(|oid| oid as _))));
    columns
}

/// t_data, ours and theirs: NULL and no bytes are empty; of large tables the MD5.
fn data_column(page: &Page<'_>, item: ItemId, row: &Row<'_>) -> (String, String) {
    let data = HeapTuple::behind(item, page).and_then(|tuple| tuple.data());
    let digest = row.get("t_data_md5");
    if digest.is_empty() {
        (data.map(hex::encode).unwrap_or_default(), row.get("t_data").to_owned())
    } else {
        (data.map(md5::md5).unwrap_or_default(), digest.to_owned())
    }
}

#[test]
fn every_line_pointer_and_tuple_equals_heap_page_items() {
    let mut differences = Vec::new();
    for case in common::cases() {
        let mut compared = 0;
        let rowids = case.pgdata.join("ivorysql.conf").exists();
        for database in case.databases() {
            let mut files = Files::of(&case, &database);
            if !case.has(&format!("{database}/heap_page_items")) {
                continue;
            }
            for path in case.files(&format!("{database}/heap_page_items")) {
                let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                let oid = files.names.get(&name).unwrap_or_else(|| panic!("{name}?")).clone();
                let rows = common::Csv::parse(&std::fs::read_to_string(&path).unwrap());
                let recorded = |column: &str| {
                    let file = format!("{database}/heap_page_items/{name}.csv {column}");
                    rows.has(column) || case.has(&file)
                };
                let (with_data, with_oid) = (recorded("t_data"), recorded("t_oid"));
                let mut pointers: BTreeMap<u32, u16> = BTreeMap::new();
                for row in rows.rows() {
                    let block = row.number("blkno").unwrap();
                    let number = OffsetNumber(row.number("lp").unwrap());
                    let page = Page::parse(files.block(&oid, Fork::Main, block)).unwrap();
                    let item =
                        page.item(number).unwrap_or_else(|| panic!("{name} {block} {number}"));
                    let place = format!("{} {name} ({block},{number})", case.name);
                    for (column, ours) in item_columns(&page, number, item) {
                        // IvorySQL has ROWIDs where there were oids, and its pageinspect shows neither.
                        if column == "t_oid" && (!with_oid || rowids) {
                            continue;
                        }
                        let theirs = row.get(column);
                        if ours != theirs {
                            differences.push(format!("{place}: {column} {ours:?}, not {theirs:?}"));
                        }
                    }
                    let no_data = || (String::new(), String::new());
                    let compare = || data_column(&page, item, &row);
                    let (ours, theirs) = if with_data { compare() } else { no_data() };
                    if ours != theirs {
                        differences.push(format!("{place}: data {ours}, not {theirs}"));
                    }
                    pointers.entry(block).and_modify(|last| *last = number.0).or_insert(number.0);
                    compared += 1;
                }
                for (block, last) in pointers {
                    let page = Page::parse(files.block(&oid, Fork::Main, block)).unwrap();
                    assert_eq!(page.item_count(), last, "{} {name} {block}", case.name);
                }
            }
        }
        assert!(compared > 10_000, "{}: {compared} line pointers compared", case.name);
        println!("{}: {compared} line pointers", case.name);
    }
    assert!(differences.is_empty(), "{} differ: {:#?}", differences.len(), &differences[..9]);
}
