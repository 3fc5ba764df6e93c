//! Slots, prepared transactions, transaction status and multixacts, read straight from their files,
//! against the server's views and functions.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;

use common::{Case, cases_with};
use pgdissect::format::control::ControlFile;
use pgdissect::format::parse_at;
use pgdissect::format::relmap::RelMap;
use pgdissect::format::slot::SlotState;
use pgdissect::format::slru::clog::{self, XidStatus};
use pgdissect::format::slru::commit_ts::{self, CommitTs};
use pgdissect::format::slru::multixact;
use pgdissect::format::slru::{Log, Place};
use pgdissect::format::twophase::{TwoPhaseFile, xid_of_name};
use pgdissect::layout::{Dialect, PgVersion};
use pgdissect::types::{FullXid, MultiXactId, MultiXactOffset, Xid};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

/// A case with what its pg_control says.
struct Cluster {
    case: Case,
    dialect: Dialect,
    control: ControlFile,
}

fn clusters() -> Vec<Cluster> {
    let open = |case: Case| {
        let layout = PgVersion::from_major(case.major).unwrap().layout();
        let bytes = fs::read(case.pgdata.join("global/pg_control")).unwrap();
        let control = ControlFile::parse(&bytes, layout).unwrap();
        assert!(control.crc_ok(), "{}", case.name);
        let dialect = Dialect { layout, geometry: control.geometry() };
        Cluster { case, dialect, control }
    };
    let needed = ["xact_status.csv", "multixact_members.csv", "pg_replication_slots.csv"];
    cases_with(&needed).into_iter().map(open).collect()
}

impl Cluster {
    /// The bytes at a place of a log, none if they are not there.
    fn bytes(&self, log: Log, place: Place, len: usize) -> Option<Vec<u8>> {
        let file = fs::read(self.case.pgdata.join(log.path(place.segment, &self.dialect))).ok()?;
        let start = usize::try_from(place.byte).unwrap();
        file.get(start..start + len).map(<[u8]>::to_vec)
    }

    fn listed(&self, dir: &str) -> Vec<PathBuf> {
        let read = fs::read_dir(self.case.pgdata.join(dir)).unwrap();
        let mut paths: Vec<_> = read.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    }

    fn next_xid(&self) -> Xid {
        self.control.check_point_copy.next_xid.xid()
    }
}

#[test]
fn slots_are_what_pg_replication_slots_shows() {
    let mut compared = 0;
    for cluster in clusters() {
        let name = &cluster.case.name;
        let csv = cluster.case.csv("pg_replication_slots.csv");
        let mut slots = BTreeMap::new();
        for dir in cluster.listed("pg_replslot") {
            let slot = SlotState::parse(&fs::read(dir.join("state")).unwrap()).unwrap();
            assert!(slot.checksum_ok(), "{name}: {slot:?}");
            assert_eq!(Some(slot.name.as_str()), dir.file_name().unwrap().to_str());
            slots.insert(slot.name.clone(), slot);
        }
        assert_eq!(csv.rows().len(), slots.len(), "{name}");
        for row in csv.rows() {
            let slot = &slots[row.get("slot_name")];
            let number = |column: &str| row.number::<u32>(column).unwrap_or(0);
            let lsn = |column: &str| row.get(column).parse().unwrap_or_default();
            assert_eq!(slot.is_logical(), row.get("slot_type") == "logical", "{name} {slot:?}");
            assert_eq!(slot.plugin, row.get("plugin"), "{name}");
            assert_eq!(slot.database.0, number("datoid"), "{name}");
            assert_eq!(slot.xmin.0, number("xmin"), "{name} {slot:?}");
            assert_eq!(slot.catalog_xmin.0, number("catalog_xmin"), "{name} {slot:?}");
            assert_eq!(slot.restart_lsn, lsn("restart_lsn"), "{name} {slot:?}");
            let confirmed =
                if slot.is_logical() { lsn("confirmed_flush_lsn") } else { slot.confirmed_flush };
            assert_eq!(slot.confirmed_flush, confirmed, "{name} {slot:?}");
            for (column, value) in [
                ("two_phase", slot.two_phase),
                ("failover", slot.failover),
                ("synced", slot.synced),
            ] {
                let expected = csv.has(column).then(|| row.get(column) == "t");
                assert!(expected.is_none() || value == expected, "{name}: {column} {slot:?}");
            }
            if csv.has("wal_status") {
                let lost = row.get("wal_status") == "lost";
                assert_eq!(slot.is_invalidated(), lost, "{name} {slot:?}");
            }
            if csv.has("invalidation_reason") {
                let cause = slot.invalidated.map(|cause| cause.to_string());
                assert_eq!(cause.as_deref(), Some(row.get("invalidation_reason")), "{name}");
            }
            compared += 1;
        }
    }
    assert!(compared > 60, "{compared} compared");
}

#[test]
fn prepared_transactions_are_what_pg_prepared_xacts_shows() {
    let mut compared = 0;
    let mut dropping = 0;
    for cluster in clusters() {
        let name = &cluster.case.name;
        let csv = cluster.case.csv("pg_prepared_xacts.csv");
        let databases = names(&cluster, "pg_database.csv", "datname");
        let roles = names(&cluster, "pg_authid.csv", "rolname");
        let expected: BTreeSet<_> = csv.rows().map(|row| row.get("gid").to_owned()).collect();
        let mut found = BTreeSet::new();
        for path in cluster.listed("pg_twophase") {
            let bytes = fs::read(&path).unwrap();
            let prepared = TwoPhaseFile::parse(&bytes, cluster.dialect.layout).unwrap();
            assert!(prepared.is_sound(), "{name}: {prepared:?}");
            let state = prepared.state;
            let named = xid_of_name(path.file_name().unwrap().to_str().unwrap()).unwrap();
            assert_eq!(named.xid(), state.xid, "{name}");
            let row = csv.rows().find(|row| row.get("gid") == state.gid);
            let row = row.unwrap_or_else(|| panic!("{name}: {state:?} is not in the view"));
            assert_eq!(row.number("transaction"), Some(state.xid.0), "{name}");
            assert_eq!(row.get("prepared"), state.prepared_at.to_string(), "{name}");
            assert_eq!(
                Some(row.get("database")),
                databases.get(&state.database.0).map(String::as_str)
            );
            assert_eq!(Some(row.get("owner")), roles.get(&state.owner.0).map(String::as_str));
            dropping += state.commit_rels.len() + state.abort_rels.len();
            found.insert(state.gid);
            compared += 1;
        }
        // In a killed cluster one was committed after the view was recorded, which removed its file.
        assert!(found.is_subset(&expected), "{name}: {found:?} {expected:?}");
        let gone = usize::from(!cluster.case.clean);
        assert_eq!(found.len() + gone, expected.len(), "{name}: {found:?} {expected:?}");
    }
    assert!(compared > 60 && dropping > 0, "{compared} compared, {dropping} relations to drop");
}

fn names(cluster: &Cluster, file: &str, column: &str) -> BTreeMap<u32, String> {
    let csv = cluster.case.csv(file);
    csv.rows().map(|row| (row.number("oid").unwrap(), row.get(column).to_owned())).collect()
}

#[test]
fn transaction_status_is_what_txid_status_says() {
    let mut compared = BTreeMap::new();
    for cluster in clusters() {
        let prepared: BTreeSet<_> = cluster
            .listed("pg_twophase")
            .iter()
            .filter_map(|path| xid_of_name(path.file_name()?.to_str()?))
            .map(FullXid::xid)
            .collect();
        let subxacts = subxacts(&cluster);
        for row in cluster.case.csv("xact_status.csv").rows() {
            // With an epoch, only its low half is in pg_xact.
            let xid = Xid(u32::try_from(row.number::<u64>("xid").unwrap() & 0xffff_ffff).unwrap());
            let place = clog::place(xid, &cluster.dialect);
            let bytes = cluster.bytes(Log::Xact, place, 1);
            let found = bytes.map(|bytes| clog::status(bytes[0], xid));
            let open = prepared.contains(&xid) || subxacts.contains(&xid);
            let expected: &[Option<XidStatus>] = match row.get("status") {
                "committed" => &[Some(XidStatus::Committed)],
                // A transaction that a crash ended was never marked.
                "aborted" => &[Some(XidStatus::Aborted), Some(XidStatus::InProgress)],
                "in progress" if open => {
                    &[Some(XidStatus::InProgress), Some(XidStatus::SubCommitted)]
                }
                "in progress" => &[Some(XidStatus::InProgress)],
                _ => continue,
            };
            assert!(expected.contains(&found), "{} {xid}: {found:?}", cluster.case.name);
            *compared.entry(row.get("status").to_owned()).or_insert(0) += 1;
        }
    }
    assert!(compared.len() == 3 && compared.values().all(|&count| count > 20), "{compared:?}");
}

/// Subtransactions of prepared transactions.
fn subxacts(cluster: &Cluster) -> BTreeSet<Xid> {
    let of = |path: &PathBuf| {
        let bytes = fs::read(path).unwrap();
        TwoPhaseFile::parse(&bytes, cluster.dialect.layout).unwrap().state.subxacts
    };
    cluster.listed("pg_twophase").iter().flat_map(of).collect()
}

#[test]
fn multixact_members_are_what_pg_get_multixact_members_says() {
    let mut compared = 0;
    for cluster in clusters() {
        let mut expected: BTreeMap<u32, Vec<(u32, String)>> = BTreeMap::new();
        for row in cluster.case.csv("multixact_members.csv").rows() {
            let member = (row.number("xid").unwrap(), row.get("mode").to_owned());
            expected.entry(row.number("multi").unwrap()).or_default().push(member);
        }
        for (multi, mut members) in expected {
            let mut found = members_of(&cluster, MultiXactId(multi));
            found.sort();
            members.sort();
            assert_eq!(found, members, "{} multixact {multi}", cluster.case.name);
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared} compared");
}

fn members_of(cluster: &Cluster, multi: MultiXactId) -> Vec<(u32, String)> {
    let checkpoint = &cluster.control.check_point_copy;
    let layout = cluster.dialect.layout;
    let offset = |multi: MultiXactId| {
        if multi == checkpoint.next_multi {
            return checkpoint.next_multi_offset;
        }
        let len = layout.multixact_offset_len as usize;
        let place = multixact::offset_place(multi, &cluster.dialect);
        let bytes = cluster.bytes(Log::MultiXactOffsets, place, len).unwrap();
        parse_at(&bytes, 0, "offset", |input| multixact::offset(input, layout)).unwrap()
    };
    let (start, end) = (offset(multi), offset(MultiXactId(multi.0 + 1)));
    let count = multixact::members_between(start, end, layout);
    assert!(count < 1000, "{multi}: {count} members");
    (0..count)
        .map(|index| {
            let at = MultiXactOffset(start.0 + index);
            let place = multixact::member_place(at, &cluster.dialect);
            let len = multixact::GROUP_LEN as usize;
            let group = cluster.bytes(Log::MultiXactMembers, place, len).unwrap();
            let member = multixact::member(&group, at).unwrap();
            (member.xid.0, member.status.to_string())
        })
        .collect()
}

#[test]
fn commit_timestamps_are_what_pg_xact_commit_timestamp_says() {
    let mut compared = 0;
    for cluster in clusters() {
        let Some(text) = cluster.case.try_text("commit_timestamps.csv") else { continue };
        for row in common::Csv::parse(&text).rows() {
            let xid = Xid(row.number("xid").unwrap());
            let place = commit_ts::place(xid, &cluster.dialect);
            let Some(bytes) = cluster.bytes(Log::CommitTs, place, commit_ts::LEN as usize) else {
                assert_eq!(row.get("committed"), "", "{} {xid}", cluster.case.name);
                continue;
            };
            let found = parse_at(&bytes, 0, "CommitTimestampEntry", CommitTs::parse).unwrap();
            let found = found.map(|entry| entry.time.to_string()).unwrap_or_default();
            // Some oracles have the time without its zone, which is UTC.
            let zone = |text: &str| text.trim_end_matches("+00").to_owned();
            let expected = row.get("committed");
            assert_eq!(zone(&found), zone(expected), "{} {xid}", cluster.case.name);
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared} compared");
}

#[test]
fn mapped_catalogs_have_the_filenodes_the_server_says() {
    let mut compared = 0;
    for cluster in clusters() {
        let databases = cluster.case.csv("pg_database.csv");
        let read = |dir: &str| {
            let path = cluster.case.pgdata.join(dir).join("pg_filenode.map");
            let map = RelMap::parse(&fs::read(path).unwrap(), cluster.dialect.layout).unwrap();
            assert!(map.crc_ok(), "{} {dir}", cluster.case.name);
            map
        };
        let global = read("global");
        for database in cluster.case.databases() {
            let row = databases.rows().find(|row| row.get("datname") == database).unwrap();
            let own = read(&format!("base/{}", row.get("oid")));
            for row in cluster.case.csv(&format!("{database}/relations.csv")).rows() {
                let mapped =
                    row.number("relfilenode") == Some(0_u32) && !row.get("filenode").is_empty();
                if !mapped || row.get("relkind") == "p" || row.get("relkind") == "I" {
                    continue;
                }
                let map = if row.get("relisshared") == "t" { &global } else { &own };
                let oid = pgdissect::types::Oid(row.number("oid").unwrap());
                let found = map.filenode(oid).map(|number| number.0);
                assert_eq!(found, row.number("filenode"), "{} {oid}", cluster.case.name);
                compared += 1;
            }
        }
    }
    assert!(compared > 1000, "{compared} compared");
}

/// All that is prepared is older than the next transaction, and no segment has an odd name.
#[test]
fn every_segment_file_has_a_name_that_is_looked_for() {
    let mut compared = 0;
    for cluster in clusters() {
        let next = cluster.next_xid();
        let after_epoch = cluster.control.check_point_copy.next_xid.epoch() > 0;
        let newest = clog::place(Xid(next.0.wrapping_sub(1)), &cluster.dialect).segment;
        for log in [Log::Xact, Log::MultiXactOffsets, Log::MultiXactMembers, Log::CommitTs] {
            for path in cluster.listed(log.dir()) {
                let name = path.file_name().unwrap().to_str().unwrap();
                let segment = u64::from_str_radix(name, 16).unwrap();
                assert_eq!(log.file_name(segment, &cluster.dialect), name, "{}", cluster.case.name);
                // After an epoch the oldest are in files with higher numbers.
                let behind = log != Log::Xact || segment <= newest || after_epoch;
                assert!(behind, "{} {name}", cluster.case.name);
                compared += 1;
            }
        }
    }
    assert!(compared > 30, "{compared} compared");
}
