//! `wal stats`: counts of every segment, put together in order.
mod cause;
mod images;
mod minutes;
mod rows;
mod segment;
mod sums;
mod xids;

use super::gap::of_gap;
use super::pool::Pool;
use crate::cluster::Cluster;
use crate::finding::Findings;
use crate::report::wal::stats::{By, Images, SegmentRow, Stats, Tally};
use crate::types::{Lsn, RelFileLocator};
use crate::wal::{ClassLog, End, Log, Names, Range, SegmentReader, Step, Watch};
use segment::{KINDS, Segment};
use std::collections::HashMap;
use std::ops::ControlFlow;

/// The answer's schema.
pub const SCHEMA: &str = "wal-stats/1";

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which part of the log.
    pub range: Range,
    /// What statistics are by; everything if not given.
    pub by: Option<By>,
    /// How many transactions are kept, the largest.
    pub transactions: usize,
    /// Threads.
    pub jobs: usize,
}

/// The answer, and what was found on the way.
#[derive(Debug)]
pub struct Counted {
    /// The answer.
    pub stats: Stats,
    /// Why nothing is behind the last record; `None` if all that was asked for was read.
    pub end: Option<End>,
    /// What is damaged.
    pub findings: Findings,
}

/// What is counted beside types of record: only what is asked for costs.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing to count")]
struct Wants {
    relations: bool,
    /// Transactions, and times, which their ends tell.
    xids: bool,
    minutes: bool,
    images: bool,
}

impl Wants {
    const fn of(by: Option<By>) -> Self {
        let none = Self { relations: false, xids: false, minutes: false, images: false };
        match by {
            None => Self { relations: true, xids: true, minutes: true, images: true },
            Some(By::Relation | By::Database) => Self { relations: true, ..none },
            Some(By::Xid) => Self { xids: true, ..none },
            Some(By::Minute) => Self { xids: true, minutes: true, ..none },
            Some(By::Cause) => Self { images: true, ..none },
            Some(By::Rmgr | By::Record | By::Segment) => none,
        }
    }
}

/// All segments so far.
struct All<'c> {
    start: Option<Lsn>,
    end: Option<Lsn>,
    totals: Tally,
    kinds: Box<[Tally]>,
    relations: HashMap<RelFileLocator, Tally>,
    /// Records without blocks.
    no_relation: Tally,
    xids: xids::Xids,
    minutes: minutes::Minutes,
    images: Images,
    segments: Vec<SegmentRow>,
    history: Option<ClassLog<'c>>,
}

/// Counts what `request` asks for. Names are those of `cluster`, and those that WAL itself tells.
pub fn stats(log: &Log, cluster: Option<&Cluster>, request: &Request) -> Counted {
    let wants = Wants::of(request.by);
    let mut watch = cluster.filter(|_| wants.relations).map(Watch::new);
    let history = cluster.zip(watch.as_ref()).map(|(cluster, watch)| ClassLog::new(cluster, watch));
    let mut all = All::new(request.transactions, history);
    let mut findings = log.findings();
    let layout = log.shape.layout;
    let pool = Pool::new();
    let read = |reader: &mut SegmentReader<'_, '_>| {
        Segment::read(log, wants, watch.as_ref(), pool.take(), reader)
    };
    let end = crate::wal::read(log, request.range, request.jobs, read, |step| {
        match step {
            Step::Gap(gap) => findings.push(of_gap(&gap, layout)),
            Step::Part(part) => {
                part.answer.gaps.iter().for_each(|gap| findings.push(of_gap(gap, layout)));
                let size = log.shape.segment_size;
                let name = part.segment.file_name(log.timeline_of(part.segment), size);
                let start_lsn = part.segment.start(size);
                all.start = all.start.or(part.seam.first.map(|(first, _)| first));
                let tally = part.answer.totals;
                all.segments.push(SegmentRow { segment: name, start_lsn, tally });
                all.add(part.answer, &pool);
            }
        }
        ControlFlow::Continue(())
    });
    let names = match all.history.take() {
        None => Names::new(cluster),
        // VACUUM FULL of pg_class: rows of the new one were not seen.
        Some(history) if watch.as_mut().is_some_and(|watch| watch.learn(&history)) => {
            Names::with_history(cluster, log, request.range, request.jobs)
        }
        Some(history) => Names::new(cluster).learn(&history),
    };
    let leftover_lsn = end.and_then(|end| end.leftover);
    let stats = Stats { leftover_lsn, ..all.finish(log, &names, request.by) };
    Counted { stats, end, findings }
}

impl<'c> All<'c> {
    fn new(transactions: usize, history: Option<ClassLog<'c>>) -> Self {
        Self {
            start: None,
            end: None,
            totals: Tally::default(),
            kinds: vec![Tally::default(); KINDS].into(),
            relations: HashMap::new(),
            no_relation: Tally::default(),
            xids: xids::Xids::new(transactions),
            minutes: minutes::Minutes::default(),
            images: Images::default(),
            segments: Vec::new(),
            history,
        }
    }

    fn add(&mut self, segment: Segment, pool: &Pool<xids::Ended>) {
        self.end = segment.end.or(self.end);
        self.totals.add(segment.totals);
        for (all, own) in self.kinds.iter_mut().zip(&segment.kinds) {
            all.add(*own);
        }
        if let Some(relations) = segment.relations {
            self.no_relation.add(relations.none);
            for (locator, tally) in relations.of {
                self.relations.entry(locator).or_default().add(tally);
            }
        }
        if let Some(xids) = segment.xids {
            pool.give(self.xids.add(xids));
        }
        if let Some(minutes) = segment.minutes {
            self.minutes.add(&minutes);
        }
        if let Some(seen) = segment.images {
            images::add(&mut self.images, &seen.images);
        }
        if let Some(history) = &mut self.history {
            segment.kept.iter().for_each(|kept| history.apply(kept, &mut |_| {}));
        }
    }

    fn finish(self, log: &Log, names: &Names<'_>, by: Option<By>) -> Stats {
        let layout = log.shape.layout;
        let wants = |one: By| by.is_none_or(|by| by == one);
        let wanted = Wants::of(by);
        let mut images = self.images;
        images::finish(&mut images);
        let (first_time, last_time) = (self.minutes.first, self.minutes.last);
        let (largest, transactions, next_xid) = self.xids.finish();
        let relations = || rows::relations(&self.relations, self.no_relation, names);
        Stats {
            start_lsn: self.start,
            end_lsn: self.end,
            leftover_lsn: None,
            segments: self.segments.len() as u64,
            first_time,
            last_time,
            totals: self.totals,
            by_rmgr: if wants(By::Rmgr) { rows::rmgrs(&self.kinds) } else { Vec::new() },
            by_record: if wants(By::Record) { rows::records(&self.kinds, layout) } else { vec![] },
            by_relation: if wants(By::Relation) { relations() } else { Vec::new() },
            by_database: if wants(By::Database) {
                rows::databases(&self.relations, self.no_relation, names)
            } else {
                Vec::new()
            },
            by_xid: if wants(By::Xid) { rows::xids(&largest, next_xid) } else { Vec::new() },
            by_minute: if wants(By::Minute) { rows::minutes(self.minutes) } else { Vec::new() },
            by_segment: if wants(By::Segment) { self.segments } else { Vec::new() },
            by_cause: if wants(By::Cause) {
                rows::causes(&self.kinds, &images, layout)
            } else {
                Vec::new()
            },
            transactions: wanted.xids.then_some(transactions),
            images: wanted.images.then_some(images),
            view: crate::report::wal::stats::View::default(),
        }
    }
}
