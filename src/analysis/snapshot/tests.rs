use super::{Ancestry, Snapshot, SnapshotError, Viewer};
use crate::analysis::visibility::{Members, Transactions, Updater};
use crate::cluster::TxStatus;
use crate::format::heap::{HeapTupleHeader, Infomask};
use crate::report::page::{Rule, Sight, Standing};
use crate::types::{FullXid, MultiXactId, Xid};

/// Transactions by their ids: 100 + 0 .. 99 committed, 200 + … rolled back, 300 + … go on, others are
/// unknown. Odd ones are children of the even ones before them, but nothing is known of 199's.
struct Table;

impl Transactions for Table {
    fn status(&self, xid: Xid) -> TxStatus {
        match xid.0 {
            100..200 => TxStatus::Committed,
            200..300 => TxStatus::Aborted,
            300..400 => TxStatus::InProgress,
            _ => TxStatus::Unknown,
        }
    }

    fn members(&self, multi: MultiXactId) -> Members {
        let updater = match multi.0 {
            1 => Updater::None,
            2 => Updater::Unknown,
            updater => Updater::Xid(Xid(updater)),
        };
        Members { updater, oldest: None }
    }
}

impl Ancestry for Table {
    fn topmost(&self, xid: Xid, _: Xid) -> Option<Xid> {
        (xid != LOST).then_some(Xid(xid.0 & !1))
    }

    fn rolled_back(&self, xid: Xid) -> bool {
        self.status(xid) == TxStatus::Aborted
    }
}

const LOST: Xid = Xid(199);
/// Committed before the snapshot, and before its xmin.
const OLD: Xid = Xid(110);
const NO_XMAX: u16 = Infomask::XMAX_INVALID;
const FROZEN: u16 = Infomask::XMIN_COMMITTED | Infomask::XMIN_INVALID;
const MULTI: u16 = Infomask::XMAX_IS_MULTI;

fn viewer(text: &str, xid: Option<u64>, cid: Option<u32>) -> Viewer {
    Viewer { snapshot: text.parse().unwrap(), xid: xid.map(FullXid), cid }
}

/// What the snapshot 120:360:120,150,198,320, without a transaction of its own, says of a tuple.
fn rule(xmin: Xid, xmax: u32, infomask: u16) -> (Option<bool>, Rule) {
    let seen = sight(&viewer("120:360:120,150,198,320", None, None), xmin, xmax, 0, infomask);
    (seen.visible, seen.rule)
}

fn sight(viewer: &Viewer, xmin: Xid, xmax: u32, command: u32, infomask: u16) -> Sight {
    let (_, header) = HeapTupleHeader::parse(&[0; 23]).unwrap();
    let header = HeapTupleHeader {
        t_xmin: xmin,
        t_xmax: Xid(xmax),
        t_field3: command,
        t_infomask: Infomask(infomask),
        ..header
    };
    viewer.sight(&header, &Table)
}

const SEEN: Option<bool> = Some(true);
const UNSEEN: Option<bool> = Some(false);

#[test]
fn the_snapshot_comes_before_the_log() {
    assert_eq!(rule(OLD, 0, NO_XMAX), (SEEN, Rule::NotDeleted));
    assert_eq!(rule(Xid(130), 0, NO_XMAX), (SEEN, Rule::NotDeleted), "not listed");
    assert_eq!(rule(Xid(150), 0, NO_XMAX), (UNSEEN, Rule::InserterInProgress), "committed since");
    let hinted = Infomask::XMIN_COMMITTED | NO_XMAX;
    assert_eq!(rule(Xid(150), 0, hinted), (UNSEEN, Rule::InserterInProgress));
    assert_eq!(rule(Xid(150), 0, FROZEN | NO_XMAX), (SEEN, Rule::NotDeleted));
    assert_eq!(rule(Xid(360), 0, NO_XMAX), (UNSEEN, Rule::InserterLater));
    assert_eq!(rule(Xid(230), 0, NO_XMAX), (UNSEEN, Rule::InserterAborted));
    assert_eq!(rule(Xid(330), 0, NO_XMAX), (None, Rule::NoStatus), "ended, but how?");
}

#[test]
fn a_deleter_that_committed_and_is_not_listed_hides_the_row() {
    assert_eq!(rule(OLD, 130, 0), (UNSEEN, Rule::DeleterCommitted));
    assert_eq!(rule(OLD, 150, 0), (SEEN, Rule::DeleterInProgress));
    assert_eq!(rule(OLD, 150, Infomask::XMAX_COMMITTED), (SEEN, Rule::DeleterInProgress));
    assert_eq!(rule(OLD, 360, 0), (SEEN, Rule::DeleterLater));
    assert_eq!(rule(OLD, 230, 0), (SEEN, Rule::DeleterAborted));
    assert_eq!(rule(OLD, 130, NO_XMAX), (SEEN, Rule::DeleterAborted), "as the hint bit says");
    assert_eq!(rule(OLD, 330, 0), (None, Rule::NoStatus));
    assert_eq!(rule(OLD, 130, Infomask::XMAX_LOCK_ONLY), (SEEN, Rule::OnlyLocked));
}

#[test]
fn of_a_multixact_only_the_updater_counts() {
    assert_eq!(rule(OLD, 1, MULTI), (SEEN, Rule::OnlyLocked));
    assert_eq!(rule(OLD, 2, MULTI), (None, Rule::NoMembers));
    assert_eq!(rule(OLD, 2, MULTI | Infomask::XMAX_LOCK_ONLY), (SEEN, Rule::OnlyLocked));
    assert_eq!(rule(OLD, 130, MULTI), (UNSEEN, Rule::DeleterCommitted));
    assert_eq!(rule(OLD, 150, MULTI), (SEEN, Rule::DeleterInProgress));
    assert_eq!(rule(OLD, 230, MULTI), (SEEN, Rule::DeleterAborted));
}

/// pg_snapshot lists top-level transactions only.
#[test]
fn a_subtransaction_is_in_progress_with_its_parent() {
    assert_eq!(rule(Xid(151), 0, NO_XMAX), (UNSEEN, Rule::InserterInProgress));
    assert_eq!(rule(Xid(131), 0, NO_XMAX), (SEEN, Rule::NotDeleted));
    assert_eq!(rule(OLD, 151, 0), (SEEN, Rule::DeleterInProgress));
    assert_eq!(rule(LOST, 0, NO_XMAX), (None, Rule::NoParent));
    let first = viewer("199:210:205", None, None);
    let seen = sight(&first, LOST, 0, 0, NO_XMAX);
    assert_eq!(seen.visible, SEEN, "older than all that are listed, it is no child of theirs");
    let seen = sight(&viewer("120:360:150", None, None), Xid(151), 0, 0, NO_XMAX);
    assert_eq!(
        (seen.inserter.top, seen.inserter.standing),
        (Some(Xid(150)), Some(Standing::InProgress))
    );
}

#[test]
fn own_changes_are_seen_from_the_next_command_on() {
    let own = |cid, xmin, xmax, command, infomask| {
        let seen = sight(&viewer("120:400:120", Some(350), cid), xmin, xmax, command, infomask);
        (seen.visible, seen.rule)
    };
    let at = Some(2);
    assert_eq!(own(at, Xid(350), 0, 1, NO_XMAX), (SEEN, Rule::OwnInsert));
    assert_eq!(own(at, Xid(350), 0, 2, NO_XMAX), (UNSEEN, Rule::OwnInsertLater));
    assert_eq!(own(at, Xid(351), 0, 1, NO_XMAX), (SEEN, Rule::OwnInsert), "a child");
    assert_eq!(own(at, OLD, 350, 1, 0), (UNSEEN, Rule::OwnDelete));
    assert_eq!(own(at, OLD, 350, 2, 0), (SEEN, Rule::OwnDeleteLater));
    assert_eq!(own(at, OLD, 350, 2, MULTI), (SEEN, Rule::OwnDeleteLater));
    assert_eq!(own(at, Xid(350), 350, 0, Infomask::COMBOCID), (None, Rule::ComboCommand));
    assert_eq!(own(Some(0), Xid(350), 350, 0, Infomask::COMBOCID), (UNSEEN, Rule::OwnInsertLater));
    assert_eq!(own(None, Xid(350), 0, 1, NO_XMAX), (None, Rule::NoCommand));
    assert_eq!(own(at, Xid(350), 350, 1, Infomask::XMAX_LOCK_ONLY), (SEEN, Rule::OnlyLocked));
}

/// Hint bits that were set after the session had ended do not change what it saw.
#[test]
fn an_own_transaction_that_has_ended_since_is_still_the_own_one() {
    let own = viewer("120:180:", Some(140), Some(2));
    let hinted = Infomask::XMIN_COMMITTED | NO_XMAX;
    assert_eq!(sight(&own, Xid(140), 0, 2, hinted).rule, Rule::OwnInsertLater);
    assert_eq!(sight(&own, OLD, 140, 2, Infomask::XMAX_COMMITTED).rule, Rule::OwnDeleteLater);
    let rolled_back = viewer("120:280:", Some(240), Some(2));
    assert_eq!(sight(&rolled_back, OLD, 240, 1, NO_XMAX).rule, Rule::OwnDelete);
    // Rolled back to a savepoint, or with its transaction after this command: nobody can tell.
    assert_eq!(sight(&rolled_back, Xid(241), 0, 1, NO_XMAX).rule, Rule::NoMoment);
    assert_eq!(sight(&rolled_back, OLD, 241, 1, 0).rule, Rule::NoMoment);
}

#[test]
fn rows_moved_by_an_old_vacuum_full() {
    let moved = |command, infomask| {
        let viewer = viewer("120:360:120,150", None, None);
        sight(&viewer, OLD, 0, command, infomask | NO_XMAX).visible
    };
    assert_eq!(moved(130, Infomask::MOVED_OFF), UNSEEN);
    assert_eq!(moved(230, Infomask::MOVED_OFF), SEEN);
    assert_eq!(moved(150, Infomask::MOVED_OFF), SEEN);
    assert_eq!(moved(130, Infomask::MOVED_IN), SEEN);
    assert_eq!(moved(230, Infomask::MOVED_IN), UNSEEN);
    assert_eq!(moved(150, Infomask::MOVED_IN), UNSEEN);
}

#[test]
fn ids_compare_across_the_wrap_of_their_lower_half() {
    let snapshot: Snapshot = "8589934590:8589934700:8589934591,8589934598".parse().unwrap();
    let place = |xid| snapshot.place(Xid(xid), &Table).0;
    assert_eq!(place(u32::MAX), Standing::InProgress);
    assert_eq!(place(6), Standing::InProgress);
    assert_eq!(place(4_294_967_200), Standing::Ended);
    assert_eq!(place(108), Standing::Later);
}

#[test]
fn the_text_form_is_read_as_the_server_reads_it() {
    let parsed: Snapshot = "10:20:10,14,14,15".parse().unwrap();
    assert_eq!(parsed.xip, [10, 14, 15].map(FullXid));
    for good in ["10:10:", "10:20:", "10:20:19,"] {
        assert!(good.parse::<Snapshot>().is_ok(), "{good}");
    }
    let bad = [
        "",
        "10",
        "10:20",
        "0:20:",
        "20:10:",
        "10:20:9",
        "10:20:20",
        "10:20:15,14",
        "10:20:a",
        "10:20:,15",
        "-1:20:",
        "10:20:15:16",
        "99999999999999999999:20:",
    ];
    for bad in bad {
        assert!(matches!(bad.parse::<Snapshot>(), Err(SnapshotError::Syntax { .. })), "{bad}");
    }
}

#[test]
fn a_snapshot_of_another_epoch_is_refused() {
    let next = FullXid::new(3, Xid(1000));
    let check = |text: &str, clean| viewer(text, None, None).check(next, clean).is_ok();
    assert!(!check("990:1000:", true), "the lower halves alone would fit");
    assert!(check("12884902870:12884902888:", true), "up to the next one");
    assert!(!check("12884902870:12884902889:", true) && check("12884902870:12884902889:", false));
    let own = viewer("12884902870:12884902888:", Some(12_884_902_888), None);
    assert!(own.check(next, true).is_err() && own.check(next, false).is_ok());
}
