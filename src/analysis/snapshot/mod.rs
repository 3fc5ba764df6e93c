//! What a session that holds a snapshot sees: `HeapTupleSatisfiesMVCC`
//! (access/heap/heapam_visibility.c) and `XidInMVCCSnapshot` (utils/time/snapmgr.c), after the fact.
//!
//! A snapshot is given as pg_snapshot writes it, which lists top-level transactions only. Whether a
//! subtransaction belongs to one of them is asked of pg_subtrans, as the server does when a snapshot
//! has overflowed; a list that has subtransactions too makes no difference.
mod parse;
mod rule;
mod words;

pub use parse::SnapshotError;

use super::visibility::Transactions;
use crate::cluster::{TransactionLog, TxStatus};
use crate::report::page::{Standing, Status};
use crate::types::{FullXid, Xid};

/// What became of transactions, with what only a snapshot asks.
pub trait Ancestry: Transactions {
    /// The topmost parent of `xid`, itself if it has none, looked for no further back than `oldest`
    /// (`SubTransGetTopmostTransaction`); `None` if the files do not tell.
    fn topmost(&self, xid: Xid, oldest: Xid) -> Option<Xid>;

    /// Whether `xid` itself was rolled back for sure: pg_xact says so.
    fn rolled_back(&self, xid: Xid) -> bool;
}

impl Ancestry for TransactionLog {
    fn topmost(&self, xid: Xid, oldest: Xid) -> Option<Xid> {
        self.topmost(xid, oldest)
    }

    fn rolled_back(&self, xid: Xid) -> bool {
        self.rolled_back(xid)
    }
}

/// A snapshot (`pg_snapshot`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Every transaction before this one had ended.
    pub xmin: FullXid,
    /// No transaction from this one on had ended.
    pub xmax: FullXid,
    /// Top-level transactions in progress between them, in order.
    pub xip: Vec<FullXid>,
}

/// Who looks: the snapshot, and the own transaction if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// What it holds.
    pub snapshot: Snapshot,
    /// Its transaction, if that has an id.
    pub xid: Option<FullXid>,
    /// Its command (`curcid`): sees what earlier ones did.
    pub cid: Option<u32>,
}

/// What a transaction is to a viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    standing: Standing,
    /// The topmost parent, where it was looked up and is another.
    top: Option<Xid>,
}

impl Viewer {
    /// Where `xid` stands. The own transaction comes first, as in the server, which does not count
    /// it among those in progress.
    fn place(&self, xid: Xid, transactions: &impl Ancestry) -> Place {
        let own = self.own(xid, transactions);
        let (standing, top) = own.unwrap_or_else(|| self.snapshot.place(xid, transactions));
        Place { standing, top: top.filter(|&top| top != xid) }
    }

    /// `TransactionIdIsCurrentTransactionId` (access/transam/xact.c): the own transaction and those
    /// of its subtransactions that were not rolled back.
    fn own(&self, xid: Xid, transactions: &impl Ancestry) -> Option<(Standing, Option<Xid>)> {
        let own = self.xid?.xid();
        if xid == own {
            return Some((Standing::Own, None));
        }
        if !xid.is_normal() || !own.precedes(xid) {
            return None;
        }
        let top = transactions.topmost(xid, own)?;
        match top == own {
            // Rolled back alone, it is as any other; together with its parent, who knows when.
            true if !transactions.rolled_back(xid) => Some((Standing::Own, Some(top))),
            true if transactions.rolled_back(own) => Some((Standing::Unknown, Some(top))),
            true => Some((Standing::Ended, Some(top))),
            false => None,
        }
    }
}

impl Snapshot {
    /// `XidInMVCCSnapshot`.
    fn place(&self, xid: Xid, transactions: &impl Ancestry) -> (Standing, Option<Xid>) {
        let xmin = self.xmin.xid();
        if xid.precedes(xmin) {
            return (Standing::Ended, None);
        }
        if !xid.precedes(self.xmax.xid()) {
            return (Standing::Later, None);
        }
        if self.lists(xid) {
            return (Standing::InProgress, None);
        }
        // A child has a greater id than its parent: before all that are listed, it is no child.
        if self.xip.iter().all(|listed| !listed.xid().precedes(xid)) {
            return (Standing::Ended, None);
        }
        match transactions.topmost(xid, xmin) {
            None => (Standing::Unknown, None),
            Some(top) if !top.precedes(xmin) && self.lists(top) => {
                (Standing::InProgress, Some(top))
            }
            Some(top) => (Standing::Ended, Some(top)),
        }
    }

    fn lists(&self, xid: Xid) -> bool {
        self.xmax.widen(xid).is_some_and(|wide| self.xip.binary_search(&wide).is_ok())
    }
}

/// What pg_xact says of `xid`; the permanent ids have fixed answers.
pub(super) fn status(xid: Xid, transactions: &impl Transactions) -> Status {
    match xid {
        Xid::INVALID => Status::Aborted,
        Xid::BOOTSTRAP => Status::Committed,
        Xid::FROZEN => Status::Frozen,
        normal => match transactions.status(normal) {
            TxStatus::InProgress => Status::InProgress,
            TxStatus::Committed => Status::Committed,
            TxStatus::Aborted => Status::Aborted,
            TxStatus::Unknown => Status::Unknown,
        },
    }
}

#[cfg(test)]
mod tests;
