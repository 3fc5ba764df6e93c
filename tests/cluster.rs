//! An open cluster against what its server said of it: version and sizes, transactions, slots,
//! settings; and every relation with its name, files and sizes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails where an expectation does not hold, helpers of tests included"
)]
mod common;
#[path = "common/opened.rs"]
mod opened;

use common::{Case, cases, cases_with};
use opened::open;
use pgdissect::cluster::{Cluster, RelKind, Relation, Selector, TxStatus};
use pgdissect::finding::Severity;
use pgdissect::types::{Fork, MultiXactId, Oid, Xid};
use std::collections::BTreeMap;

/// What is wrong with a cluster, one line for each finding.
fn wrong(cluster: &Cluster) -> Vec<String> {
    let findings = cluster.findings();
    let rules = findings.by_rule();
    let kept = rules.iter().flat_map(|of_rule| &of_rule.kept);
    // A notice is a fact, such as a slot that the server had invalidated.
    let kept = kept.filter(|found| found.severity > Severity::Notice);
    kept.map(|found| format!("{} {}: {}", found.rule.id, found.place, found.evidence)).collect()
}

#[test]
fn version_and_sizes_are_the_servers() {
    for case in cases() {
        let cluster = open(&case);
        let (dialect, init) = (cluster.dialect(), case.csv("pg_control_init.csv"));
        let init = init.rows().next().unwrap();
        let geometry = dialect.geometry;
        let number = |column| init.number::<u32>(column).unwrap();
        assert_eq!(dialect.layout.version.major(), case.major, "{}", case.name);
        assert_eq!(geometry.block_size, number("database_block_size"), "{}", case.name);
        assert_eq!(geometry.segment_blocks, number("blocks_per_segment"), "{}", case.name);
        assert_eq!(geometry.wal_block_size, number("wal_block_size"), "{}", case.name);
        assert_eq!(geometry.wal_segment_size, number("bytes_per_wal_segment"), "{}", case.name);
        let checksums = number("data_page_checksum_version") != 0;
        assert_eq!(geometry.checksums, checksums, "{}", case.name);
        let system = case.csv("pg_control_system.csv");
        let identifier = system.rows().next().unwrap().get("system_identifier").to_owned();
        assert_eq!(cluster.input().system_identifier, Some(identifier), "{}", case.name);
    }
}

#[test]
fn transactions_ended_as_the_server_says() {
    for case in cases_with(&["xact_status.csv"]) {
        let cluster = open(&case);
        let (statuses, mut ended) = (case.csv("xact_status.csv"), BTreeMap::new());
        for row in statuses.rows() {
            let xid = Xid(u32::try_from(row.number::<u64>("xid").unwrap() & 0xffff_ffff).unwrap());
            let expected = match row.get("status") {
                "committed" => TxStatus::Committed,
                "aborted" => TxStatus::Aborted,
                "in progress" => TxStatus::InProgress,
                other => panic!("{other}"),
            };
            assert_eq!(cluster.xact().status(xid), expected, "{} {xid}", case.name);
            *ended.entry(row.get("status")).or_insert(0) += 1;
        }
        for (status, least) in [("committed", 100), ("aborted", 10), ("in progress", 2)] {
            assert!(ended.get(status) >= Some(&least), "{}: {ended:?}", case.name);
        }
        let counters = case.csv("counters.csv");
        let next: u64 = counters.rows().next().unwrap().number("next_xid").unwrap();
        assert_eq!(cluster.xact().next_xid().0, next, "{}", case.name);
    }
}

#[test]
fn multixacts_have_the_servers_members() {
    for case in cases_with(&["multixact_members.csv"]) {
        let cluster = open(&case);
        let mut expected = BTreeMap::<u32, Vec<(u32, String)>>::new();
        for row in case.csv("multixact_members.csv").rows() {
            let member = (row.number("xid").unwrap(), row.get("mode").to_owned());
            expected.entry(row.number("multi").unwrap()).or_default().push(member);
        }
        assert!(expected.len() > 3, "{}: {} multixacts", case.name, expected.len());
        for (multi, members) in expected {
            let found = cluster.xact().members(MultiXactId(multi)).unwrap();
            let found: Vec<_> = found.iter().map(|m| (m.xid.0, m.status.to_string())).collect();
            assert_eq!(found, members, "{} multixact {multi}", case.name);
        }
        let next = cluster.xact().next_multi();
        if case.clean {
            assert!(cluster.xact().members(next).is_err(), "{}", case.name);
        }
        assert!(cluster.xact().members(MultiXactId(0)).is_err(), "{}", case.name);
    }
}

#[test]
fn commit_times_are_the_servers() {
    let mut seen = 0;
    for case in cases() {
        let cluster = open(&case);
        let Some(times) = case.try_text("commit_timestamps.csv") else { continue };
        for row in common::Csv::parse(&times).rows() {
            let xid = Xid(row.number("xid").unwrap());
            let found = cluster.xact().commit_time(xid).map(|entry| entry.time.to_string());
            assert_eq!(found.unwrap_or_default(), row.get("committed"), "{} {xid}", case.name);
            seen += 1;
        }
    }
    assert!(seen > 1000, "{seen} commit times");
}

#[test]
fn prepared_transactions_and_slots_are_the_servers() {
    for case in cases_with(&["pg_replication_slots.csv"]) {
        let cluster = open(&case);
        let (csv, files) = (case.csv("pg_prepared_xacts.csv"), case.text("files.txt"));
        // A file goes when its transaction is committed: one was, after the last checkpoint.
        let has_file = |row: &common::Row| {
            let name = format!("{:08X} ", row.number::<u32>("transaction").unwrap());
            let mut paths = files.lines().filter(|line| line.starts_with("pg_twophase/"));
            paths.any(|line| line.contains(&name))
        };
        let expected: Vec<_> = csv
            .rows()
            .filter(has_file)
            .map(|row| (row.number("transaction").unwrap(), row.get("gid"), row.get("prepared")))
            .collect();
        let found = cluster.prepared().iter();
        let times: Vec<_> = found.clone().map(|one| one.prepared_at.to_string()).collect();
        let found = found.zip(&times).map(|(one, at)| (one.xid.0, one.gid.as_str(), at.as_str()));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{}", case.name);
        assert!(!expected.is_empty(), "{}", case.name);

        let csv = case.csv("pg_replication_slots.csv");
        let found: BTreeMap<_, _> =
            cluster.slots().iter().map(|slot| (slot.name.as_str(), slot)).collect();
        let mut seen = 0;
        for row in csv.rows().filter(|row| row.get("temporary") == "f") {
            let slot = found[row.get("slot_name")];
            let xid = |column| row.number(column).unwrap_or(0);
            assert_eq!(slot.xmin.0, xid("xmin"), "{} {}", case.name, slot.name);
            assert_eq!(slot.catalog_xmin.0, xid("catalog_xmin"), "{} {}", case.name, slot.name);
            assert_eq!(slot.database.0, xid("datoid"), "{} {}", case.name, slot.name);
            seen += 1;
        }
        assert_eq!((seen, seen > 0), (cluster.slots().len(), true), "{}", case.name);
    }
}

#[test]
fn settings_are_the_servers() {
    for case in cases() {
        let cluster = open(&case);
        let settings = cluster.settings();
        let csv = case.csv("settings.csv");
        let said: BTreeMap<_, _> = csv
            .rows()
            .map(|row| (row.get("name"), (row.get("setting"), row.get("source"))))
            .collect();
        macro_rules! compare {
            (on: $($name:ident),*; number: $($number:ident),*; some: $($some:ident),*) => {
                $( assert_eq!(if settings.$name { "on" } else { "off" }, said[stringify!($name)].0); )*
                $( assert_eq!(settings.$number.to_string(), said[stringify!($number)].0, stringify!($number)); )*
                $(
                    let value = settings.$some.map(|value| value.to_string());
                    let expected = said.get(stringify!($some)).map(|(value, _)| (*value).to_owned());
                    assert_eq!(value, expected, "{} {}", case.name, stringify!($some));
                )*
            };
        }
        compare! {
            on: autovacuum, track_counts, hot_standby, hot_standby_feedback, track_commit_timestamp;
            number: autovacuum_vacuum_threshold, autovacuum_vacuum_scale_factor,
                autovacuum_analyze_threshold, autovacuum_analyze_scale_factor,
                autovacuum_freeze_max_age, autovacuum_multixact_freeze_max_age,
                vacuum_freeze_min_age, vacuum_freeze_table_age,
                vacuum_multixact_freeze_min_age, vacuum_multixact_freeze_table_age;
            some: autovacuum_vacuum_max_threshold, autovacuum_vacuum_insert_threshold,
                autovacuum_vacuum_insert_scale_factor, vacuum_failsafe_age,
                vacuum_multixact_failsafe_age
        }
        let set = said.iter().filter(|(_, (_, from))| *from == "configuration file");
        let mut seen = 0;
        for (name, (value, _)) in set {
            let found = settings.get(name).unwrap_or_else(|| panic!("{} {name}", case.name));
            seen += u32::from(found.value == *value);
        }
        assert!(seen > 3, "{}: {seen} settings of the configuration file", case.name);
    }
}

/// Every relation of the databases that the oracle has: name, kind, where its files are, sizes.
#[test]
fn relations_and_their_files_are_the_servers() {
    for case in cases() {
        let cluster = open(&case);
        let mut seen = 0;
        for name in case.databases() {
            let database = cluster.databases().iter().find(|database| database.name == name);
            let database = database.unwrap_or_else(|| panic!("{}: no {name}", case.name)).oid;
            let csv = case.csv(&format!("{name}/relations.csv"));
            let (mut own, mut shared) = (0, 0);
            for row in csv.rows() {
                let is_shared = row.get("relisshared") == "t";
                *(if is_shared { &mut shared } else { &mut own }) += 1;
                let of = if is_shared { Oid(0) } else { database };
                let oid = Oid(row.number("oid").unwrap());
                let relation = cluster.relation(of, oid);
                let relation = relation
                    .unwrap_or_else(|| panic!("{} {name}: no {}", case.name, row.get("relname")));
                compare(&case, &cluster, relation, &row);
                seen += 1;
            }
            assert_eq!(cluster.relations(database).len(), own, "{} {name}", case.name);
            assert_eq!(cluster.relations(Oid(0)).len(), shared, "{} {name}", case.name);
        }
        assert!(seen > 1000, "{}: {seen} relations", case.name);
    }
}

fn compare(case: &Case, cluster: &Cluster, relation: &Relation, row: &common::Row) {
    let name = cluster.name_of(relation);
    let context = format!("{} {name}", case.name);
    assert_eq!(relation.name, row.get("relname"), "{context}");
    assert_eq!(relation.schema, row.get("nspname"), "{context}");
    assert_eq!(relation.kind, RelKind::from(row.get("relkind").as_bytes()[0]), "{context}");
    assert_eq!(relation.access_method.as_deref().unwrap_or(""), row.get("amname"), "{context}");
    assert_eq!(relation.persistence, row.get("relpersistence").as_bytes()[0].into(), "{context}");
    assert_eq!(relation.is_partition, row.get("relispartition") == "t", "{context}");
    let filenode: u32 = row.number("filenode").unwrap_or(0);
    assert_eq!(relation.locator.number.0, filenode, "{context}");
    let toast = relation.toast_relation.map_or(0, |oid| oid.0);
    assert_eq!(toast, row.number::<u32>("reltoastrelid").unwrap(), "{context}");
    let options = relation.reloptions.iter().map(|(name, value)| format!("{name}={value}"));
    let options = options.collect::<Vec<_>>().join(",");
    assert_eq!(options, row.get("reloptions").trim_matches(['{', '}']), "{context}");
    // Of a shared relation each database has its own row, kept up to date by vacuums in it only.
    if relation.database.is_valid() {
        assert_eq!(relation.reltuples.to_string(), row.get("reltuples"), "{context}");
        // ANALYZE leaves -1 for a partitioned table, which has no pages.
        let relpages = row.number::<i32>("relpages").unwrap().max(0).cast_unsigned();
        assert_eq!(relation.relpages, relpages, "{context}");
        assert_eq!(
            relation.relfrozenxid.0,
            row.number::<u32>("relfrozenxid").unwrap(),
            "{context}"
        );
        assert_eq!(relation.relminmxid.0, row.number::<u32>("relminmxid").unwrap(), "{context}");
    }
    if !relation.kind.has_storage() {
        return;
    }
    for fork in Fork::ALL {
        let files = cluster.files(relation, fork).unwrap();
        let expected: u64 = row.number(&format!("sz_{fork}")).unwrap_or(0);
        assert_eq!(files.bytes(), expected, "{context} {fork}");
        if let Some(first) = files.segments().first() {
            let path = first.path.strip_suffix(fork.suffix()).unwrap();
            assert_eq!(path, row.get("filepath"), "{context} {fork}");
        }
    }
}

#[test]
fn databases_are_the_servers() {
    for case in cases() {
        let cluster = open(&case);
        let csv = case.csv("pg_database.csv");
        let expected: Vec<_> = csv
            .rows()
            .map(|row| {
                let number = |column| row.number::<u32>(column).unwrap();
                let flags = (row.get("datistemplate") == "t", row.get("datallowconn") == "t");
                let ages = (number("datfrozenxid"), number("datminmxid"));
                (number("oid"), row.get("datname").to_owned(), flags, ages, number("dattablespace"))
            })
            .collect();
        let found = cluster.databases().iter().map(|database| {
            let flags = (database.is_template, database.allow_conn);
            let ages = (database.datfrozenxid.0, database.datminmxid.0);
            (database.oid.0, database.name.clone(), flags, ages, database.dattablespace.0)
        });
        assert_eq!(found.collect::<Vec<_>>(), expected, "{}", case.name);
        for row in case.csv("pg_tablespace.csv").rows() {
            let found = cluster.tablespace_name(Oid(row.number("oid").unwrap()));
            assert_eq!(found, Some(row.get("spcname")), "{}", case.name);
        }
        for row in case.csv("pg_authid.csv").rows() {
            let found = cluster.role_name(Oid(row.number("oid").unwrap()));
            assert_eq!(found, Some(row.get("rolname")), "{}", case.name);
        }
    }
}

#[test]
fn nothing_is_wrong_with_healthy_clusters() {
    for case in cases() {
        let cluster = open(&case);
        for database in cluster.databases() {
            assert!(cluster.relations(database.oid).len() > 300, "{}", case.name);
            assert!(cluster.is_complete(database.oid), "{}", case.name);
        }
        let mut wrong = wrong(&cluster);
        wrong.retain(|line| !case.by_construction(line.split(' ').next().unwrap()));
        assert_eq!(wrong, Vec::<String>::new(), "{}", case.name);
        let before_recovery =
            cluster.input().notes.iter().any(|note| note.contains("as they are on disk"));
        assert_eq!(before_recovery, !case.clean, "{}", case.name);
    }
}

#[test]
fn selectors_mean_what_the_user_writes() {
    // The names are those of fixtures/make, which records unowned.csv.
    for case in cases_with(&["unowned.csv"]) {
        let cluster = open(&case);
        let select = |text: &str| cluster.select(&[Selector::parse(text).unwrap()]);
        let csv = case.csv("lab/relations.csv");
        let user = |row: &common::Row| ["public", "app"].contains(&row.get("nspname"));
        let mut seen = 0;
        for row in csv.rows().filter(user) {
            let quoted = |part: &str| format!("\"{}\"", part.replace('"', "\"\""));
            let (schema, name) = (quoted(row.get("nspname")), quoted(row.get("relname")));
            let mut texts = vec![format!("lab.{schema}.{name}"), format!("oid:{}", row.get("oid"))];
            if row.number("filenode").unwrap_or(0) != 0 {
                texts.push(format!("filenode:{}", row.get("filenode")));
                texts.push(format!("{}.1", row.get("filepath")));
                texts.push(format!("./{}_vm", row.get("filepath")));
            }
            for text in texts {
                let found = select(&text).unwrap_or_else(|error| panic!("{}: {error}", case.name));
                let [relation] = found.as_slice() else { panic!("{}: {text}", case.name) };
                assert_eq!(relation.oid.0, row.number::<u32>("oid").unwrap(), "{text}");
                seen += 1;
            }
        }
        assert!(seen > 100, "{}: {seen} selectors", case.name);

        let names = |text: &str| {
            let found = select(text).unwrap_or_else(|error| panic!("{}: {error}", case.name));
            found.into_iter().map(|relation| cluster.name_of(relation)).collect::<Vec<_>>()
        };
        assert_eq!(names("t_never"), ["lab.public.t_never"], "{}", case.name);
        assert_eq!(names("APP.T_NEVER"), ["lab.app.t_never"], "{}", case.name);
        assert_eq!(names("lab.t_never"), ["lab.public.t_never"], "{}", case.name);
        assert_eq!(names("pg_database"), ["pg_catalog.pg_database"], "{}", case.name);
        assert_eq!(names("template0.pg_class"), ["template0.pg_catalog.pg_class"]);
        let lab = cluster.database("lab").unwrap().oid;
        for text in ["lab", "database:lab"] {
            assert_eq!(select(text).unwrap().len(), cluster.relations(lab).len(), "{text}");
        }
        let error = select("pg_class").unwrap_err().to_string();
        assert!(error.contains("lab.pg_catalog.pg_class"), "{error}");
        let error = select("t_nevr").unwrap_err().to_string();
        let near = "t_nevr is not here; near it: lab.app.t_never, lab.public.t_never";
        assert!(error.starts_with(near), "{}: {error}", case.name);
        assert!(select("base/5/99999").is_err() && select("oid:0").is_err());
    }
}

/// Who created the files that no visible row of pg_class has.
#[test]
fn rows_that_do_not_count_tell_whose_files_are_orphans() {
    let mut seen = 0;
    for case in cases().iter().filter(|case| !case.clean) {
        let cluster = open(case);
        let lab = cluster.database("lab").unwrap().oid;
        let unseen = cluster.unseen(lab).iter().find(|row| row.relation.name == "orphan_flushed");
        let unseen = unseen.unwrap_or_else(|| panic!("{}: no row", case.name));
        assert!(!unseen.deleted, "{}", case.name);
        assert_eq!(cluster.xact().status(unseen.xmin), TxStatus::InProgress, "{}", case.name);
        let files = cluster.files(&unseen.relation, Fork::Main).unwrap();
        assert!(!files.is_absent(), "{}", case.name);
        seen += 1;
    }
    assert!(seen >= 8, "{seen}");
}

#[test]
fn columns_are_the_servers() {
    for case in cases() {
        let cluster = open(&case);
        let lab = cluster.database("lab").unwrap().oid;
        let csv = case.csv("lab/attributes.csv");
        let mut expected = BTreeMap::<u32, Vec<_>>::new();
        for row in csv.rows().filter(|row| row.number::<i16>("attnum").unwrap() > 0) {
            let column = (
                row.number::<i16>("attnum").unwrap(),
                row.get("attname").to_owned(),
                row.number::<u32>("atttypid").unwrap(),
                row.number::<i16>("attlen").unwrap(),
                row.get("attisdropped") == "t",
            );
            expected.entry(row.number("attrelid").unwrap()).or_default().push(column);
        }
        let mut dropped = 0;
        for relation in cluster.relations(lab).iter().filter(|relation| relation.schema == "public")
        {
            let found = cluster.columns(relation);
            let found = found.into_iter().map(|column| {
                let (number, len) = (column.number, column.storage.len);
                (number, column.name, column.type_oid.0, len, column.is_dropped)
            });
            let found: Vec<_> = found.collect();
            dropped += found.iter().filter(|column| column.4).count();
            let columns = expected.remove(&relation.oid.0).unwrap_or_default();
            assert_eq!(found, columns, "{} {}", case.name, relation.name);
        }
        assert!(dropped > 0, "{}", case.name);
    }
}
