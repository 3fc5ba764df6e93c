//! What `index` says of indexes against pgstatindex, pgstatginindex, pgstathashindex, pgstattuple,
//! what pageinspect says of the table, and how long they are after REINDEX.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]
mod common;
#[path = "common/opened.rs"]
mod opened;

use common::{Case, Row};
use opened::open;
use pgdissect::analysis::index::{Answer, Request, View, inspect};
use pgdissect::cluster::{Cluster, Selector};
use pgdissect::report::index::Index;
use pgdissect::source::Quiet;
use std::path::Path;

/// The clusters that were made for this: full of indexes in every state.
fn made_for_this() -> Vec<Case> {
    common::cases_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/indexes"))
}

fn answer(cluster: &Cluster, database: &str, schema: &str, name: &str) -> Answer {
    let parts = [database, schema, name].map(str::to_owned).to_vec();
    let tree = Some(View { depth: 9, children: 9 });
    let index = Some(Selector::Name(parts));
    let request = Request { index, with_heap: true, tree, jobs: 2 };
    inspect(cluster, &request, &Quiet).unwrap()
}

/// The answer about the index of a row, `rel` being its schema and name.
fn of_row(cluster: &Cluster, database: &str, row: &Row<'_>) -> Index {
    let (schema, name) = row.get("rel").split_once('.').unwrap();
    answer(cluster, database, schema, name).index
}

/// Shows `compare` each row of an oracle's file with the answer about its index; gives the number of
/// rows.
fn compare(
    cases: Vec<Case>,
    file: &str,
    wanted: impl Fn(&Row<'_>) -> bool,
    compare: impl Fn(&Case, &Row<'_>, &Index),
) -> usize {
    let mut compared = 0;
    for case in cases.into_iter().filter(|case| case.clean) {
        let cluster = open(&case);
        let (before, mut asked) = (compared, false);
        for database in case.databases() {
            let recorded = format!("{database}/{file}.csv");
            if !case.has(&recorded) {
                continue;
            }
            asked = true;
            for row in case.csv(&recorded).rows().filter(&wanted) {
                compare(&case, &row, &of_row(&cluster, &database, &row));
                compared += 1;
            }
        }
        assert!(compared > before || !asked, "{}: nothing in {file}", case.name);
    }
    compared
}

/// Indexes that users made: asking about them does not change them.
fn of_users(row: &Row<'_>) -> bool {
    row.number::<u32>("oid").unwrap() >= 16384
}

/// Of the system's indexes some as well.
fn sample(row: &Row<'_>) -> bool {
    of_users(row) || row.number::<u32>("oid").unwrap().is_multiple_of(40)
}

fn same(case: &Case, row: &Row<'_>, column: &str, found: &dyn ToString) {
    let what = (&case.name, row.get("rel"), column);
    assert_eq!(found.to_string(), row.get(column), "{what:?}");
}

fn same_number(case: &Case, row: &Row<'_>, column: &str, found: Option<f64>) {
    let what = (&case.name, row.get("rel"), column);
    let expected: f64 = row.get(column).parse().unwrap();
    let found = found.unwrap_or(f64::NAN);
    let equal = found.is_nan() && expected.is_nan() || (found - expected).abs() < 1e-9;
    assert!(equal, "{what:?}: {found}, expected {expected}");
}

#[test]
fn b_trees_are_what_pgstatindex_says() {
    let cases = common::cases_or("fixtures/indexes");
    let compared = compare(cases, "pgstatindex", of_users, |case, row, index| {
        let stat = index.pgstatindex.as_ref().unwrap();
        same(case, row, "version", &stat.version);
        same(case, row, "tree_level", &stat.tree_level);
        same(case, row, "index_size", &stat.index_size);
        same(case, row, "root_block_no", &stat.root_block_no);
        same(case, row, "internal_pages", &stat.internal_pages);
        same(case, row, "leaf_pages", &stat.leaf_pages);
        same(case, row, "empty_pages", &stat.empty_pages);
        same(case, row, "deleted_pages", &stat.deleted_pages);
        same_number(case, row, "avg_leaf_density", stat.avg_leaf_density);
        same_number(case, row, "leaf_fragmentation", stat.leaf_fragmentation);
    });
    assert!(compared > 25, "{compared}");
}

#[test]
fn gin_indexes_are_what_pgstatginindex_says() {
    let cases = common::cases_or("fixtures/indexes");
    let compared = compare(cases, "pgstatginindex", of_users, |case, row, index| {
        let stat = index.pgstatginindex.as_ref().unwrap();
        same(case, row, "version", &stat.version);
        same(case, row, "pending_pages", &stat.pending_pages);
        same(case, row, "pending_tuples", &stat.pending_tuples);
    });
    assert!(compared > 5, "{compared}");
}

#[test]
fn hash_indexes_are_what_pgstathashindex_says() {
    let cases = common::cases_or("fixtures/indexes");
    let compared = compare(cases, "pgstathashindex", of_users, |case, row, index| {
        let stat = index.pgstathashindex.as_ref().unwrap();
        same(case, row, "version", &stat.version);
        same(case, row, "bucket_pages", &stat.bucket_pages);
        same(case, row, "overflow_pages", &stat.overflow_pages);
        same(case, row, "bitmap_pages", &stat.bitmap_pages);
        same(case, row, "unused_pages", &stat.unused_pages);
        same(case, row, "live_items", &stat.live_items);
        same(case, row, "dead_items", &stat.dead_items);
        same_number(case, row, "free_percent", Some(stat.free_percent));
    });
    assert!(compared > 8, "{compared}");
}

#[test]
fn items_and_free_space_are_what_pgstattuple_says() {
    let judge = |case: &Case, row: &Row<'_>, index: &Index| {
        let stat = index.pgstattuple.as_ref().unwrap();
        same(case, row, "table_len", &stat.table_len);
        same(case, row, "tuple_count", &stat.tuple_count);
        same(case, row, "tuple_len", &stat.tuple_len);
        same(case, row, "dead_tuple_count", &stat.dead_tuple_count);
        same(case, row, "dead_tuple_len", &stat.dead_tuple_len);
        same(case, row, "free_space", &stat.free_space);
    };
    let index = |row: &Row<'_>| ["btree", "hash", "gist"].contains(&row.get("am"));
    let mut compared =
        compare(common::cases(), "pgstattuple", |row| index(row) && sample(row), judge);
    compared += compare(made_for_this(), "pgstattuple", |row| index(row) && of_users(row), judge);
    assert!(compared > 400, "{compared}");
}

#[test]
fn rows_are_in_the_table_as_pageinspect_shows_them() {
    let mut compared = 0;
    for case in made_for_this() {
        let cluster = open(&case);
        let relations = case.csv("postgres/relations.csv");
        let ends = case.csv("postgres/heap_ends.csv");
        for row in ends.rows() {
            let relation = relations.rows().find(|one| one.get("oid") == row.get("oid")).unwrap();
            let index = answer(&cluster, "postgres", "public", relation.get("relname")).index;
            let heap = index.heap.unwrap();
            let found = [index.items.rows, heap.tuples, heap.redirects, heap.dead, heap.unused];
            let expected = ["rows", "tuples", "redirects", "dead", "unused"];
            let expected = expected.map(|column| row.number::<u64>(column).unwrap());
            assert_eq!(found, expected, "{} {}", case.name, relation.get("relname"));
            compared += 1;
        }
        // Every index of a table that has all of its rows leads to the same.
        let rows_of = |name| answer(&cluster, "postgres", "public", name).index.items.rows;
        let all = rows_of("t_words");
        for name in ["t_hash_few", "t_gist", "t_spgist", "t_spgist_word"] {
            assert_eq!(rows_of(name), all, "{} {name}", case.name);
        }
    }
    assert!(compared > 20, "{compared}");
}

/// The estimate keeps every item, REINDEX leaves out those of dead rows: so much is allowed for, and
/// one page in twenty, or two where there are few.
#[test]
fn reindex_makes_of_an_index_what_was_estimated() {
    let estimated =
        |row: &Row<'_>| ["btree", "hash", "gin", "gist", "spgist"].contains(&row.get("amname"));
    let compared = compare(made_for_this(), "reindexed", estimated, |case, row, index| {
        let reindex = index.reindex.as_ref().unwrap();
        let (least, most) = (reindex.rebuilt_len_least, reindex.rebuilt_len);
        let real: u64 = row.number("size").unwrap();
        let heap = index.heap.unwrap();
        let dead = (index.items.rows - heap.tuples - heap.redirects) * most;
        let allowed = (real / 20).max(2 * 8192) + dead / index.items.rows.max(1);
        let what = (&case.name, row.get("rel"), least, most, real);
        let said = least.unwrap_or(most).saturating_sub(allowed)..=most + allowed;
        assert!(said.contains(&real), "{what:?}");
    });
    assert!(compared > 30, "{compared}");
}

#[test]
fn healthy_indexes_give_no_finding_and_every_page_is_reached() {
    let (mut indexes, mut nodes) = (0, 0);
    let mut cases = common::cases();
    cases.extend(made_for_this());
    for case in cases {
        let cluster = open(&case);
        for database in case.databases() {
            for row in case.csv(&format!("{database}/relations.csv")).rows().filter(sample) {
                let missing = row.get("relpersistence") == "u" && case.is_standby();
                let ours = row.get("relkind") == "i" && row.get("relpersistence") != "t";
                if !ours || missing {
                    continue;
                }
                let (schema, name) = (row.get("nspname"), row.get("relname"));
                let Answer { index, findings, .. } = answer(&cluster, &database, schema, name);
                let what = format!("{} {database}.{schema}.{name}", case.name);
                for of_rule in findings.by_rule() {
                    let first = &of_rule.kept[0];
                    assert!(!of_rule.rule.id.starts_with("index."), "{what}: {first:?}");
                }
                assert_eq!(index.lost_pages, 0, "{what}");
                if case.clean {
                    assert_eq!(index.unreached_pages.unwrap_or(0), 0, "{what}");
                }
                indexes += 1;
                nodes += index.tree.len();
            }
        }
    }
    assert!(indexes > 700 && nodes > 2500, "{indexes} indexes, {nodes} nodes");
}
