//! `wal xacts`: transactions put together from what each segment has of them.
mod ddl;
mod rows;
mod segment;

use super::gap::of_gap;
use crate::cluster::Cluster;
use crate::finding::Findings;
use crate::report::wal::xacts::{StopBefore, XactState, Xacts};
use crate::types::{FullXid, Lsn, RelFileLocator, TimestampTz, Xid};
use crate::wal::{ClassLog, Log, Names, Range, SegmentReader, Step, Watch};
use ddl::Changes;
use segment::{Ended, Mark, Segment, Work};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;

/// The answer's schema.
pub const SCHEMA: &str = "wal-xacts/1";

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which part of the log.
    pub range: Range,
    /// Only transactions that ended so.
    pub state: Option<XactState>,
    /// Only transactions that did DDL.
    pub ddl: bool,
    /// Only transactions that changed rows in files under one of these, or dropped them.
    pub locators: Option<Vec<RelFileLocator>>,
    /// Only those that ended then or later.
    pub since: Option<TimestampTz>,
    /// Only those that ended before.
    pub until: Option<TimestampTz>,
    /// Their order.
    pub order: Order,
    /// How many are kept, the first in that order.
    pub limit: usize,
    /// Threads.
    pub jobs: usize,
}

/// The order of transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Of their ends; those without one come last.
    End,
    /// Of their first records.
    Start,
    /// Most bytes first.
    Size,
    /// Most records first.
    Records,
    /// Most rows first.
    Rows,
}

/// The answer, and what was found on the way.
#[derive(Debug)]
pub struct Listed {
    /// The answer.
    pub xacts: Xacts,
    /// Segments that were read.
    pub segments: u64,
    /// Bytes of records in them.
    pub bytes: u64,
    /// What is damaged.
    pub findings: Findings,
}

/// A transaction so far.
#[derive(Debug, Default)]
struct Open {
    work: Work,
    changes: Changes,
    subtransactions: u32,
    gid: Option<String>,
    prepared: Option<TimestampTz>,
}

/// A transaction in all.
#[derive(Debug)]
struct Whole {
    xid: Xid,
    state: XactState,
    time: Option<TimestampTz>,
    open: Open,
    dropped: Vec<RelFileLocator>,
    stop_before: Option<StopBefore>,
}

/// All segments so far.
struct All<'a> {
    request: &'a Request,
    cluster: Option<&'a Cluster>,
    locators: HashSet<RelFileLocator>,
    /// Names of relations that are there, to know catalogs by.
    current: Names<'a>,
    history: Option<ClassLog<'a>>,
    open: HashMap<Xid, Open>,
    /// Transactions of subtransactions, where WAL says so.
    tops: HashMap<Xid, Xid>,
    /// Subtransactions of those that are prepared.
    prepared: HashSet<Xid>,
    kept: BTreeMap<(u64, u64), Whole>,
    /// Transactions that were asked for.
    wanted: u64,
    restore_point: Option<String>,
    /// The latest end so far.
    latest: Option<TimestampTz>,
    next_xid: Option<FullXid>,
}

/// Lists what `request` asks for. Names are those of `cluster`, and those that WAL itself tells.
pub fn xacts(log: &Log, cluster: Option<&Cluster>, request: &Request) -> Listed {
    let mut watch = cluster.map(Watch::new);
    loop {
        let (all, listed) = read(log, cluster, request, watch.as_ref());
        let history = watch.as_mut().zip(all.history.as_ref());
        if !history.is_some_and(|(watch, history)| watch.learn(history)) {
            return Listed { xacts: all.finish(), ..listed };
        }
    }
}

/// Reads all of it, as far as `watch` knows where pg_class is.
fn read<'a>(
    log: &Log,
    cluster: Option<&'a Cluster>,
    request: &'a Request,
    watch: Option<&Watch>,
) -> (All<'a>, Listed) {
    let history = cluster.zip(watch).map(|(cluster, watch)| ClassLog::new(cluster, watch));
    let mut all = All {
        request,
        cluster,
        locators: request.locators.iter().flatten().copied().collect(),
        current: Names::new(cluster),
        history,
        open: HashMap::new(),
        tops: HashMap::new(),
        prepared: HashSet::new(),
        kept: BTreeMap::new(),
        wanted: 0,
        restore_point: None,
        latest: None,
        next_xid: None,
    };
    let mut findings = log.findings();
    let (mut segments, mut bytes) = (0, 0);
    let layout = log.shape.layout;
    let open_only = request.state == Some(XactState::Open);
    let of_segment =
        |reader: &mut SegmentReader<'_, '_>| Segment::read(log, watch, open_only, reader);
    crate::wal::read(log, request.range, request.jobs, of_segment, |step| {
        match step {
            Step::Gap(gap) => findings.push(of_gap(&gap, layout)),
            Step::Part(part) => {
                part.answer.gaps.iter().for_each(|gap| findings.push(of_gap(gap, layout)));
                segments += 1;
                bytes += part.answer.bytes;
                all.add(part.answer);
            }
        }
        ControlFlow::Continue(())
    });
    (all, Listed { xacts: Xacts::default(), segments, bytes, findings })
}

impl All<'_> {
    fn add(&mut self, segment: Segment) {
        self.next_xid = segment.next_xid.or(self.next_xid);
        for (xid, work) in segment.work.rows {
            if let Some(top) = work.top {
                self.tops.insert(xid, top);
            }
            self.open.entry(xid).or_default().work.merge(work);
        }
        if let (Some(history), Some(cluster)) = (&mut self.history, self.cluster) {
            for kept in &segment.kept {
                history.apply(kept, &mut |change| {
                    if change.xid.0 != 0 {
                        self.open.entry(change.xid).or_default().changes.add(&change, cluster);
                    }
                });
            }
        }
        for mark in segment.marks {
            match mark {
                Mark::RestorePoint(name) => self.restore_point = Some(name),
                Mark::Assigned(top, subs) => {
                    self.tops.extend(subs.into_iter().map(|sub| (sub, top)));
                }
                Mark::Ended(ended) => self.end(ended),
            }
        }
    }

    fn end(&mut self, ended: Ended) {
        let Ended { xid, lsn, state, time, subxacts, gid, dropped } = ended;
        if state == XactState::Committed && self.request.state == Some(XactState::Open) {
            for xid in subxacts.iter().chain([&xid]) {
                self.open.remove(xid);
                self.tops.remove(xid);
                self.prepared.remove(xid);
            }
            return;
        }
        let mut open = self.open.remove(&xid).unwrap_or_default();
        let top = self.tops.remove(&xid).filter(|top| *top != xid);
        if let (XactState::Aborted, Some(top)) = (state, top) {
            // Of a subtransaction that was rolled back by itself, only the cost is left.
            self.open.entry(top).or_default().work.cost(&open.work);
            return;
        }
        for sub in subxacts {
            open.subtransactions += 1;
            self.tops.remove(&sub);
            if state == XactState::Prepared {
                self.prepared.insert(sub);
            } else {
                self.prepared.remove(&sub);
            }
            if let Some(sub) = self.open.remove(&sub) {
                open.work.merge(sub.work);
                open.changes.merge(sub.changes);
            }
        }
        open.work.first.get_or_insert(lsn);
        open.work.last = lsn;
        open.gid = gid.or(open.gid);
        if state == XactState::Prepared {
            open.prepared = Some(time);
            self.open.insert(xid, open);
            return;
        }
        let stop_before = (state == XactState::Committed).then(|| StopBefore {
            recovery_target_lsn: lsn,
            recovery_target_xid: xid,
            recovery_target_time: self.latest.is_none_or(|latest| latest < time).then_some(time),
            recovery_target_name: self.restore_point.clone(),
        });
        self.latest = self.latest.max(Some(time));
        self.keep(Whole { xid, state, time: Some(time), open, dropped, stop_before });
    }

    /// Keeps a transaction, if it is asked for and among the first.
    fn keep(&mut self, whole: Whole) {
        if !self.wants(&whole) {
            return;
        }
        let work = &whole.open.work;
        let most = |metric: u64| u64::MAX - metric;
        let key = match self.request.order {
            Order::End => 0,
            Order::Start => work.first.unwrap_or_default().0,
            Order::Size => most(work.tally.combined_size()),
            Order::Records => most(work.tally.count),
            Order::Rows => most(rows::count(work)),
        };
        self.kept.insert((key, self.wanted), whole);
        self.wanted += 1;
        if self.kept.len() > self.request.limit {
            self.kept.pop_last();
        }
    }

    fn wants(&self, whole: &Whole) -> bool {
        let Request { ddl, since, until, .. } = self.request;
        let in_time = since.is_none_or(|since| whole.time.is_some_and(|time| time >= since))
            && until.is_none_or(|until| whole.time.is_some_and(|time| time < until));
        let did = || {
            !whole.open.changes.is_empty()
                || !whole.open.work.objects.is_empty()
                || !rows::catalogs(&whole.open.work, &self.current).is_empty()
        };
        let of = &whole.open.work.relations;
        let touched = self.request.locators.is_none()
            || of.iter().any(|(locator, _)| self.locators.contains(locator))
            || whole.dropped.iter().any(|locator| self.locators.contains(locator));
        let ended_so = self.request.state.is_none_or(|state| state == whole.state);
        ended_so && in_time && touched && (!ddl || did())
    }

    fn finish(mut self) -> Xacts {
        let mut unended = std::mem::take(&mut self.prepared);
        unended.extend(self.open.keys());
        let mut rest: Vec<_> = std::mem::take(&mut self.open).into_iter().collect();
        rest.sort_by_key(|(xid, open)| (open.work.first.unwrap_or(Lsn::INVALID), *xid));
        for (xid, open) in rest {
            let time = open.prepared;
            let state = if time.is_some() { XactState::Prepared } else { XactState::Open };
            self.keep(Whole { xid, state, time, open, dropped: Vec::new(), stop_before: None });
        }
        let mut names = Names::new(self.cluster);
        if let Some(history) = self.history.take() {
            names = names.learn(&history);
        }
        names.tell_open(unended);
        let more = self.wanted.saturating_sub(self.kept.len() as u64);
        let transactions: Vec<_> = self
            .kept
            .into_values()
            .map(|whole| rows::row(whole, &names, self.cluster, self.next_xid))
            // Of a relation that was made and dropped at once, nothing is left to be said.
            .filter(|row| !self.request.ddl || !row.ddl.is_empty())
            .collect();
        Xacts { transactions, more, ..Xacts::default() }
    }
}
