//! Names of block references, against what the servers said the relations' files are.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]
mod common;

use common::{Case, cases, cases_with};
use pgdissect::cluster::{Cluster, OpenOptions};
use pgdissect::source::{Options, Quiet, Source};
use pgdissect::types::{Oid, RelFileLocator, RelFileNumber};
use pgdissect::wal::{Log, Names, Range, Timelines};

fn open(case: &Case) -> Cluster {
    let mut options = Options::default();
    if let Some(tablespace) = &case.tablespace {
        let location = case.csv("pg_tablespace.csv");
        let old = location.rows().map(|row| row.get("location")).find(|at| !at.is_empty());
        options.tablespaces.push((old.unwrap().into(), tablespace.clone()));
    }
    let source = Source::open(&case.pgdata, &options, &Quiet).unwrap();
    Cluster::open(source, &OpenOptions::default()).unwrap()
}

/// The locator of a path such as `base/5/16390`, `global/1262`,
/// `pg_tblspc/16391/PG_18_202506291/5/16390`.
fn locator(path: &str) -> RelFileLocator {
    let parts: Vec<_> = path.split('/').collect();
    let number = |text: &str| text.parse().unwrap();
    let (tablespace, database) = match parts[..] {
        ["global", _] => (1664, 0),
        ["base", database, _] => (1663, number(database)),
        ["pg_tblspc", tablespace, _, database, _] => (number(tablespace), number(database)),
        _ => panic!("{path}"),
    };
    RelFileLocator {
        tablespace: Oid(tablespace),
        database: Oid(database),
        number: RelFileNumber(number(parts[parts.len() - 1])),
    }
}

#[test]
fn every_relation_of_a_stopped_cluster_is_named_by_its_current_file() {
    for case in cases() {
        let cluster = open(&case);
        let names = Names::new(Some(&cluster));
        for database in case.databases() {
            let mut seen = 0;
            for row in case.csv(&format!("{database}/relations.csv")).rows() {
                let path = row.get("filepath");
                // Temporary relations write no WAL.
                if path.is_empty() || path.contains("/t") {
                    continue;
                }
                let place = locator(path);
                let found = names.get(place).unwrap_or_else(|| panic!("{}: {path}", case.name));
                assert_eq!(found.oid.0, row.number::<u32>("oid").unwrap(), "{} {path}", case.name);
                let bare = |name: &str| name.replace('"', "");
                assert!(bare(&found.name).contains(&bare(row.get("relname"))), "{found}");
                assert_eq!(found.old, None);
                seen += 1;
            }
            assert!(seen > 100, "{}: {database}", case.name);
        }
    }
}

/// Files of transactions that never ended: some of their rows of pg_class are in WAL only.
#[test]
fn what_only_wal_knows_is_named_by_wal() {
    let mut by_wal = 0;
    for case in cases_with(&["unowned.csv"]) {
        let cluster = open(&case);
        let log = Log::of_cluster(&cluster, Timelines::Latest).unwrap();
        let copy = Names::new(Some(&cluster));
        let history = Names::with_history(Some(&cluster), &log, Range::default(), 2);
        for row in case.csv("unowned.csv").rows() {
            let place = locator(row.get("filepath"));
            let (relname, oid) = (row.get("relname"), row.number("oid").unwrap());
            by_wal += u32::from(copy.get(place).is_none());
            let named = history.get(place);
            let named = named.unwrap_or_else(|| panic!("{}: {relname}", case.name));
            assert_eq!(named.oid, Oid(oid), "{}: {relname}: {named}", case.name);
            assert!(named.name.starts_with(row.get("database")), "{}: {named}", case.name);
            assert!(named.name.contains(relname), "{}: {relname} is {named}", case.name);
            assert_eq!(named.old, Some(place.number.0));
        }
    }
    assert!(by_wal > 0, "the copies' catalogs knew everything already");
}
