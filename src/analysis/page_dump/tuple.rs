//! What the header of a tuple means.
use super::{History, Known};
use crate::analysis::snapshot::status;
use crate::analysis::visibility::Fate;
use crate::format::heap::{HeapTuple, HeapTupleHeader, RowLock};
use crate::report::page::{Member, Multi, Status, Tuple, TupleFate};
use crate::types::{MultiXactId, OffsetNumber, Tid, Xid};

/// `MovedPartitionsOffsetNumber` (storage/itemptr.h): updated into another partition.
const MOVED_PARTITIONS: u16 = 0xfffd;
/// `SpecTokenOffsetNumber`: of a speculative insertion (ON CONFLICT) that has not ended.
const SPECULATIVE: u16 = 0xfffe;

/// Every field, by name and by meaning.
pub(super) fn decode<H: History>(
    tuple: &HeapTuple<'_>,
    known: &Known<'_, H>,
    lp: OffsetNumber,
) -> Tuple {
    let header = &tuple.header;
    let (infomask, infomask2) = (header.t_infomask, header.t_infomask2);
    let multi = multixact(header, known.history);
    let looked_up = infomask.xmax_is_multi() && !infomask.locked_upgraded();
    let members = looked_up.then(|| known.history.members(MultiXactId(header.t_xmax.0)));
    let lone = !infomask.xmax_is_multi() && header.t_xmax != Xid::INVALID;
    Tuple {
        t_xmin: header.t_xmin,
        t_xmax: header.t_xmax,
        t_field3: header.t_field3,
        t_ctid: header.t_ctid.to_string(),
        t_infomask2: infomask2.0,
        t_infomask: infomask.0,
        t_hoff: header.t_hoff,
        t_bits: tuple.t_bits(),
        t_oid: tuple.t_oid().filter(|_| !known.rowids).map(|oid| oid.0),
        rowid: tuple.rowid().filter(|_| known.rowids).map(|rowid| rowid.to_string()),
        t_data: tuple.data().map(hex::encode),
        natts: infomask2.natts(),
        raw_flags: infomask.names().chain(infomask2.names()).collect(),
        combined_flags: infomask.combined_names().collect(),
        xmin_status: if infomask.xmin_frozen() {
            Status::Frozen
        } else {
            status(header.t_xmin, known.history)
        },
        xmax_status: lone.then(|| status(header.t_xmax, known.history)),
        fate: fate(Fate::of(header, members, known.history)),
        meaning: meaning(header, multi.as_ref(), known, lp),
        snapshot: known.viewer.map(|viewer| viewer.sight(header, known.history)),
        multixact: multi,
    }
}

fn fate(fate: Fate) -> TupleFate {
    match fate {
        Fate::Live => TupleFate::Live,
        Fate::InsertInProgress => TupleFate::InsertInProgress,
        Fate::DeleteInProgress => TupleFate::DeleteInProgress,
        Fate::DeadAfter(_) => TupleFate::Deleted,
        Fate::Dead => TupleFate::Dead,
        Fate::Unknown => TupleFate::Unknown,
    }
}

fn multixact(header: &HeapTupleHeader, history: &impl History) -> Option<Multi> {
    let infomask = header.t_infomask;
    if !infomask.xmax_is_multi() || header.t_xmax == Xid::INVALID {
        return None;
    }
    let multi = MultiXactId(header.t_xmax.0);
    // The members of one from before pg_upgrade from 9.2 are long gone; other ones have its number.
    let members = if infomask.locked_upgraded() { Vec::new() } else { history.all_members(multi) };
    let member = |member: crate::format::slru::multixact::MultiXactMember| Member {
        xid: member.xid,
        mode: member.status.to_string(),
        status: status(member.xid, history),
    };
    Some(Multi { multi, members: members.into_iter().map(member).collect() })
}

/// The flags in words, in the order of a row's life.
fn meaning<H>(
    header: &HeapTupleHeader,
    multi: Option<&Multi>,
    known: &Known<'_, H>,
    lp: OffsetNumber,
) -> Vec<String> {
    let (infomask, infomask2) = (header.t_infomask, header.t_infomask2);
    let mut words = Vec::new();
    let mut say = |condition: bool, what: &str| {
        if condition {
            words.push(what.to_owned());
        }
    };
    say(infomask.xmin_frozen(), "frozen");
    say(infomask.xmin_invalid(), "insertion aborted");
    say(infomask2.only_tuple(), "heap-only");
    say(infomask.updated() && !infomask2.only_tuple(), "made by an update");
    say(infomask.moved_off(), "moved off by an old VACUUM FULL");
    say(infomask.moved_in(), "moved in by an old VACUUM FULL");
    say(infomask.has_oid_old(), if known.rowids { "with a ROWID" } else { "with an oid" });
    say(infomask.has_external(), "with TOAST pointers");
    say(header.t_ctid.offset.0 == SPECULATIVE, "speculative insertion");
    words.extend(end(header, Tid { block: known.block, offset: lp }));
    words.extend(multi.map(members));
    words
}

/// What t_xmax did to the row.
fn end(header: &HeapTupleHeader, own: Tid) -> Option<String> {
    let (infomask, infomask2) = (header.t_infomask, header.t_infomask2);
    if header.t_xmax == Xid::INVALID {
        return None;
    }
    if infomask.xmax_is_locked_only() {
        let lock = match (infomask.row_lock(), infomask2.keys_updated()) {
            (Some(RowLock::KeyShare), _) => "for key share",
            (Some(RowLock::Share), _) => "for share",
            (Some(RowLock::Exclusive), true) => "for update",
            (Some(RowLock::Exclusive), false) => "for no key update",
            (None, _) => "in a way that is not recorded here",
        };
        let over = if infomask.xmax_invalid() { "; the lock is over" } else { "" };
        return Some(format!("locked {lock}{over}"));
    }
    let next = header.t_ctid;
    let did = if next.offset.0 == MOVED_PARTITIONS {
        "moved to another partition".to_owned()
    } else if next == own {
        "deleted".to_owned()
    } else if infomask2.hot_updated_bit() {
        format!("HOT updated to {}", next.offset)
    } else if infomask2.keys_updated() {
        format!("updated to {next}, keys too")
    } else {
        format!("updated to {next}")
    };
    let state = if infomask.xmax_invalid() { ", which was rolled back" } else { "" };
    Some(format!("{did}{state}"))
}

fn members(multi: &Multi) -> String {
    let member = |member: &Member| format!("{} {}", member.xid, member.mode);
    let members: Vec<_> = multi.members.iter().map(member).collect();
    if members.is_empty() {
        format!("multixact {} with unknown members", multi.multi)
    } else {
        format!("multixact of {}", members.join(" and "))
    }
}
