//! Nothing is wrong with clusters that no damage was done to: the commands themselves, on each.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]
mod common;

use common::{Case, cases, run};
use serde_json::Value;

/// The options that say where a case's tablespace is.
fn tablespace(case: &Case) -> String {
    let Some(unpacked) = &case.tablespace else { return String::new() };
    let csv = case.csv("pg_tablespace.csv");
    let mut locations = csv.rows().map(|row| row.get("location").to_owned());
    let old = locations.find(|location| location.starts_with('/')).unwrap();
    format!("--tablespace {old}={}", unpacked.display())
}

/// What a command answers.
fn answer(case: &Case, command: &str) -> Value {
    let (pgdata, options) = (case.pgdata.display(), tablespace(case));
    let ran = run(&format!("pgdissect {command} {pgdata} {options} --format json --fail-on never"));
    assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""), "{}: {command}", case.name);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Findings but notices, and but what the maker left out.
fn wrong(case: &Case, answer: &Value) -> Vec<String> {
    let findings = answer["findings"].as_array().unwrap();
    let mut wrong = Vec::new();
    for found in findings {
        let rule = found["id"].as_str().unwrap();
        let notice = found["severity"] == "notice";
        if !notice && !case.by_construction(rule) {
            wrong.push(found.to_string());
        }
    }
    wrong
}

#[test]
fn commands_find_nothing_wrong_with_healthy_clusters() {
    for case in cases() {
        for command in ["audit", "ls", "control"] {
            let answer = answer(&case, command);
            assert_eq!(wrong(&case, &answer), Vec::<String>::new(), "{} {command}", case.name);
        }
    }
}

/// Sizes of databases, and the files that no visible row of pg_class owns.
#[test]
fn ls_has_the_servers_sizes_and_the_files_of_open_transactions() {
    for case in cases() {
        let report = &answer(&case, "ls")["report"];
        let databases = report["databases"].as_array().unwrap();
        let recorded = if case.clean { "pg_database.csv" } else { "at_kill/pg_database.csv" };
        let (csv, files) = (case.csv(recorded), case.text("files.txt"));
        for row in csv.rows().filter(|_| csv.has("size")) {
            let of = |found: &&Value| found["datname"] == row.get("datname");
            let found = databases.iter().find(of).unwrap()["size"].as_u64().unwrap();
            // A server that was just started has removed this cache, and writes it at the first connection.
            let cache = format!("base/{}/pg_internal.init ", row.get("oid"));
            let cache = files.lines().find_map(|line| line.strip_prefix(&cache));
            let without = found - cache.map_or(0, |size| size.parse::<u64>().unwrap());
            let expected: u64 = row.number("size").unwrap();
            let context = format!("{} {}: {found}, not {expected}", case.name, row.get("datname"));
            assert!([found, without].contains(&expected), "{context}");
        }
        if !case.has("unowned.csv") {
            continue;
        }
        let orphans = report["orphans"].as_array().unwrap();
        let first = |found: &Value| found["files"][0]["path"].as_str().map(str::to_owned);
        let paths: Vec<_> = orphans.iter().filter_map(first).collect();
        for row in case.csv("unowned.csv").rows() {
            let path = row.get("filepath").to_owned();
            assert!(paths.contains(&path), "{}: {path} is not among {paths:?}", case.name);
        }
    }
}
