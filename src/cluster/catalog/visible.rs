//! Whether a catalog row counts: the rules of `HeapTupleSatisfiesMVCC` (heapam_visibility.c) for
//! a reader after the fact, by the transaction log first and by hint bits where it does not know.
use crate::cluster::xact::{TransactionLog, TxStatus};
use crate::format::heap::HeapTupleHeader;
use crate::types::MultiXactId;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It counts.
    Visible,
    /// Its inserting transaction had not ended, as far as the files say.
    InsertInProgress,
    /// Its inserting transaction rolled back, or a crash ended it.
    InsertAborted,
    /// A committed transaction deleted it, or replaced it by a newer version.
    Deleted,
}

/// How sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// The transaction log says so, or the row is frozen.
    Log,
    /// The transaction log does not know; hint bits said so, or their absence.
    Hint,
    /// The transaction log says so, against the hint bits.
    LogAgainstHint,
}

/// Judges one row.
pub(super) fn judge(header: &HeapTupleHeader, xact: &TransactionLog) -> (Fate, Ground) {
    let (inserted, ground) = insertion(header, xact);
    if inserted != Fate::Visible {
        return (inserted, ground);
    }
    let (deleted, second) = deletion(header, xact);
    let ground = if ground == Ground::Log { second } else { ground };
    (if deleted { Fate::Deleted } else { Fate::Visible }, ground)
}

fn insertion(header: &HeapTupleHeader, xact: &TransactionLog) -> (Fate, Ground) {
    let infomask = header.t_infomask;
    if infomask.xmin_frozen() {
        return (Fate::Visible, Ground::Log);
    }
    let hinted = infomask.xmin_committed();
    match xact.status(header.t_xmin) {
        TxStatus::Committed if infomask.xmin_invalid() => (Fate::Visible, Ground::LogAgainstHint),
        TxStatus::Committed => (Fate::Visible, Ground::Log),
        TxStatus::Aborted if hinted => (Fate::InsertAborted, Ground::LogAgainstHint),
        TxStatus::Aborted => (Fate::InsertAborted, Ground::Log),
        // The hint was set after the commit; the log of that moment was not written any more.
        TxStatus::InProgress if hinted && !xact.is_prepared(header.t_xmin) => {
            (Fate::Visible, Ground::Log)
        }
        TxStatus::InProgress => (Fate::InsertInProgress, Ground::Log),
        TxStatus::Unknown if infomask.xmin_invalid() => (Fate::InsertAborted, Ground::Hint),
        TxStatus::Unknown => (Fate::Visible, Ground::Hint),
    }
}

fn deletion(header: &HeapTupleHeader, xact: &TransactionLog) -> (bool, Ground) {
    let infomask = header.t_infomask;
    if header.t_xmax.0 == 0 || infomask.xmax_is_locked_only() || infomask.locked_upgraded() {
        return (false, Ground::Log);
    }
    let hinted = infomask.xmax_committed();
    let xmax = if infomask.xmax_is_multi() {
        if infomask.xmax_invalid() {
            return (false, Ground::Log);
        }
        match xact.members(MultiXactId(header.t_xmax.0)) {
            Ok(members) => match members.iter().find(|member| member.status.is_update()) {
                Some(updater) => updater.xid,
                None => return (false, Ground::Log),
            },
            Err(_) => return (hinted, Ground::Hint),
        }
    } else {
        header.t_xmax
    };
    match xact.status(xmax) {
        TxStatus::Committed if infomask.xmax_invalid() => (true, Ground::LogAgainstHint),
        TxStatus::Committed => (true, Ground::Log),
        TxStatus::Aborted if hinted => (false, Ground::LogAgainstHint),
        TxStatus::InProgress if hinted && !xact.is_prepared(xmax) => (true, Ground::Log),
        TxStatus::Aborted | TxStatus::InProgress => (false, Ground::Log),
        TxStatus::Unknown if infomask.xmax_invalid() => (false, Ground::Log),
        TxStatus::Unknown => (hinted, Ground::Hint),
    }
}
