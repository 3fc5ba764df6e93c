//! Chains of row versions on one page (`verify_heapam`, contrib/amcheck/verify_heapam.c).
//!
//! A successor counts as one only if its inserter is the updater of the version before it: a line
//! pointer may have been given to another row after an update was rolled back.
use super::{Found, Known, Slot, State, numbered, slot, slot_mut};
use crate::analysis::visibility::{Transactions, Updater};
use crate::cluster::TxStatus;
use crate::finding::{Finding, Place, Rule, rules};
use crate::format::heap::HeapTupleHeader;
use crate::types::{MultiXactId, OffsetNumber, Xid};

/// Judges every link between two line pointers, then what no link leads to.
pub(super) fn judge<X: Transactions>(
    known: &Known<'_, X>,
    slots: &mut [Slot],
    found: &mut Found<'_>,
) {
    for number in 1..=u16::try_from(slots.len()).unwrap_or(u16::MAX) {
        let Some(current) = slot(slots, number).copied() else { break };
        let mut push = |rule, evidence, says: Option<String>| {
            found(Some(OffsetNumber(number)), finding(rule, evidence, says));
        };
        match current.state {
            State::Nothing => {}
            State::Redirect => redirected(number, current.successor, slots, &mut push),
            State::Tuple(header) => {
                updated(known, (number, &header), current.successor, slots, &mut push);
            }
        }
    }
    roots(known, slots, found);
    cycles(slots, found);
}

type Push<'a> = dyn FnMut(&'static Rule, String, Option<String>) + 'a;

fn finding(rule: &'static Rule, evidence: String, says: Option<String>) -> Finding {
    says.into_iter().fold(Finding::new(rule, Place::default(), evidence), Finding::says)
}

fn redirected(number: u16, next: u16, slots: &mut [Slot], push: &mut Push<'_>) {
    let Some(target) = slot_mut(slots, next) else { return };
    let State::Tuple(header) = target.state else { return };
    if !header.t_infomask2.only_tuple() {
        let says =
            format!("redirected line pointer points to a non-heap-only tuple at offset {next}");
        let evidence =
            format!("t_infomask2 of line pointer {next} is {:#06x}", header.t_infomask2.0);
        push(&rules::REDIRECT_TARGET, evidence, Some(says));
    }
    if target.predecessor == 0 {
        target.predecessor = number;
    } else {
        let other = target.predecessor;
        let says = format!(
            "redirect line pointer points to offset {next}, but offset {other} also points there"
        );
        push(&rules::CHAIN_INTERSECTION, both_lead(number, other, next), Some(says));
    }
}

fn both_lead(number: u16, other: u16, next: u16) -> String {
    format!("line pointers {other} and {number} both lead to line pointer {next}")
}

fn updated<X: Transactions>(
    known: &Known<'_, X>,
    (number, header): (u16, &HeapTupleHeader),
    next: u16,
    slots: &mut [Slot],
    push: &mut Push<'_>,
) {
    let updater = updater(known, header);
    let target = slot_mut(slots, next);
    let successor = target.and_then(|target| match target.state {
        State::Tuple(next) if follows(updater, &next) => Some((target, next)),
        _ => None,
    });
    let Some((target, successor)) = successor else {
        return lost(known, header, updater, push);
    };
    if target.predecessor != 0 {
        let other = target.predecessor;
        let says = format!(
            "tuple points to new version at offset {next}, but offset {other} also points there"
        );
        return push(&rules::CHAIN_INTERSECTION, both_lead(number, other, next), Some(says));
    }
    target.predecessor = number;
    if updater == Updater::Unknown {
        return;
    }
    flags(header, (next, &successor), push);
    let status = |header: &HeapTupleHeader| {
        if header.t_infomask.xmin_frozen() {
            TxStatus::Committed
        } else {
            known.transactions.status(header.t_xmin)
        }
    };
    if status(header) == TxStatus::Aborted && status(&successor) == TxStatus::Committed {
        let (xmin, next_xmin) = (header.t_xmin, successor.t_xmin);
        let says = format!(
            "tuple with aborted xmin {xmin} was updated to produce a tuple at offset {next} with \
             committed xmin {next_xmin}"
        );
        let evidence =
            format!("xmin {xmin} is aborted, xmin {next_xmin} of line pointer {next} is not");
        push(&rules::CHAIN_ABORTED, evidence, Some(says));
    }
}

/// Who made the next version of a tuple, if anyone did (`HeapTupleHeaderGetUpdateXid`).
fn updater<X: Transactions>(known: &Known<'_, X>, header: &HeapTupleHeader) -> Updater {
    let infomask = header.t_infomask;
    if infomask.xmax_invalid() || infomask.xmax_is_locked_only() || header.t_xmax == Xid::INVALID {
        Updater::None
    } else if infomask.xmax_is_multi() {
        known.transactions.members(MultiXactId(header.t_xmax.0)).updater
    } else {
        Updater::Xid(header.t_xmax)
    }
}

/// Whether `next` may be what `updater` made; an updater that cannot be read may be anyone.
fn follows(updater: Updater, next: &HeapTupleHeader) -> bool {
    match updater {
        Updater::None => false,
        Updater::Unknown => true,
        Updater::Xid(xid) => next.t_xmin == xid,
    }
}

fn flags(
    header: &HeapTupleHeader,
    (next, successor): (u16, &HeapTupleHeader),
    push: &mut Push<'_>,
) {
    // The bit itself: hints that an update was rolled back are not what is asked here.
    let hot = header.t_infomask2.hot_updated_bit();
    let says = match (hot, successor.t_infomask2.only_tuple()) {
        (false, true) => {
            format!("non-heap-only update produced a heap-only tuple at offset {next}")
        }
        (true, false) => {
            format!("heap-only update produced a non-heap only tuple at offset {next}")
        }
        _ => return,
    };
    let evidence = format!(
        "t_infomask2 is {:#06x}, that of line pointer {next} is {:#06x}",
        header.t_infomask2.0, successor.t_infomask2.0
    );
    push(&rules::CHAIN_FLAGS, evidence, Some(says));
}

/// A heap-only update that is certain to have committed must have left its new version here.
fn lost<X: Transactions>(
    known: &Known<'_, X>,
    header: &HeapTupleHeader,
    updater: Updater,
    push: &mut Push<'_>,
) {
    let Updater::Xid(xid) = updater else { return };
    if header.hot_updated() && known.transactions.status(xid) == TxStatus::Committed {
        let evidence = format!(
            "updated by {xid}, which committed; t_ctid is {}, where no tuple of it is",
            header.t_ctid
        );
        push(&rules::CHAIN_BROKEN, evidence, None);
    }
}

/// Heap-only tuples that are certain to be committed must have something before them.
fn roots<X: Transactions>(known: &Known<'_, X>, slots: &[Slot], found: &mut Found<'_>) {
    for (number, slot) in numbered(slots) {
        let State::Tuple(header) = slot.state else { continue };
        if slot.predecessor != 0 || !header.t_infomask2.only_tuple() {
            continue;
        }
        let frozen = header.t_infomask.xmin_frozen();
        if frozen || known.transactions.status(header.t_xmin) == TxStatus::Committed {
            let evidence = format!("xmin {} committed, and no chain leads here", header.t_xmin);
            let says = "tuple is root of chain but is marked as heap-only tuple".to_owned();
            found(
                Some(OffsetNumber(number)),
                finding(&rules::HEAP_ONLY_ROOT, evidence, Some(says)),
            );
        }
    }
}

/// What every link of has a predecessor, and no root leads to, is a circle.
fn cycles(slots: &mut [Slot], found: &mut Found<'_>) {
    let count = u16::try_from(slots.len()).unwrap_or(u16::MAX);
    // Links that were accepted: the successor names this one as its predecessor.
    let next = |slots: &[Slot], number: u16| {
        let next = slot(slots, number)?.successor;
        (slot(slots, next)?.predecessor == number).then_some(next)
    };
    for root in 1..=count {
        if slot(slots, root).is_some_and(|slot| slot.predecessor == 0) {
            unlink(slots, root, next);
        }
    }
    for number in 1..=count {
        if slot(slots, number).is_some_and(|slot| slot.predecessor != 0) {
            let length = unlink(slots, number, next);
            let evidence = format!("a circle of {length} line pointers");
            found(Some(OffsetNumber(number)), finding(&rules::CHAIN_CYCLE, evidence, None));
        }
    }
}

/// Walks from `start` and takes each link away, so that no link is walked twice; gives their number.
fn unlink(slots: &mut [Slot], start: u16, next: impl Fn(&[Slot], u16) -> Option<u16>) -> usize {
    let (mut at, mut length) = (start, 0);
    while let Some(following) = next(slots, at) {
        if let Some(slot) = slot_mut(slots, following) {
            slot.predecessor = 0;
        }
        at = following;
        length += 1;
    }
    length
}
