//! What became of transactions: pg_xact, pg_subtrans, pg_multixact and the prepared ones.
use crate::types::{FullXid, MultiXactId, Xid};

/// What became of a transaction, subtransactions resolved to their parents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TxStatus {
    /// Prepared, or still running when the server ended.
    InProgress,
    /// Committed; also the bootstrap and the frozen transaction id.
    Committed,
    /// Rolled back, explicitly or by never having ended; also transaction id 0.
    Aborted,
    /// Its page of pg_xact is not there, or it lies outside the range that the cluster has handed
    /// out and not yet forgotten.
    Unknown,
}

/// What became of every transaction. Look-ups are lock-free and thread-safe.
#[derive(Debug, Default)]
pub struct TransactionLog {
    next_xid: FullXid,
    oldest_xid: Xid,
    next_multi: MultiXactId,
    oldest_multi: MultiXactId,
}

impl TransactionLog {
    /// What became of `xid`.
    pub fn status(&self, xid: Xid) -> TxStatus {
        match xid {
            Xid::BOOTSTRAP | Xid::FROZEN => TxStatus::Committed,
            Xid::INVALID => TxStatus::Aborted,
            _ => TxStatus::Unknown,
        }
    }

    /// The first transaction id not yet handed out; 0 if unknown.
    pub const fn next_xid(&self) -> FullXid {
        self.next_xid
    }

    /// `oldestXid`: pg_xact is kept from here on; 0 if unknown.
    pub const fn oldest_xid(&self) -> Xid {
        self.oldest_xid
    }

    /// The first multixact id not yet handed out; 0 if unknown.
    pub const fn next_multi(&self) -> MultiXactId {
        self.next_multi
    }

    /// `oldestMulti`: pg_multixact is kept from here on; 0 if unknown.
    pub const fn oldest_multi(&self) -> MultiXactId {
        self.oldest_multi
    }
}
