//! Pages that no damage was done to give no findings, whether the server was stopped or killed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;
#[path = "common/opened.rs"]
mod opened;
#[path = "common/transactions.rs"]
mod transactions;

use common::{Case, Row};
use opened::open;
use pgdissect::analysis::index::Method;
use pgdissect::analysis::verify::heap::Shape;
use pgdissect::analysis::verify::{heap, index, page};
use pgdissect::cluster::{Cluster, Relation};
use pgdissect::finding::Finding;
use pgdissect::format::page::{Page, is_new};
use pgdissect::types::{BlockNumber, Fork, FullXid, OffsetNumber, Oid};
use transactions::Oracle;

/// A relation of a database, or a shared one.
fn relation(cluster: &Cluster, database: Oid, oid: Oid) -> &Relation {
    cluster.relation(database, oid).or_else(|| cluster.relation(Oid(0), oid)).unwrap()
}

/// Whether a shape is of as many columns as the row of pg_class says.
fn same_columns(shape: Option<&Shape>, row: &Row<'_>) {
    let natts = shape.map(Shape::natts);
    assert!(natts.is_none() || row.number("relnatts") == natts, "{}", row.get("relname"));
}

/// Judges a page of the index that `row` of pg_class is of.
fn index_page(
    cluster: &Cluster,
    row: &Row<'_>,
    (block, bytes): (BlockNumber, &[u8]),
    found: &mut dyn FnMut(Option<OffsetNumber>, Finding),
) {
    let (layout, columns) = (cluster.dialect().layout, row.number("relnatts"));
    let method = Method::of(Some(row.get("amname")));
    let known = index::Known { method, block, layout, columns, rows: true };
    index::judge(&Page::parse(bytes).unwrap(), known, found);
}

/// Judges every page of every relation of a cluster; gives the number of pages, of heap pages,
/// of those whose values were judged, and of index pages.
fn judge(case: &Case, found: &mut dyn FnMut(String, Finding)) -> [u32; 4] {
    let (oracle, cluster) = (Oracle::of(case), open(case));
    let init = case.csv("pg_control_init.csv");
    let checksums = init.rows().next().unwrap().get("data_page_checksum_version") != "0";
    let next = case.csv("counters.csv").rows().next().unwrap().number("next_xid").map(FullXid);
    assert!(next.is_some());
    let next_xid = next.filter(|_| case.clean);
    let (mut pages, mut heap_pages, mut shaped, mut index_pages) = (0, 0, 0, 0);
    let (block_size, _) = case.sizes();
    let mut scratch = heap::Scratch::default();
    let global = cluster.storage_of(Oid(0), &|_| true);
    for database in case.databases() {
        let of = cluster.databases().iter().find(|one| one.name == database).unwrap();
        let own = cluster.storage_of(of.oid, &|_| true);
        for row in case.csv(&format!("{database}/relations.csv")).rows() {
            if row.get("filepath").is_empty() {
                continue;
            }
            let relation = relation(&cluster, of.oid, Oid(row.number("oid").unwrap()));
            let storage = if relation.database == Oid(0) { &global } else { &own };
            let shape = Shape::of(relation, storage);
            same_columns(shape.as_ref(), &row);
            for fork in Fork::ALL {
                let path = format!("{}{}", row.get("filepath"), fork.suffix());
                let Some(bytes) = case.fork(row.get("filepath"), fork.suffix()) else { continue };
                for (block, bytes) in (0..).map(BlockNumber).zip(bytes.chunks_exact(block_size)) {
                    let place = |offset: Option<OffsetNumber>| {
                        format!("{} {path} {block} {offset:?}", case.name)
                    };
                    let known = page::Known { block, relation: &path, checksums };
                    page::judge(bytes, known, &mut |finding| found(place(None), finding));
                    pages += 1;
                    let of_index = row.get("relkind") == "i";
                    if of_index && matches!(fork, Fork::Main | Fork::Init) {
                        index_pages += 1;
                        index_page(&cluster, &row, (block, bytes), &mut |offset, finding| {
                            found(place(offset), finding);
                        });
                    }
                    let of_heap = ["r", "t", "m"].contains(&row.get("relkind"));
                    if of_heap && fork == Fork::Main && !is_new(bytes) {
                        let page = Page::parse(bytes).unwrap();
                        let settled =
                            cluster.is_settled(relation.persistence, page.header().pd_lsn);
                        let shape = shape.as_ref().filter(|_| settled);
                        shaped += u32::from(shape.is_some());
                        let known = heap::Known { block, transactions: &oracle, next_xid, shape };
                        heap::judge(&page, &known, &mut scratch, &mut |offset, finding| {
                            found(place(offset), finding);
                        });
                        heap_pages += 1;
                    }
                }
            }
        }
    }
    [pages, heap_pages, shaped, index_pages]
}

#[test]
fn healthy_pages_give_no_findings() {
    let mut all = Vec::new();
    for case in common::cases_with(&["xact_status.csv"]) {
        let [pages, heap_pages, shaped, index_pages] = judge(&case, &mut |place, finding| {
            all.push(format!(
                "{place}: {} {} {:?}",
                finding.rule.id, finding.evidence, finding.postgres_says
            ));
        });
        assert!(pages > 700 && heap_pages > 300, "{}: {pages} {heap_pages}", case.name);
        assert!(index_pages > 200, "{}: {index_pages} of indexes", case.name);
        assert!(!case.clean || shaped + 5 > heap_pages);
        // How much of a killed cluster recovery leaves as it is, chance says.
        assert!(shaped > heap_pages / 4, "{}: {shaped} of {heap_pages}", case.name);
        println!(
            "{}: {pages} pages, {heap_pages} of tables, {shaped} with values, {index_pages} of indexes",
            case.name
        );
    }
    assert!(all.is_empty(), "{}: {:#?}", all.len(), &all[..all.len().min(20)]);
}
