//! `ls` against pg_database, pg_class and the sizes that the server gives; and the files that no
//! visible row owns against what the transactions that made them saw.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;

use common::{Case, Csv, cases, run};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// `pgdissect ls` of the files as they are, which is what the server was asked about, with the
/// tablespace where it is.
fn ls(case: &Case, rest: &str) -> Value {
    let tablespace = case.tablespace.as_ref().map(|new| {
        let csv = case.csv("pg_tablespace.csv");
        let row = csv.rows().find(|row| row.get("spcname") == "slow").unwrap();
        format!("--tablespace {}={}", row.get("oid"), new.display())
    });
    let (pgdata, tablespace) = (case.pgdata.display(), tablespace.unwrap_or_default());
    let ran = run(&format!(
        "pgdissect ls {pgdata} {rest} {tablespace} --as-on-disk --format json --fail-on never"
    ));
    assert!(ran.exit == 0 && ran.stderr.is_empty(), "{}: {} {}", case.name, ran.exit, ran.stderr);
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    for group in answer["findings"].as_array().unwrap() {
        // A notice is a fact, such as files that nothing owns.
        let fact = group["severity"] == "notice";
        let known = case.by_construction(group["id"].as_str().unwrap());
        assert!(fact || known, "{}: {}", case.name, group["first"][0]);
    }
    answer
}

fn rows<'a>(answer: &'a Value, list: &str) -> &'a Vec<Value> {
    answer["report"][list].as_array().unwrap()
}

#[test]
fn databases_have_the_sizes_and_ages_of_the_server() {
    let mut compared = 0;
    for case in cases() {
        let answer = ls(&case, "");
        // Sizes are those of the files, ages those of the checkpoint's counters.
        let ages = case.csv("pg_database.csv");
        let last = case.try_text("at_kill/pg_database.csv").map(|text| Csv::parse(&text));
        let sizes = last.as_ref().unwrap_or(&ages);
        let found: BTreeMap<_, _> = rows(&answer, "databases")
            .iter()
            .map(|row| (row["datname"].as_str().unwrap(), row))
            .collect();
        assert_eq!(found.len(), ages.rows().len(), "{}", case.name);
        for (by_age, by_size) in ages.rows().zip(sizes.rows()) {
            let row = found[by_age.get("datname")];
            for column in ["oid", "datfrozenxid", "datminmxid", "age", "mxid_age", "dattablespace"]
            {
                assert_eq!(row[column].to_string(), by_age.get(column), "{} {column}", case.name);
            }
            assert_eq!(by_size.get("datname"), by_age.get("datname"));
            // A starting server removes the relation cache's file, and the next session writes it.
            let cache = case.pgdata.join(format!("base/{}/pg_internal.init", row["oid"]));
            let cache = std::fs::metadata(cache).map_or(0, |file| file.len());
            let (size, said) = (row["size"].as_u64(), by_size.number::<u64>("size"));
            let same = size == said || size == said.map(|said| said + cache);
            assert!(same, "{} {row} {said:?} {cache}", case.name);
            compared += 1;
        }
    }
    assert!(compared > 80, "{compared} compared");
}

#[test]
fn relations_have_the_names_and_files_of_the_server() {
    let mut compared = 0;
    for case in cases() {
        for database in case.databases() {
            let answer = ls(&case, &format!("database:{database}"));
            let found: BTreeMap<_, _> = rows(&answer, "relations")
                .iter()
                .map(|row| (row["oid"].to_string(), row))
                .collect();
            let own = |row: &common::Row<'_>| row.get("relisshared") == "f";
            for row in case.csv(&format!("{database}/relations.csv")).rows().filter(own) {
                let at = format!("{} {database} {}", case.name, row.get("relname"));
                let Some(of) = found.get(row.get("oid")) else { panic!("{at} is not listed") };
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                assert!(
                    text(&of["relation"]).contains(row.get("relname"))
                        || row.get("relname").contains(['"', ' ', '.']),
                    "{at}: {of}"
                );
                assert_eq!(text(&of["access_method"]), row.get("amname"), "{at}");
                let path = row.get("filepath");
                if row.get("relpersistence") == "t" {
                    continue;
                }
                assert_eq!(text(&of["filepath"]), path, "{at}");
                assert_eq!(
                    of["filenode"].to_string(),
                    if path.is_empty() { "0" } else { row.get("filenode") },
                    "{at}"
                );
                for fork in ["main", "fsm", "vm", "init"] {
                    let forks = of["forks"].as_array().unwrap();
                    let size = forks
                        .iter()
                        .find(|of| of["fork"] == fork)
                        .map_or(0, |of| of["size"].as_u64().unwrap());
                    assert_eq!(
                        Some(size),
                        row.number(&format!("sz_{fork}")).or(Some(0)),
                        "{at} {fork}"
                    );
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 10_000, "{compared} compared");
}

#[test]
fn orphans_are_the_files_that_their_makers_saw() {
    let (mut compared, mut shown) = (0, 0);
    for case in cases() {
        let answer = ls(&case, "");
        let expected: BTreeMap<_, _> = case
            .csv("unowned.csv")
            .rows()
            .map(|row| {
                let made = [row.get("oid"), row.get("relname"), row.get("xid")].map(str::to_owned);
                (row.get("filepath").to_owned(), made)
            })
            .collect();
        let mut found = BTreeSet::new();
        for orphan in rows(&answer, "orphans") {
            let path = orphan["files"][0]["path"].as_str().unwrap();
            let [oid, name, xid] =
                &expected.get(path).unwrap_or_else(|| panic!("{}: {orphan}", case.name));
            found.insert(path.to_owned());
            // The row may never have left shared buffers.
            let origin = &orphan["origin"];
            if origin.is_null() {
                continue;
            }
            assert_eq!(origin["oid"].to_string(), *oid, "{} {orphan}", case.name);
            assert!(origin["relation"].as_str().unwrap().ends_with(name.as_str()), "{orphan}");
            // With an epoch, as txid_current() gives it.
            let xid: u64 = xid.parse().unwrap();
            assert_eq!(origin["created_by"], xid & 0xffff_ffff, "{} {orphan}", case.name);
            compared += 1;
        }
        let expected: BTreeSet<_> = expected.into_keys().collect();
        assert_eq!(found, expected, "{}", case.name);
        // One of them, by its filenode alone.
        if let Some(orphan) = rows(&answer, "orphans").first() {
            let alone = ls(&case, &format!("filenode:{}", orphan["filenode"]));
            assert!(rows(&alone, "orphans").contains(orphan), "{}: {alone}", case.name);
            // Its pages can be looked at, by either name.
            for selector in [format!("filenode:{}", orphan["filenode"]), path_of(orphan)] {
                let page = common::run(&format!(
                    "pgdissect page {} {selector} 0 --format json",
                    case.pgdata.display()
                ));
                let answer: Value = serde_json::from_str(&page.stdout)
                    .unwrap_or_else(|_| panic!("{} {selector}: {}", case.name, page.stderr));
                let named = answer["report"]["relation"].as_str().unwrap().to_owned();
                assert!(named.starts_with(&path_of(orphan)), "{named}");
                shown += u32::from(answer["report"]["pages"][0]["header"].is_object());
            }
        }
        let temporary = rows(&answer, "temporary").len();
        assert_eq!(temporary > 0, !case.clean, "{}: {temporary} temporary files", case.name);
    }
    assert!(compared > 20 && shown > 10, "{compared} compared, {shown} shown");
}

fn path_of(orphan: &Value) -> String {
    orphan["files"][0]["path"].as_str().unwrap().to_owned()
}

#[test]
fn a_schema_is_what_is_in_it() {
    for case in cases() {
        let csv = case.csv("lab/relations.csv");
        for schema in ["app", "public"] {
            let rows_of = csv.rows().filter(|row| row.get("nspname") == schema);
            let expected: BTreeSet<_> = rows_of.map(|row| row.get("oid").to_owned()).collect();
            assert!(!expected.is_empty());
            let answer = ls(&case, &format!("schema:lab.{schema}"));
            let found = rows(&answer, "relations").iter().map(|row| row["oid"].to_string());
            assert_eq!(found.collect::<BTreeSet<_>>(), expected, "{} {schema}", case.name);
        }
    }
}

#[test]
fn a_file_leads_to_its_relation_by_path_and_by_filenode() {
    let mut compared = 0;
    for case in cases() {
        let csv = case.csv("lab/relations.csv");
        let plain = |row: &common::Row<'_>| {
            row.get("relname").starts_with("t_")
                && row.get("relpersistence") == "p"
                && !row.get("filepath").is_empty()
        };
        for row in csv.rows().filter(plain).take(3) {
            for selector in [
                row.get("filepath").to_owned(),
                format!("lab.{}.{}", row.get("nspname"), row.get("relname")),
            ] {
                let answer = ls(&case, &selector);
                let found: Vec<_> =
                    rows(&answer, "relations").iter().map(|row| row["oid"].to_string()).collect();
                assert_eq!(found, [row.get("oid")], "{} {selector}", case.name);
                compared += 1;
            }
        }
    }
    assert!(compared > 50, "{compared} compared");
}
