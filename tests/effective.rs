//! Clusters that were killed, as recovery would leave their transactions: judged by what the real server
//! left when it recovered from the same files.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]
mod common;
#[path = "common/opened.rs"]
mod opened;

use common::{Case, cases};
use opened::open;
use pgdissect::analysis::replay::{after_recovery, sections};
use pgdissect::cluster::{Cluster, TxStatus};
use pgdissect::replay::{Ground, Span};
use pgdissect::report::replay::Outcome;
use pgdissect::types::{Fork, FullXid, MultiXactId, Xid};
use pgdissect::wal::{Log, Names, Timelines};
use std::collections::{BTreeMap, BTreeSet};

fn killed() -> Vec<Case> {
    let killed: Vec<_> = cases().into_iter().filter(|case| !case.clean).collect();
    assert!(killed.len() >= 8);
    killed
}

/// Gives what crash recovery begins with.
fn grounded<T>(cluster: &Cluster, look: impl FnOnce(&Ground<'_>) -> T) -> T {
    let log = Log::of_cluster(cluster, Timelines::Latest).unwrap();
    let checkpoint = &cluster.control().unwrap().check_point_copy;
    let span = Span::from(checkpoint.redo);
    look(&Ground { cluster, log: &log, span, checkpoint, consistent: None, waits: false })
}

fn recovered(case: &Case) -> Cluster {
    let cluster = open(case);
    let (overlay, note) = grounded(&cluster, |ground| after_recovery(ground, 2));
    assert!(note.contains("--as-on-disk"), "{note}");
    cluster.after_recovery(overlay, note)
}

#[test]
fn every_transaction_ends_as_on_the_recovered_server() {
    for case in killed().iter().filter(|case| case.has("recovered/xact_status.csv")) {
        let cluster = recovered(case);
        let (mut checked, mut changed) = (0, 0);
        let on_disk = open(case);
        for row in case.csv("recovered/xact_status.csv").rows() {
            let xid = FullXid(row.number("xid").unwrap()).xid();
            let status = cluster.xact().status(xid);
            let expected = match row.get("status") {
                "committed" => TxStatus::Committed,
                "aborted" => TxStatus::Aborted,
                "in progress" => TxStatus::InProgress,
                other => panic!("{other}?"),
            };
            assert_eq!(status, expected, "{}: {xid}", case.name);
            checked += 1;
            changed += u32::from(on_disk.xact().status(xid) != status);
        }
        assert!(checked > 50 && changed > 10, "{}: {checked}, {changed}", case.name);
    }
}

#[test]
fn every_multixact_has_the_members_that_it_has_on_the_recovered_server() {
    for case in killed().iter().filter(|case| case.has("recovered/multixact_members.csv")) {
        let cluster = recovered(case);
        let mut expected: BTreeMap<MultiXactId, Vec<(Xid, String)>> = BTreeMap::new();
        for row in case.csv("recovered/multixact_members.csv").rows() {
            let member = (Xid(row.number("xid").unwrap()), row.get("mode").to_owned());
            expected.entry(MultiXactId(row.number("multi").unwrap())).or_default().push(member);
        }
        assert!(expected.len() > 10);
        for (multi, members) in expected {
            let found = cluster.xact().members(multi).unwrap();
            let found: Vec<_> = found.iter().map(|of| (of.xid, of.status.to_string())).collect();
            assert_eq!(found, members, "{}: {multi}", case.name);
        }
    }
}

/// The server that was asked had begun nothing by then but what it needed to answer.
#[test]
fn the_counters_are_those_of_the_recovered_server() {
    for case in killed().iter().filter(|case| case.has("recovered/counters.csv")) {
        let cluster = recovered(case);
        let counters = case.csv("recovered/counters.csv");
        let row = counters.rows().next().unwrap();
        assert_eq!(Some(cluster.xact().next_xid().0), row.number("next_xid"), "{}", case.name);
        let next_multi = cluster.xact().next_multi().0;
        assert_eq!(Some(next_multi), row.number("next_multixact_id"), "{}", case.name);
    }
}

/// Everything that replay is simulated for.
fn outcome(case: &Case) -> Outcome {
    let cluster = open(case);
    grounded(&cluster, |ground| sections(ground, &Names::new(Some(&cluster)), 2).outcome)
}

#[test]
fn the_same_transactions_stay_prepared() {
    for case in killed() {
        let listed = case.csv("recovered/pg_prepared_xacts.csv");
        let expected: BTreeSet<_> = listed
            .rows()
            .map(|row| {
                (
                    row.number("transaction").unwrap(),
                    row.get("gid").to_owned(),
                    row.get("owner").to_owned(),
                    row.get("database").to_owned(),
                )
            })
            .collect();
        let found = outcome(&case).prepared.into_iter();
        let found: BTreeSet<_> =
            found.map(|of| (of.transaction.0, of.gid, of.owner, of.database)).collect();
        assert_eq!(found, expected, "{}", case.name);
        assert!(!expected.is_empty());
    }
}

/// Of every relation that records touch and that is still there: as long as the server left it.
#[test]
fn files_are_as_long_as_on_the_recovered_server() {
    let mut checked = 0;
    for case in killed() {
        let cluster = open(&case);
        let (block_size, _) = case.sizes();
        let order =
            grounded(&cluster, |ground| sections(ground, &Names::new(Some(&cluster)), 2).order);
        let mut sizes = BTreeMap::new();
        for database in case.databases() {
            let relations = case.csv(&format!("recovered/{database}/relations.csv"));
            for row in relations.rows() {
                let path = row.get("filepath").to_owned();
                sizes.insert(path.clone(), row.number::<usize>("sz_main"));
                sizes.insert(format!("{path}_vm"), row.number("sz_vm"));
            }
        }
        for row in order.relations.iter().filter(|row| row.fork != Fork::Fsm && row.pages > 0) {
            let path = row.file.clone().unwrap();
            let Some(Some(size)) = sizes.get(&path) else { continue };
            let blocks = row.blocks_after as usize;
            assert_eq!(blocks * block_size, *size, "{}: {path} {}", case.name, row.relation);
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}
