//! Transactions: how they end, and how much each wrote with its subtransactions.
//!
//! What one segment saw of transactions is put together in order. A transaction that has ended is
//! kept only if it is among the largest, so memory is bounded by those open at a time.
use super::sums::Sums;
use crate::analysis::wal::counter::Seed;
use crate::format::wal::rmgr::xact::{self, Ending, Outcome, Xact};
use crate::format::wal::rmgr::{Body, Resource};
use crate::format::wal::{Heads, Located, Record, WalFault};
use crate::layout::Dialect;
use crate::report::wal::stats::{Tally, Transactions};
use crate::types::{FullXid, TimestampTz, Xid};
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
    /// What the segment has of it and its subtransactions until then.
    tally: Tally,
}

/// What one segment saw.
pub(super) struct Seen {
    open: Sums<Xid>,
    ended: Vec<Ended>,
    /// Subtransactions, each with the place of its parent's end in `ended`.
    children: Vec<(usize, Xid)>,
    next_xid: Option<FullXid>,
}

/// What one segment saw in all.
pub(super) struct Settled {
    /// Of transactions that do not end in it, and of others behind their end.
    open: HashMap<Xid, Tally, Seed>,
    ended: Vec<Ended>,
    /// As in [`Seen`].
    children: Vec<(usize, Xid)>,
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
    open: HashMap<Xid, Tally, Seed>,
    prepared: HashMap<Xid, (Tally, TimestampTz), Seed>,
    largest: BTreeSet<Whole>,
    most: usize,
    /// Bytes that a transaction needs to be among them.
    enough: u64,
    pub(super) counts: Transactions,
    pub(super) next_xid: Option<FullXid>,
}

impl Seen {
    /// `ended` is an empty list, with room.
    pub(super) fn new(ended: Vec<Ended>) -> Self {
        Self { open: Sums::new(), ended, children: Vec::new(), next_xid: None }
    }

    /// Takes a record of a transaction.
    #[inline]
    pub(super) fn record(&mut self, xid: Xid, tally: Tally) {
        self.open.add(xid, xid.0, tally);
    }

    /// Takes how a record may end a transaction; gives the time that it tells, if it does.
    #[inline]
    pub(super) fn tell(
        &mut self,
        located: &Located<'_>,
        heads: &Heads<'_>,
        dialect: &Dialect,
    ) -> Result<Option<TimestampTz>, WalFault> {
        let header = &located.header;
        match header.xl_rmid {
            RM_XACT_ID => {
                if let Some((outcome, time)) = xact::plain_end(header.info(), heads.main()) {
                    let state = match outcome {
                        Outcome::Commit => State::Committed,
                        Outcome::Abort => State::Aborted,
                    };
                    self.settle_one(header.xl_xid, state, time, []);
                    return Ok(Some(time));
                }
                Ok(self.end(&Record::parse(located.bytes, dialect)?, dialect))
            }
            RM_XLOG_ID if header.info() <= 0x10 => {
                Ok(self.checkpoint(&Record::parse(located.bytes, dialect)?, dialect))
            }
            _ => Ok(None),
        }
    }

    fn end(&mut self, record: &Record<'_>, dialect: &Dialect) -> Option<TimestampTz> {
        let own = record.header.xl_xid;
        let (state, ending) = match Xact::parse(record, dialect).ok()? {
            Xact::Commit(ending) => (State::Committed, ending),
            Xact::Abort(ending) => (State::Aborted, ending),
            Xact::Prepare(prepare) => {
                let time = prepare.state.prepared_at;
                self.settle_one(own, State::Prepared, time, prepare.state.subxacts);
                return Some(time);
            }
            Xact::Assignment(_) | Xact::Invalidation { .. } => return None,
        };
        let Ending { xact_time: time, subxacts, twophase_xid, .. } = ending;
        let xid = twophase_xid.unwrap_or(own);
        self.settle_one(xid, state, time, subxacts.iter());
        Some(time)
    }

    /// Gives the end of a transaction what there is of it until then.
    fn settle_one(
        &mut self,
        xid: Xid,
        state: State,
        time: TimestampTz,
        subxacts: impl IntoIterator<Item = Xid>,
    ) {
        let mut tally = self.open.take(xid, xid.0);
        for sub in subxacts {
            tally.add(self.open.take(sub, sub.0));
            self.children.push((self.ended.len(), sub));
        }
        self.ended.push(Ended { xid, state, time, tally });
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

    /// At the end of the segment.
    pub(super) fn settle(self) -> Settled {
        let Self { open, ended, children, next_xid } = self;
        Settled { open: open.finish(), ended, children, next_xid }
    }
}

impl Xids {
    /// Keeps no more than `most` transactions that have ended.
    pub(super) fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// Takes what the next segment saw; gives back the list of ends, empty.
    pub(super) fn add(&mut self, settled: Settled) -> Vec<Ended> {
        let Settled { open, mut ended, children, next_xid } = settled;
        self.next_xid = next_xid.or(self.next_xid);
        // What there is of a transaction behind its end is still its own.
        for (xid, tally) in open {
            self.open.entry(xid).or_default().add(tally);
        }
        let (first, last) = (self.open.keys().min().copied(), self.open.keys().max().copied());
        let maybe_open = first.zip(last).map(|(first, last)| first..=last);
        let mut children = children.into_iter().peekable();
        for (place, Ended { xid, state, time, mut tally }) in ended.drain(..).enumerate() {
            // Few are open, and most that end are not between the first and the last of them.
            if maybe_open.as_ref().is_some_and(|range| range.contains(&xid))
                && let Some(before) = self.open.remove(&xid)
            {
                tally.add(before);
            }
            while let Some((_, sub)) = children.next_if(|(parent, _)| *parent == place) {
                self.open.remove(&sub).into_iter().for_each(|before| tally.add(before));
            }
            if !self.prepared.is_empty()
                && let Some((before, _)) = self.prepared.remove(&xid)
            {
                tally.add(before);
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
        ended
    }

    fn keep(&mut self, xid: Xid, state: State, time: Option<TimestampTz>, tally: Tally) {
        let Tally { count, fpi_size, .. } = tally;
        let size = tally.combined_size();
        if size < self.enough {
            return;
        }
        let whole = Whole { size, xid: Reverse(xid), state, time, count, fpi_size };
        self.largest.insert(whole);
        if self.largest.len() > self.most {
            self.largest.pop_first();
            self.enough = self.largest.first().map_or(u64::MAX, |least| least.size);
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
