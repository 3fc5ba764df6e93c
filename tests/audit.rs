//! The audit of every fixture against pgstattuple, pg_visibility, age() and mxid_age().
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]
mod common;
#[path = "common/opened.rs"]
mod opened;

use common::{Case, Row};
use opened::open;
use pgdissect::analysis::audit::{Audited, Options, audit};
use pgdissect::finding::Severity;
use pgdissect::report::audit::{TableAudit, Thresholds};
use pgdissect::source::Quiet;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

const THRESHOLDS: Thresholds = Thresholds {
    dead_warning: 20.0,
    dead_critical: 40.0,
    age_warning: 1_000_000_000,
    age_critical: 1_500_000_000,
    multi_age_warning: 1_000_000_000,
    multi_age_critical: 1_500_000_000,
};

/// Audits a fixture.
fn audited(case: &Case) -> Audited {
    let cluster = open(case);
    let options = Options { selectors: Vec::new(), thresholds: THRESHOLDS, jobs: 2 };
    audit(&cluster, &options, &Quiet).unwrap()
}

/// The audit's rows of a database and of the shared catalogs, by oid.
fn rows<'a>(audited: &'a Audited, database: &str) -> HashMap<u32, &'a TableAudit> {
    let here = |row: &&TableAudit| row.database.as_deref().is_none_or(|name| name == database);
    audited.audit.tables.iter().filter(here).map(|row| (row.oid.0, row)).collect()
}

/// Shows `compare` each row of an oracle's file that is about a table, with the audit's row; gives
/// the number of rows.
fn compare(file: &str, compare: impl Fn(&Case, &Row<'_>, &TableAudit)) -> usize {
    let mut compared = 0;
    for case in common::cases() {
        let audited = audited(&case);
        let before = compared;
        for database in case.databases() {
            let rows = rows(&audited, &database);
            let changed = changed(&case, &database);
            let recorded = format!("{database}/{file}.csv");
            if !case.has(&recorded) {
                continue;
            }
            for row in case.csv(&recorded).rows() {
                // pgstattuple.csv holds indexes as well.
                let index = file == "pgstattuple" && row.get("am") != "heap";
                let oid = row.number("oid").unwrap();
                // Temporary tables are not audited: nothing of them outlives their session.
                let temporary =
                    row.get("rel").starts_with("pg_t") && row.get("rel").contains("temp_");
                if !index && !temporary && !changed.contains(&oid) {
                    let table = rows.get(&oid).unwrap_or_else(|| {
                        panic!("{}: {database}: {} is missing", case.name, row.get("rel"))
                    });
                    compare(&case, &row, table);
                    compared += 1;
                }
            }
        }
        assert!(compared > before, "{}: nothing in {file}", case.name);
    }
    compared
}

/// Relations of `database` that the server pruned while it was asked.
fn changed(case: &Case, database: &str) -> HashSet<u32> {
    let Some(changed) = case.try_text("changed.csv") else { return HashSet::new() };
    let changed = common::Csv::parse(&changed);
    let files: HashSet<_> = changed.rows().map(|row| row.get("file").to_owned()).collect();
    let relations = case.csv(&format!("{database}/relations.csv"));
    let of = relations.rows().filter(|row| files.contains(row.get("filepath")));
    of.map(|row| row.number("oid").unwrap()).collect()
}

fn assert_number(case: &Case, row: &Row<'_>, column: &str, found: u64) {
    let expected: u64 = row.number(column).unwrap();
    assert_eq!(found, expected, "{}: {} {column}", case.name, row.get("rel"));
}

#[test]
fn bloat_is_what_pgstattuple_says() {
    let compared = compare("pgstattuple", |case, row, table| {
        let bloat = &table.bloat;
        for (column, found) in [
            ("table_len", bloat.table_len),
            ("tuple_count", bloat.tuple_count),
            ("tuple_len", bloat.tuple_len),
            ("dead_tuple_count", bloat.dead_tuple_count),
            ("dead_tuple_len", bloat.dead_tuple_len),
            ("free_space", bloat.free_space),
        ] {
            assert_number(case, row, column, found);
        }
        for (column, found) in [
            ("tuple_percent", bloat.tuple_percent),
            ("dead_tuple_percent", bloat.dead_tuple_percent),
            ("free_percent", bloat.free_percent),
        ] {
            let expected: f64 = row.number(column).unwrap();
            let found: f64 = format!("{found:.2}").parse().unwrap();
            let what = (&case.name, row.get("rel"), column);
            assert!((found - expected).abs() < 1e-9, "{what:?}: {found}, expected {expected}");
        }
    });
    assert!(compared > 1000, "{compared}");
}

#[test]
fn visible_and_frozen_pages_are_what_pg_visibility_says() {
    let compared = compare("visibility_map_summary", |case, row, table| {
        assert_number(case, row, "all_visible", table.freeze.all_visible);
        assert_number(case, row, "all_frozen", table.freeze.all_frozen);
        let marked = |file: &str| {
            let csv = case.csv(file);
            csv.rows().filter(|row| row.get("pd_all_visible") == "t").count() as u64
        };
        let database = table.database.as_deref().unwrap_or("postgres");
        let file = format!("{database}/visibility/{}.csv", escaped(row.get("rel")));
        if case.try_text(&file).is_some() {
            assert_eq!(table.freeze.pd_all_visible, marked(&file), "{} {file}", case.name);
        }
    });
    assert!(compared > 1000, "{compared}");
}

/// As the oracle's file names have it: bytes other than letters, digits and `_` as `%XX`, but the
/// dot between schema and table.
fn escaped(name: &str) -> String {
    let (schema, table) = name.split_once('.').unwrap();
    let escape = |part: &str| {
        part.bytes().fold(String::new(), |out, byte| match byte {
            b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => out + &char::from(byte).to_string(),
            _ => format!("{out}%{byte:02X}"),
        })
    };
    format!("{}.{}", escape(schema), escape(table))
}

#[test]
fn ages_of_tables_are_what_age_says() {
    let shared_only = AtomicUsize::new(0);
    let compared = compare("ages", |case, row, table| {
        // Each database has its own row, and its own relfrozenxid, for a shared catalog.
        if table.database.is_none() && row.number("relfrozenxid") != Some(table.relfrozenxid.0) {
            shared_only.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let found = [
            ("relfrozenxid", i64::from(table.relfrozenxid.0)),
            ("age", i64::from(table.xid.age)),
            ("relminmxid", i64::from(table.relminmxid.0)),
            ("mxid_age", i64::from(table.multi.age)),
        ];
        for (column, found) in found {
            let expected: i64 = row.number(column).unwrap();
            assert_eq!(found, expected, "{}: {} {column}", case.name, row.get("rel"));
        }
    });
    assert!(compared - shared_only.into_inner() > 1000, "{compared}");
}

#[test]
fn ages_of_databases_are_what_age_says() {
    let mut compared = 0;
    for case in common::cases() {
        let wraparound = audited(&case).audit.wraparound;
        for row in case.csv("pg_database.csv").rows() {
            let name = row.get("datname");
            let found = wraparound.databases.iter().find(|database| database.database == name);
            let found = found.unwrap_or_else(|| panic!("{}: no database {name}", case.name));
            let both = (row.number("age"), row.number("mxid_age"));
            assert_eq!((Some(found.xid.age), Some(found.multi.age)), both, "{} {name}", case.name);
            compared += 1;
        }
    }
    assert!(compared > 60, "{compared}");
}

#[test]
fn what_holds_the_horizon_back_is_what_the_views_list() {
    let mut compared = 0;
    for case in common::cases_with(&["pg_replication_slots.csv"]) {
        let holders = audited(&case).audit.wraparound.holders;
        let holds = |kind: &str, name: &str, holds: &str| {
            let found = holders.iter().find(|holder| {
                (holder.kind, holder.name.as_str(), holder.holds) == (kind, name, holds)
            });
            found.map(|holder| holder.xid.0)
        };
        let mut expected = 0;
        let files = case.text("files.txt");
        for row in case.csv("pg_prepared_xacts.csv").rows() {
            let gid = row.get("gid");
            // A killed cluster's "before checkpoint" was committed after that: no file is left.
            let xid: u32 = row.number("transaction").unwrap();
            if !files.contains(&format!("{xid:08X} ")) {
                continue;
            }
            let found = holds("prepared transaction", gid, "xid");
            assert_eq!(found, row.number("transaction"), "{} {gid}", case.name);
            expected += 1;
        }
        for row in case.csv("pg_replication_slots.csv").rows() {
            for column in ["xmin", "catalog_xmin"] {
                let slot = row.get("slot_name");
                let found = holds("replication slot", slot, column);
                assert_eq!(found, row.number(column), "{} {slot} {column}", case.name);
                expected += usize::from(found.is_some());
            }
        }
        assert_eq!(holders.len(), expected, "{}", case.name);
        compared += expected;
    }
    assert!(compared > 16, "{compared}");
}

#[test]
fn healthy_clusters_give_no_warning() {
    for case in common::cases() {
        let audited = audited(&case);
        for of_rule in audited.findings.by_rule() {
            // A notice is a fact, such as a slot that the server had invalidated.
            let wrong = of_rule.kept.iter().find(|found| found.severity > Severity::Notice);
            let Some(first) = wrong.filter(|_| !case.by_construction(of_rule.rule.id)) else {
                continue;
            };
            panic!("{}: {}: {} {}", case.name, of_rule.rule.id, first.place, first.evidence);
        }
        assert_eq!(audited.coverage.skipped, [], "{}", case.name);
    }
}
