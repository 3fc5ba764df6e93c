//! What a segment's records say of transactions and counters, noted by the thread that reads it.
use crate::format::control::CheckPoint;
use crate::format::slru::multixact::{MultiXactMember, MultiXactStatus};
use crate::format::twophase::TwoPhaseState;
use crate::format::wal::rmgr::commit_ts::CommitTs;
use crate::format::wal::rmgr::multixact::Multixact;
use crate::format::wal::rmgr::standby::Standby;
use crate::format::wal::rmgr::xact::{Ending, Xact};
use crate::format::wal::rmgr::xlog::Xlog;
use crate::format::wal::rmgr::{Body, array::Array, multixact::Member};
use crate::format::wal::{Located, Record};
use crate::layout::Dialect;
use crate::types::{Lsn, MultiXactId, MultiXactOffset, Oid, TimestampTz, Xid};

/// What happens at a point.
#[derive(Debug)]
pub enum Event {
    /// The newest xid that records since the event before were of.
    Newest(Xid),
    /// A checkpoint, and whether the server was stopped then.
    Checkpoint(Box<CheckPoint>, bool),
    /// Oids up to there are spoken for.
    NextOid(Oid),
    /// A transaction ended.
    Ended {
        /// The transaction.
        xid: Xid,
        /// Whether it committed.
        committed: bool,
        /// Its subtransactions.
        subxacts: Box<[Xid]>,
        /// The record.
        lsn: Lsn,
        /// When it ended.
        time: TimestampTz,
        /// Whether it was prepared before.
        prepared: bool,
    },
    /// A transaction was prepared.
    Prepared(Lsn, Box<TwoPhaseState>),
    /// A multixact was made.
    Multi(MultiXactId, MultiXactOffset, Box<[MultiXactMember]>),
    /// Older multixacts go.
    OldestMulti(MultiXactId, Oid),
    /// Older commit timestamps go.
    OldestCommitTs(Xid),
    /// The transactions that are running, without subtransactions.
    Running(Box<[Xid]>),
    /// full_page_writes was switched.
    FullPageWrites(Lsn, bool),
}

/// The events of one segment.
#[derive(Debug, Default)]
pub struct Noted {
    /// In the order of the log.
    pub events: Vec<Event>,
    newest: Option<Xid>,
}

impl Noted {
    /// Notes what a record says.
    pub fn record(&mut self, dialect: &Dialect, located: &Located<'_>, record: &Record<'_>) {
        let xid = record.header.xl_xid;
        if xid.is_normal() && self.newest.is_none_or(|newest| newest.precedes(xid)) {
            self.newest = Some(xid);
        }
        match (record.header.xl_rmid, record.info()) {
            // XLOG but images; Transaction; MultiXact; Standby; CommitTs.
            (0, 0xA0 | 0xB0) => return,
            (0 | 1 | 6 | 8 | 18, _) => {}
            _ => return,
        }
        let Ok(body) = Body::parse(record, dialect) else { return };
        let Some(event) = event(body, located.lsn, xid) else { return };
        self.finish();
        self.events.push(event);
    }

    /// After the last record of the segment, or before one that sets the counters.
    pub fn finish(&mut self) {
        self.events.extend(self.newest.take().map(Event::Newest));
    }
}

fn event(body: Body<'_>, lsn: Lsn, xid: Xid) -> Option<Event> {
    Some(match body {
        Body::Xact(Xact::Commit(ending)) => ended(&ending, true, lsn, xid),
        Body::Xact(Xact::Abort(ending)) => ended(&ending, false, lsn, xid),
        Body::Xact(Xact::Prepare(prepare)) => Event::Prepared(lsn, Box::new(prepare.state)),
        Body::Xlog(Xlog::CheckpointShutdown(of)) => Event::Checkpoint(of, true),
        Body::Xlog(Xlog::CheckpointOnline(of)) => Event::Checkpoint(of, false),
        Body::Xlog(Xlog::FpwChange { fpw }) => Event::FullPageWrites(lsn, fpw),
        Body::Xlog(Xlog::Nextoid { next_oid }) => Event::NextOid(next_oid),
        Body::Multixact(Multixact::Create(of)) => {
            Event::Multi(of.mid, of.moff, members(&of.members))
        }
        Body::Multixact(Multixact::Truncate(of)) => {
            Event::OldestMulti(of.end_trunc_off, of.oldest_multi_db)
        }
        Body::Multixact(Multixact::TruncateTo(of)) => {
            Event::OldestMulti(of.oldest_multi, of.oldest_multi_db)
        }
        Body::CommitTs(CommitTs::Truncate { oldest_xid, .. }) => Event::OldestCommitTs(oldest_xid),
        Body::Standby(Standby::RunningXacts(of)) => Event::Running(of.xids.iter().collect()),
        _ => return None,
    })
}

fn ended(ending: &Ending<'_>, committed: bool, lsn: Lsn, xid: Xid) -> Event {
    Event::Ended {
        xid: ending.twophase_xid.unwrap_or(xid),
        committed,
        subxacts: ending.subxacts.iter().collect(),
        lsn,
        time: ending.xact_time,
        prepared: ending.twophase_xid.is_some(),
    }
}

fn members(of: &Array<'_, Member>) -> Box<[MultiXactMember]> {
    let member = |member: Member| {
        let status = u8::try_from(member.status).unwrap_or(u8::MAX);
        MultiXactMember { xid: member.xid, status: MultiXactStatus::from(status) }
    };
    of.iter().map(member).collect()
}
