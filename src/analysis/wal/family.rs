//! Which transactions are meant: one with its subtransactions, or those that ended in a time. Only
//! the records that end them tell, so that WAL is read twice.
use super::pass::pass;
use crate::format::wal::rmgr::Body;
use crate::format::wal::rmgr::xact::{Ending, Xact};
use crate::format::wal::{Located, Record};
use crate::types::{Lsn, TimestampTz, Xid};
use crate::wal::{Log, Range};

/// `RM_XACT_ID`.
const RM_XACT: u8 = 1;

/// Which transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// This one, and its subtransactions.
    Xid(Xid),
    /// Those that committed or aborted at `since` or later and at `until` or before, and their
    /// subtransactions.
    Ended {
        /// The first moment.
        since: TimestampTz,
        /// The last moment.
        until: TimestampTz,
    },
}

/// The transactions that are `wanted`, sorted, by what the log from `from` on says of them: its
/// records name a subtransaction's parent where wal_level is logical, or where there are very many;
/// else the end of the transaction does.
pub fn transactions(log: &Log, from: Lsn, wanted: Wanted, jobs: usize) -> Vec<Xid> {
    let range = Range { from, ..Range::default() };
    let mut xids = match wanted {
        Wanted::Xid(xid) => vec![xid],
        Wanted::Ended { .. } => Vec::new(),
    };
    let look = |found: &mut Vec<Xid>, _: &Located<'_>, record: &Record<'_>| {
        wanted.collect(log, record, found);
    };
    pass(log, range, jobs, look, |found| xids.extend(found));
    xids.sort_unstable();
    xids.dedup();
    xids
}

impl Wanted {
    /// Adds the transactions that a record says are meant.
    fn collect(self, log: &Log, record: &Record<'_>, xids: &mut Vec<Xid>) {
        if let (Self::Xid(wanted), Some(top)) = (self, record.toplevel_xid)
            && top == wanted
            && xids.last() != Some(&record.header.xl_xid)
        {
            xids.push(record.header.xl_xid);
        }
        if record.header.xl_rmid != RM_XACT {
            return;
        }
        match Body::parse(record, &log.dialect) {
            Ok(Body::Xact(Xact::Commit(ending) | Xact::Abort(ending))) => {
                let xid = ending.twophase_xid.unwrap_or(record.header.xl_xid);
                if self.is_meant(xid, &ending) {
                    xids.push(xid);
                    xids.extend(ending.subxacts.iter());
                }
            }
            Ok(Body::Xact(Xact::Assignment(of))) if self == Self::Xid(of.xtop) => {
                xids.extend(of.xsub.iter());
            }
            Ok(Body::Xact(Xact::Prepare(of))) if self == Self::Xid(record.header.xl_xid) => {
                xids.extend(&of.state.subxacts);
            }
            _ => {}
        }
    }

    fn is_meant(self, xid: Xid, ending: &Ending<'_>) -> bool {
        match self {
            Self::Xid(wanted) => xid == wanted,
            Self::Ended { since, until } => {
                xid.is_normal() && (since..=until).contains(&ending.xact_time)
            }
        }
    }
}
