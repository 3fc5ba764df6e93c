//! The page command: its tables are those of pageinspect, and it accounts for every byte.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;
#[path = "common/random.rs"]
mod random;
#[path = "common/transactions.rs"]
mod transactions;

use common::{Case, Csv};
use pgdissect::analysis::page_dump::{Known, dump};
use pgdissect::report::page::{PageDump, PageKind};
use pgdissect::types::{BlockNumber, Fork};
use random::Random;
use transactions::Oracle;

fn taken_apart(bytes: &[u8], block: u32, kind: PageKind, history: &Oracle) -> Option<PageDump> {
    let known = Known {
        block: BlockNumber(block),
        fork: Fork::Main,
        object: "lab.public.t",
        relation: "base/5/16390",
        file: "base/5/16390",
        byte: u64::from(block) * bytes.len() as u64,
        kind,
        shape: None,
        index: None,
        layout: pgdissect::layout::PgVersion::ALL[0].layout(),
        checksums: true,
        rowids: false,
        history,
        next_xid: None,
        viewer: None,
        selected: None,
        hex: true,
    };
    dump(bytes, &known, &mut |_| {})
}

/// Regions follow each other, together they are the page, and so are the parts of its space.
fn check_bytes(bytes: &[u8], dump: &PageDump, place: &str) {
    let mut at = 0;
    for region in &dump.regions {
        assert_eq!(region.at, at, "{place}: {} is not where it should be", region.field);
        at += u32::try_from(region.bytes.len() / 2).unwrap();
    }
    let all: String = dump.regions.iter().map(|region| region.bytes.as_str()).collect();
    assert_eq!(all, hex::encode(bytes), "{place}");
    if let Some(space) = dump.space {
        assert_eq!(space.total() as usize, bytes.len(), "{place}: {space:?}");
    }
}

/// The pages of all user tables and sequences, and of a few indexes.
fn pages(case: &Case, mut each: impl FnMut(&[u8], u32, PageKind, &str)) {
    for row in case.csv("lab/relations.csv").rows() {
        let kind = match row.get("relkind") {
            "r" | "m" | "t" => PageKind::Heap,
            "S" => PageKind::Sequence,
            "i" => PageKind::Index,
            _ => continue,
        };
        if row.get("nspname") == "pg_catalog" || row.get("filepath").is_empty() {
            continue;
        }
        if case.is_standby() && row.get("relpersistence") == "u" {
            continue;
        }
        let bytes = case.fork(row.get("filepath"), "").unwrap();
        for (block, page) in (0..).zip(bytes.chunks_exact(case.sizes().0)) {
            each(page, block, kind, &format!("{} {} {block}", case.name, row.get("relname")));
        }
    }
}

#[test]
fn every_byte_of_every_page_is_accounted_for() {
    let mut count = 0;
    for case in common::cases_with(&["xact_status.csv"]) {
        let history = Oracle::of(&case);
        pages(&case, |bytes, block, kind, place| {
            let dump = taken_apart(bytes, block, kind, &history).unwrap();
            check_bytes(bytes, &dump, place);
            let space = dump.space.unwrap_or_default();
            if dump.kind == PageKind::Heap {
                let header = &dump.header;
                let hole = header.upper.saturating_sub(header.lower);
                assert_eq!(space.hole, u32::from(hole), "{place}");
                let stored = |item: &&pgdissect::report::page::Item| item.lp_flags == 1;
                let len = dump.items.iter().filter(stored).map(|item| u32::from(item.lp_len));
                assert_eq!(space.live + space.dead, len.sum::<u32>(), "{place}");
            }
            count += 1;
        });
    }
    assert!(count > 5000, "{count} pages");
}

#[test]
fn damaged_pages_are_accounted_for_as_well() {
    let case = common::case("pg18/clean");
    let history = Oracle::of(&case);
    let mut random = Random::new(7);
    pages(&case, |bytes, block, kind, place| {
        for _ in 0..8 {
            let mut damaged = random.damaged(bytes);
            // Half of the time the header and line pointers are hit, where it hurts.
            if random.below(2) == 0 {
                let at = random.below(256.min(damaged.len()));
                damaged.splice(at..(at + 1).min(damaged.len()), [random.next().to_le_bytes()[0]]);
            }
            match taken_apart(&damaged, block, kind, &history) {
                Some(dump) => check_bytes(&damaged, &dump, place),
                None => assert!(damaged.len() < 24, "{place}"),
            }
        }
    });
}

/// One file by itself, through the command: the columns of heap_page_items hold what it says.
#[test]
fn the_table_of_items_is_heap_page_items() {
    for name in ["pg12/clean", "pg15/killed", "pg19/clean"] {
        let case = common::case(name);
        let mut compared = 0;
        for table in ["t_hot", "t_multi", "t_toast", "t_types", "t_xact", "t_zerocol"] {
            let relations = case.csv("lab/relations.csv");
            let relation = relations.rows().find(|row| row.get("relname") == table).unwrap();
            let file = case.path(relation.get("filepath"));
            let file = file.to_str().unwrap();
            let command = format!("pgdissect page {file} 0-9999 --format csv --fail-on never");
            let ran = common::run(&command);
            assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""), "{command}");
            let ours = Csv::parse(&ran.stdout);
            let theirs = case.csv(&format!("lab/heap_page_items/public.{table}.csv"));
            assert_eq!(ours.rows().len(), theirs.rows().len(), "{name} {table}");
            for (our, their) in ours.rows().zip(theirs.rows()) {
                for column in [
                    "blkno",
                    "lp",
                    "lp_off",
                    "lp_flags",
                    "lp_len",
                    "t_xmin",
                    "t_xmax",
                    "t_field3",
                    "t_ctid",
                    "t_infomask2",
                    "t_infomask",
                    "t_hoff",
                    "t_bits",
                    "t_oid",
                ] {
                    assert_eq!(our.get(column), their.get(column), "{name} {table} {column}");
                }
                if their.get("t_data_md5").is_empty() {
                    let data = our.get("t_data").trim_start_matches("\\x");
                    assert_eq!(data, their.get("t_data"), "{name} {table}");
                }
                compared += 1;
            }
        }
        assert!(compared > 100, "{name}: {compared}");
    }
}
