//! Transactions: how they end, and how much each wrote with its subtransactions.
//!
//! What one segment saw of transactions is put together in order. A transaction that has ended is
//! kept only if it is among the largest, so memory is bounded by those open at a time.
use crate::analysis::wal::counter::Counter;
use crate::format::wal::Record;
use crate::format::wal::rmgr::xact::{Ending, Xact};
use crate::format::wal::rmgr::{Body, Resource};
use crate::layout::Dialect;
use crate::report::wal::stats::{Tally, Transactions};
use crate::types::{FullXid, TimestampTz, Xid};
use smallvec::SmallVec;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

/// `RM_XACT_ID`.
const RM_XACT_ID: u8 = 1;
/// `RM_XLOG_ID`.
const RM_XLOG_ID: u8 = 0;

/// How a transaction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Committed,
    Aborted,
    Prepared,
    Open,
}

impl State {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Committed => "committed",
            Self::Aborted => "aborted",
            Self::Prepared => "prepared",
            Self::Open => "open",
        }
    }
}

/// The end of a transaction, or its PREPARE.
pub(super) struct Ended {
    xid: Xid,
    state: State,
    time: TimestampTz,
    subxacts: SmallVec<[Xid; 2]>,
}

/// What one segment saw.
pub(super) struct Seen {
    tallies: Counter<Xid, Tally>,
    ended: Vec<Ended>,
    next_xid: Option<FullXid>,
}

/// A transaction in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Whole {
    pub(super) size: u64,
    /// Of transactions of one size, the older one comes first.
    pub(super) xid: Reverse<Xid>,
    pub(super) state: State,
    pub(super) time: Option<TimestampTz>,
    pub(super) count: u64,
    pub(super) fpi_size: u64,
}

/// Transactions put together.
#[derive(Default)]
pub(super) struct Xids {
    open: HashMap<Xid, Tally>,
    prepared: HashMap<Xid, (Tally, TimestampTz)>,
    largest: BTreeSet<Whole>,
    most: usize,
    pub(super) counts: Transactions,
    pub(super) next_xid: Option<FullXid>,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self { tallies: Counter::new(), ended: Vec::new(), next_xid: None }
    }

    /// Takes a record; gives the time that it tells, if it does.
    #[inline]
    pub(super) fn record(
        &mut self,
        record: &Record<'_>,
        tally: Tally,
        dialect: &Dialect,
    ) -> Option<TimestampTz> {
        let xid = record.header.xl_xid;
        if xid.0 != 0 {
            self.tallies.of(xid, xid.0).add(tally);
        }
        match record.header.xl_rmid {
            RM_XACT_ID => self.end(record, dialect),
            RM_XLOG_ID if record.info() <= 0x10 => self.checkpoint(record, dialect),
            _ => None,
        }
    }

    fn end(&mut self, record: &Record<'_>, dialect: &Dialect) -> Option<TimestampTz> {
        let own = record.header.xl_xid;
        let (state, ending) = match Xact::parse(record, dialect).ok()? {
            Xact::Commit(ending) => (State::Committed, ending),
            Xact::Abort(ending) => (State::Aborted, ending),
            Xact::Prepare(prepare) => {
                let time = prepare.state.prepared_at;
                let subxacts = prepare.state.subxacts.iter().copied().collect();
                self.ended.push(Ended { xid: own, state: State::Prepared, time, subxacts });
                return Some(time);
            }
            Xact::Assignment(_) | Xact::Invalidation { .. } => return None,
        };
        let Ending { xact_time: time, subxacts, twophase_xid, .. } = ending;
        let xid = twophase_xid.unwrap_or(own);
        self.ended.push(Ended { xid, state, time, subxacts: subxacts.iter().collect() });
        Some(time)
    }

    fn checkpoint(&mut self, record: &Record<'_>, dialect: &Dialect) -> Option<TimestampTz> {
        use crate::format::wal::rmgr::xlog::Xlog;
        let Body::Xlog(Xlog::CheckpointShutdown(of) | Xlog::CheckpointOnline(of)) =
            Body::parse(record, dialect).ok()?
        else {
            return None;
        };
        self.next_xid = Some(of.next_xid);
        TimestampTz::of_unix(of.time)
    }
}

impl Xids {
    /// Keeps no more than `most` transactions that have ended.
    pub(super) fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// Takes what the next segment saw.
    pub(super) fn add(&mut self, seen: Seen) {
        self.next_xid = seen.next_xid.or(self.next_xid);
        let Seen { tallies: Counter { rows, .. }, ended, .. } = seen;
        for (xid, tally) in rows {
            self.open.entry(xid).or_default().add(tally);
        }
        for Ended { xid, state, time, subxacts } in ended {
            let mut tally = self.open.remove(&xid).unwrap_or_default();
            subxacts.iter().filter_map(|sub| self.open.remove(sub)).for_each(|of| tally.add(of));
            let prepared = self.prepared.remove(&xid);
            if let Some((of, _)) = prepared {
                tally.add(of);
            }
            match state {
                State::Prepared => {
                    self.prepared.insert(xid, (tally, time));
                    continue;
                }
                State::Committed => self.counts.committed += 1,
                // A subtransaction that is rolled back alone has a record like its parents'.
                State::Aborted => self.counts.aborted += 1,
                State::Open => {}
            }
            self.keep(xid, state, Some(time), tally);
        }
    }

    fn keep(&mut self, xid: Xid, state: State, time: Option<TimestampTz>, tally: Tally) {
        let Tally { count, fpi_size, .. } = tally;
        let size = tally.combined_size();
        let whole = Whole { size, xid: Reverse(xid), state, time, count, fpi_size };
        if self.largest.len() < self.most
            || self.largest.first().is_some_and(|least| *least < whole)
        {
            self.largest.insert(whole);
            if self.largest.len() > self.most {
                self.largest.pop_first();
            }
        }
    }

    /// The largest, first the one with most bytes; those without an end among them.
    pub(super) fn finish(mut self) -> (Vec<Whole>, Transactions, Option<FullXid>) {
        self.counts.open = (self.open.len() + self.prepared.len()) as u64;
        for (xid, tally) in std::mem::take(&mut self.open) {
            self.keep(xid, State::Open, None, tally);
        }
        for (xid, (tally, time)) in std::mem::take(&mut self.prepared) {
            self.keep(xid, State::Prepared, Some(time), tally);
        }
        (self.largest.into_iter().rev().collect(), self.counts, self.next_xid)
    }
}
