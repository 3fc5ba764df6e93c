//! Who can see a tuple: the rules of access/heap/heapam_visibility.c, for a reader after the fact.
//!
//! Hint bits are believed exactly where the server believes them; whatever they leave open is asked
//! of the transaction log. No transaction is "the current one" here, so those branches are gone.
use crate::cluster::{TransactionLog, TxStatus};
use crate::format::heap::HeapTupleHeader;
use crate::types::{MultiXactId, Xid};

/// What became of transactions, as visibility needs it.
pub trait Transactions: Sync {
    /// What became of `xid`, a normal one.
    fn status(&self, xid: Xid) -> TxStatus;

    /// What the members of `multi` are.
    fn members(&self, multi: MultiXactId) -> Members;
}

/// A multixact, as far as visibility and freezing ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Members {
    /// Who updated or deleted the tuple.
    pub updater: Updater,
    /// The oldest member, lockers included; none if they cannot be read.
    pub oldest: Option<Xid>,
}

/// The member of a multixact that is more than a locker (`MultiXactIdGetUpdateXid`, heapam.c).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Updater {
    /// All members only lock.
    None,
    /// This transaction updated or deleted.
    Xid(Xid),
    /// The members cannot be read.
    Unknown,
}

impl Transactions for TransactionLog {
    fn status(&self, xid: Xid) -> TxStatus {
        self.status(xid)
    }

    fn members(&self, multi: MultiXactId) -> Members {
        let Ok(members) = self.members(multi) else {
            return Members { updater: Updater::Unknown, oldest: None };
        };
        let updater = members.iter().find(|member| member.status.is_update());
        let older = |one: Xid, other: Xid| if other.precedes(one) { other } else { one };
        Members {
            updater: updater.map_or(Updater::None, |member| Updater::Xid(member.xid)),
            oldest: members.iter().map(|member| member.xid).reduce(older),
        }
    }
}

/// What became of a tuple (`HTSV_Result`, access/heapam.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// `HEAPTUPLE_LIVE`.
    Live,
    /// `HEAPTUPLE_INSERT_IN_PROGRESS`.
    InsertInProgress,
    /// `HEAPTUPLE_DELETE_IN_PROGRESS`.
    DeleteInProgress,
    /// Deleted by a committed transaction: `HEAPTUPLE_DEAD` once the horizon has passed this xid,
    /// until then `HEAPTUPLE_RECENTLY_DEAD` (`HeapTupleSatisfiesVacuumHorizon`).
    DeadAfter(Xid),
    /// `HEAPTUPLE_DEAD`, whatever the horizon: its insertion never committed.
    Dead,
    /// A transaction it depends on has no readable status; the server would stop with "could not
    /// access status of transaction".
    Unknown,
}

impl Fate {
    /// Of the tuple with this header; `members` are those of the multixact in t_xmax, if it is
    /// one that may be looked up.
    #[inline]
    pub fn of(
        header: &HeapTupleHeader,
        members: Option<Members>,
        transactions: &impl Transactions,
    ) -> Self {
        if !header.t_infomask.xmin_committed() {
            match insertion(header, transactions) {
                TxStatus::Committed => {}
                TxStatus::InProgress => return Self::InsertInProgress,
                TxStatus::Aborted => return Self::Dead,
                TxStatus::Unknown => return Self::Unknown,
            }
        }
        // The two commonest ends of a committed insertion need no look-up.
        if header.t_infomask.xmax_invalid() || header.t_infomask.xmax_is_locked_only() {
            return Self::Live;
        }
        deletion(header, members, transactions)
    }

    /// Whether `SnapshotDirty` sees it (`HeapTupleSatisfiesDirty`): what pgstattuple counts as
    /// live. What the server would stop at counts as live too.
    pub const fn is_visible_to_dirty(self) -> bool {
        !matches!(self, Self::Dead | Self::DeadAfter(_))
    }

    /// Whether VACUUM may remove it when nothing older than `horizon` still runs
    /// (`HeapTupleSatisfiesVacuum`).
    pub const fn is_removable(self, horizon: Xid) -> bool {
        match self {
            Self::Dead => true,
            Self::DeadAfter(xid) => xid.precedes(horizon),
            _ => false,
        }
    }
}

/// What became of the insertion, where no hint bit says that it committed.
#[cold]
fn insertion(header: &HeapTupleHeader, transactions: &impl Transactions) -> TxStatus {
    let infomask = header.t_infomask;
    if infomask.xmin_invalid() {
        return TxStatus::Aborted;
    }
    // VACUUM FULL before 9.0 moved tuples; t_field3 then is its xid (HeapTupleHeaderGetXvac).
    if infomask.moved_off() {
        return match outcome(Xid(header.t_field3), transactions) {
            TxStatus::Committed => TxStatus::Aborted,
            TxStatus::Aborted | TxStatus::InProgress => TxStatus::Committed,
            TxStatus::Unknown => TxStatus::Unknown,
        };
    }
    if infomask.moved_in() {
        return match outcome(Xid(header.t_field3), transactions) {
            TxStatus::InProgress => TxStatus::Aborted,
            known => known,
        };
    }
    outcome(header.t_xmin, transactions)
}

/// What became of the deletion, which is more than a lock and not known to have failed.
#[cold]
fn deletion(
    header: &HeapTupleHeader,
    members: Option<Members>,
    transactions: &impl Transactions,
) -> Fate {
    let infomask = header.t_infomask;
    let deleter = match members.map(|members| members.updater) {
        None if infomask.xmax_is_multi() => return Fate::Live,
        None => header.t_xmax,
        Some(Updater::Xid(xid)) => xid,
        Some(Updater::None) => return Fate::Live,
        Some(Updater::Unknown) => return Fate::Unknown,
    };
    if infomask.xmax_committed() {
        return Fate::DeadAfter(deleter);
    }
    match outcome(deleter, transactions) {
        TxStatus::Committed => Fate::DeadAfter(deleter),
        TxStatus::InProgress => Fate::DeleteInProgress,
        TxStatus::Aborted => Fate::Live,
        TxStatus::Unknown => Fate::Unknown,
    }
}

/// `TransactionLogFetch` (access/transam/transam.c): the permanent xids have fixed answers.
fn outcome(xid: Xid, transactions: &impl Transactions) -> TxStatus {
    match xid {
        Xid::INVALID => TxStatus::Aborted,
        Xid::BOOTSTRAP | Xid::FROZEN => TxStatus::Committed,
        normal => transactions.status(normal),
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, Members, Transactions, Updater};
    use crate::cluster::TxStatus;
    use crate::format::heap::{HeapTupleHeader, Infomask};
    use crate::types::{MultiXactId, Xid};

    /// Xids by what became of them: 10 committed, 20 aborted, 30 goes on, others are unknown.
    struct Table;

    const COMMITTED: Xid = Xid(10);
    const ABORTED: Xid = Xid(20);
    const RUNNING: Xid = Xid(30);
    const LOST: Xid = Xid(40);

    impl Transactions for Table {
        fn status(&self, xid: Xid) -> TxStatus {
            match xid {
                COMMITTED => TxStatus::Committed,
                ABORTED => TxStatus::Aborted,
                RUNNING => TxStatus::InProgress,
                _ => TxStatus::Unknown,
            }
        }

        fn members(&self, _: MultiXactId) -> Members {
            Members { updater: Updater::Unknown, oldest: None }
        }
    }

    fn header(xmin: Xid, xmax: Xid, infomask: u16) -> HeapTupleHeader {
        let (_, header) = HeapTupleHeader::parse(&[0; 23]).unwrap();
        HeapTupleHeader { t_xmin: xmin, t_xmax: xmax, t_infomask: Infomask(infomask), ..header }
    }

    fn fate(xmin: Xid, xmax: Xid, infomask: u16) -> Fate {
        Fate::of(&header(xmin, xmax, infomask), None, &Table)
    }

    fn with_updater(infomask: u16, updater: Updater) -> Fate {
        let members = Members { updater, oldest: None };
        let header = header(COMMITTED, Xid(7), infomask | Infomask::XMAX_IS_MULTI);
        Fate::of(&header, Some(members), &Table)
    }

    const NO_XMAX: u16 = Infomask::XMAX_INVALID;
    const FROZEN: u16 = Infomask::XMIN_COMMITTED | Infomask::XMIN_INVALID;

    #[test]
    fn the_log_decides_where_no_hint_does() {
        assert_eq!(fate(COMMITTED, Xid(0), NO_XMAX), Fate::Live);
        assert_eq!(fate(ABORTED, Xid(0), NO_XMAX), Fate::Dead);
        assert_eq!(fate(RUNNING, Xid(0), NO_XMAX), Fate::InsertInProgress);
        assert_eq!(fate(LOST, Xid(0), NO_XMAX), Fate::Unknown);
        assert_eq!(fate(COMMITTED, COMMITTED, 0), Fate::DeadAfter(COMMITTED));
        assert_eq!(fate(COMMITTED, ABORTED, 0), Fate::Live);
        assert_eq!(fate(COMMITTED, RUNNING, 0), Fate::DeleteInProgress);
        assert_eq!(fate(COMMITTED, Xid(0), 0), Fate::Live, "no xmax, not hinted either");
    }

    #[test]
    fn hints_are_believed_before_the_log_is_asked() {
        assert_eq!(fate(LOST, LOST, Infomask::XMIN_COMMITTED | NO_XMAX), Fate::Live);
        assert_eq!(fate(COMMITTED, Xid(0), Infomask::XMIN_INVALID | NO_XMAX), Fate::Dead);
        assert_eq!(fate(LOST, Xid(0), FROZEN | NO_XMAX), Fate::Live);
        let deleted = Infomask::XMIN_COMMITTED | Infomask::XMAX_COMMITTED;
        assert_eq!(fate(LOST, LOST, deleted), Fate::DeadAfter(LOST));
        let locked = FROZEN | Infomask::XMAX_LOCK_ONLY | Infomask::XMAX_EXCL_LOCK;
        assert_eq!(fate(LOST, LOST, locked), Fate::Live);
    }

    #[test]
    fn of_a_multixact_only_the_updater_counts() {
        let lock = Infomask::XMAX_LOCK_ONLY;
        assert_eq!(with_updater(lock, Updater::Unknown), Fate::Live);
        assert_eq!(with_updater(0, Updater::None), Fate::Live);
        assert_eq!(with_updater(0, Updater::Xid(COMMITTED)), Fate::DeadAfter(COMMITTED));
        assert_eq!(with_updater(0, Updater::Xid(ABORTED)), Fate::Live);
        assert_eq!(with_updater(0, Updater::Xid(RUNNING)), Fate::DeleteInProgress);
        assert_eq!(with_updater(0, Updater::Unknown), Fate::Unknown);
    }

    #[test]
    fn the_horizon_holds_back_what_somebody_may_see() {
        let deleted = Fate::DeadAfter(Xid(100));
        assert!(!deleted.is_visible_to_dirty());
        assert!(deleted.is_removable(Xid(101)) && !deleted.is_removable(Xid(100)));
        assert!(Fate::Dead.is_removable(Xid(3)) && !Fate::Live.is_removable(Xid(1000)));
        assert!(Fate::DeleteInProgress.is_visible_to_dirty());
    }
}
