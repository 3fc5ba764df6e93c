//! Pages that no damage was done to give no findings, whether the server was stopped or killed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;
#[path = "common/transactions.rs"]
mod transactions;

use common::Case;
use pgdissect::analysis::verify::{heap, page};
use pgdissect::finding::Finding;
use pgdissect::format::page::{Page, is_new};
use pgdissect::types::{BlockNumber, Fork, FullXid, OffsetNumber};
use transactions::Oracle;

/// Judges every page of every relation of a cluster; gives the number of pages and heap pages.
fn judge(case: &Case, found: &mut dyn FnMut(String, Finding)) -> (u32, u32) {
    let oracle = Oracle::of(case);
    let init = case.csv("pg_control_init.csv");
    let checksums = init.rows().next().unwrap().get("data_page_checksum_version") != "0";
    let next = case.csv("counters.csv").rows().next().unwrap().number("next_xid").map(FullXid);
    assert!(next.is_some());
    let next_xid = next.filter(|_| case.clean);
    let (mut pages, mut heap_pages) = (0, 0);
    let (block_size, _) = case.sizes();
    let mut scratch = heap::Scratch::default();
    for database in case.databases() {
        for row in case.csv(&format!("{database}/relations.csv")).rows() {
            if row.get("filepath").is_empty() {
                continue;
            }
            let natts = row.number("relnatts");
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
                    let of_heap = ["r", "t", "m"].contains(&row.get("relkind"));
                    if of_heap && fork == Fork::Main && !is_new(bytes) {
                        let page = Page::parse(bytes).unwrap();
                        let known = heap::Known { block, transactions: &oracle, next_xid, natts };
                        heap::judge(&page, &known, &mut scratch, &mut |offset, finding| {
                            found(place(offset), finding);
                        });
                        heap_pages += 1;
                    }
                }
            }
        }
    }
    (pages, heap_pages)
}

#[test]
fn healthy_pages_give_no_findings() {
    let mut all = Vec::new();
    for case in common::cases_with(&["xact_status.csv"]) {
        let (pages, heap_pages) = judge(&case, &mut |place, finding| {
            all.push(format!(
                "{place}: {} {} {:?}",
                finding.rule.id, finding.evidence, finding.postgres_says
            ));
        });
        assert!(pages > 700 && heap_pages > 300, "{}: {pages} {heap_pages}", case.name);
        println!("{}: {pages} pages, {heap_pages} of tables", case.name);
    }
    assert!(all.is_empty(), "{}: {:#?}", all.len(), &all[..all.len().min(20)]);
}
