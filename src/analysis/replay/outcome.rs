//! What becomes of transactions, counters and files, as a report.
use super::sections::Sight;
use crate::analysis::inventory::directories;
use crate::analysis::wal::xacts::{self, Order, Request};
use crate::format::control::CheckPoint;
use crate::format::slru::clog::XidStatus;
use crate::replay::Replayed;
use crate::replay::order::{ForkState, Simulation};
use crate::replay::outcome::InDoubt;
use crate::report::replay::{Counters, Files, LastCommit, Outcome, PreparedRow};
use crate::report::wal::xacts::{XactRow, XactState};
use crate::types::{Fork, Oid, RelFileLocator};
use crate::wal::Range;
use std::collections::{BTreeSet, HashSet};

/// Open transactions that are listed; more are counted.
const MOST: usize = 1000;

/// What becomes of transactions, counters and files.
pub(super) fn outcome(sight: &Sight<'_>, replayed: &Replayed<'_>, jobs: usize) -> Outcome {
    let fates = &replayed.fates;
    let until = replayed.passed.end.unwrap_or(sight.ground.span.redo);
    let (open, more_open) = open(sight, Range { until, ..sight.ground.span.range() }, jobs);
    let known: HashSet<_> = open.iter().map(|row| row.xid).collect();
    let mut running: Vec<_> = fates.running().filter(|xid| !known.contains(xid)).collect();
    running.sort_unstable();
    let in_doubt = fates.in_doubt.values().flat_map(|of| of.subxacts.iter().chain([&of.xid]));
    sight.names.tell_open(known.iter().chain(&running).chain(in_doubt).copied().collect());
    let last = fates.last_commit;
    Outcome {
        commits: fates.commits,
        aborts: fates.aborts,
        multixacts: fates.multixacts(),
        last_commit: last.map(|of| LastCommit { xid: of.xid, lsn: of.lsn, time: of.time }),
        open,
        more_open,
        running,
        prepared: fates.in_doubt.values().map(|of| prepared(sight, of)).collect(),
        counters: counters(&fates.counters.checkpoint),
        unlogged: unlogged(sight, &replayed.simulation),
        temporary_files: temporary_files(sight),
        catalog_caches: catalog_caches(sight),
        stale_twophase: stale_twophase(sight),
    }
}

/// Transactions without an end, with what they had done.
fn open(sight: &Sight<'_>, range: Range, jobs: usize) -> (Vec<XactRow>, u64) {
    let request = Request {
        range,
        state: Some(XactState::Open),
        ddl: false,
        locators: None,
        since: None,
        until: None,
        order: Order::Start,
        limit: MOST,
        jobs,
    };
    let listed = xacts::xacts(sight.ground.log, Some(sight.ground.cluster), &request);
    (listed.xacts.transactions, listed.xacts.more)
}

fn prepared(sight: &Sight<'_>, of: &InDoubt) -> PreparedRow {
    let owner = sight.ground.cluster.role_name(of.owner);
    PreparedRow {
        transaction: of.xid,
        gid: of.gid.clone(),
        prepared: of.prepared_at,
        owner: owner.map_or_else(|| of.owner.to_string(), str::to_owned),
        database: sight.names.database(of.database),
        subtransactions: of.subxacts.len() as u64,
        lsn: of.lsn,
    }
}

const fn counters(of: &CheckPoint) -> Counters {
    Counters {
        next_xid: of.next_xid,
        next_oid: of.next_oid,
        next_multixact_id: of.next_multi,
        next_multi_offset: of.next_multi_offset,
        oldest_xid: of.oldest_xid,
        oldest_xid_dbid: of.oldest_xid_db,
        oldest_multi_xid: of.oldest_multi,
        oldest_multi_dbid: of.oldest_multi_db,
        oldest_commit_ts_xid: of.oldest_commit_ts_xid,
        newest_commit_ts_xid: of.newest_commit_ts_xid,
    }
}

/// Directories of databases, each with its tablespace and database.
fn all_directories(sight: &Sight<'_>) -> Vec<(Oid, Oid, String)> {
    let cluster = sight.ground.cluster;
    let of = cluster.databases().iter().flat_map(|database| {
        let oid = database.oid;
        directories(cluster, oid).into_iter().map(move |(tablespace, dir)| (tablespace, oid, dir))
    });
    let shared = (Oid::GLOBAL_TABLESPACE, Oid::INVALID, "global".to_owned());
    std::iter::once(shared).chain(of).collect()
}

/// Relations with an init fork, as replay leaves them.
fn unlogged(sight: &Sight<'_>, simulation: &Simulation<'_>) -> Vec<String> {
    let source = sight.ground.cluster.source();
    let mut all = BTreeSet::new();
    for (tablespace, database, dir) in all_directories(sight) {
        let Ok(index) = source.relation_index(&dir) else { continue };
        let init = index.files().iter().map(|file| file.name);
        let init = init.filter(|name| name.fork == Fork::Init && name.backend.is_none());
        all.extend(init.map(|name| RelFileLocator { tablespace, database, number: name.number }));
    }
    for (locator, _, _, state) in simulation.forks().filter(|(_, fork, _, _)| *fork == Fork::Init) {
        if state.is_some_and(ForkState::exists) {
            all.insert(locator);
        } else {
            all.remove(&locator);
        }
    }
    let mut names: Vec<_> =
        all.into_iter().map(|locator| sight.names.text_at_end(locator)).collect();
    names.sort();
    names
}

/// Files of temporary relations and of queries (`RemovePgTempFiles`, storage/file/fd.c).
fn temporary_files(sight: &Sight<'_>) -> Files {
    let cluster = sight.ground.cluster;
    let mut files = Files::default();
    let mut add = |bytes: u64| {
        files.count += 1;
        files.bytes += bytes;
    };
    for (_, _, dir) in all_directories(sight) {
        let Ok(index) = cluster.source().relation_index(&dir) else { continue };
        let temporary = index.files().iter().filter(|file| file.name.backend.is_some());
        temporary.for_each(|file| add(file.len));
    }
    let own = cluster.tablespaces().all().iter();
    let roots = own.filter_map(|tablespace| tablespace.directory.clone());
    for root in std::iter::once("base".to_owned()).chain(roots) {
        let spilled = cluster.source().list(&format!("{root}/pgsql_tmp")).unwrap_or_default();
        for entry in spilled {
            add(entry.len);
        }
    }
    files
}

/// pg_internal.init, in each directory that has one (`RelationCacheInitFileRemove`,
/// utils/cache/relcache.c).
fn catalog_caches(sight: &Sight<'_>) -> Vec<String> {
    let source = sight.ground.cluster.source();
    let has = |dir: &String| {
        let index = source.relation_index(dir);
        index.is_ok_and(|index| index.others().iter().any(|of| of.name == "pg_internal.init"))
    };
    let dirs = all_directories(sight).into_iter().map(|(_, _, dir)| dir).filter(has);
    let mut caches: Vec<_> = dirs.map(|dir| format!("{dir}/pg_internal.init")).collect();
    caches.sort();
    caches
}

/// State files of transactions that are ahead of the checkpoint, or that ended before it
/// (`ProcessTwoPhaseBuffer`, access/transam/twophase.c).
fn stale_twophase(sight: &Sight<'_>) -> Vec<String> {
    let (cluster, next) = (sight.ground.cluster, sight.ground.checkpoint.next_xid);
    let ended = |xid| {
        let status = cluster.xact().raw_status(xid);
        matches!(status, Some(XidStatus::Committed | XidStatus::Aborted))
    };
    let stale = cluster.prepared().iter().map(|of| of.xid);
    let stale = stale.filter(|xid| !xid.precedes(next.xid()) || ended(*xid));
    stale.map(|xid| format!("transaction {xid}")).collect()
}
