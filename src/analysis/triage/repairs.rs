//! Repairs that people reach for, and what each would cost here. None is recommended.
use super::commits::{Commits, since};
use super::{Evidence, holders, plural, seconds};
use crate::cluster::RelKind;
use crate::report::triage::{Repair, RepairKind};
use crate::types::{Lsn, TimestampTz, pretty_size};

/// Slots and prepared transactions whose removal is weighed.
const WEIGHED: usize = 20;

pub(super) fn repairs(evidence: &Evidence<'_>) -> Vec<Repair> {
    let cluster = evidence.cluster;
    let slots: Vec<_> = cluster.slots().iter().filter(|slot| slot.in_force).take(WEIGHED).collect();
    let redo = evidence.replay.start.redo_lsn.unwrap_or_default();
    // A logical slot's consumer has what it confirmed; a standby may have anything.
    let seen = slots.iter().map(|slot| {
        if slot.state.confirmed_flush.is_valid() {
            slot.state.confirmed_flush
        } else {
            slot.restart_lsn
        }
    });
    let control = cluster.control().map(|control| control.check_point_copy.redo);
    let mut from = vec![redo, control.unwrap_or(redo)];
    from.extend(seen);
    let counted = since(evidence.log, &from, evidence.request.jobs);
    let [of_redo, of_control, of_slots @ ..] = counted.as_slice() else { return Vec::new() };
    let mut repairs = Vec::new();
    repairs.extend(backup_label(evidence, *of_redo, *of_control));
    repairs.push(resetwal(evidence, *of_redo));
    repairs.extend(zero_damaged_pages(evidence));
    for (slot, commits) in slots.into_iter().zip(of_slots) {
        let frees = holders::wal_of(evidence, slot)
            .map_or_else(String::new, |bytes| format!("frees {} of WAL; ", pretty_size(bytes)));
        let text = commits.text();
        let cost = format!("{frees}its consumer may lack {text}, and has to be built anew");
        let name = Some(slot.name.clone());
        repairs.push(Repair { name, ..repair(RepairKind::DropSlot, cost, Some(commits)) });
    }
    for prepared in cluster.prepared().iter().take(WEIGHED) {
        let cost = format!(
            "transaction {} of {} is rolled back, though its coordinator was told that it is safe",
            prepared.xid,
            seconds(prepared.prepared_at)
        );
        repairs.push(Repair {
            name: Some(prepared.gid.clone()),
            transactions: Some(1),
            since: Some(prepared.prepared_at),
            ..repair(RepairKind::RemovePrepared, cost, None)
        });
    }
    repairs
}

fn repair(kind: RepairKind, cost: String, commits: Option<&Commits>) -> Repair {
    let time = |time: fn(&Commits) -> Option<TimestampTz>| commits.and_then(time);
    Repair {
        kind,
        name: None,
        cost,
        transactions: commits.map(|commits| commits.count),
        since: time(|commits| commits.since),
        until: time(|commits| commits.until),
    }
}

/// Recovery then begins where pg_control says, which was copied last.
fn backup_label(evidence: &Evidence<'_>, of_label: Commits, of_control: Commits) -> Option<Repair> {
    let label = evidence.cluster.recovery().backup_label.as_ref()?;
    let what = RepairKind::RemoveBackupLabel;
    if evidence.replay.start.pgbackrest {
        let cost = "no start at all: pg_control's checkpoint is 0/DEAD, by pgBackRest, so that nobody does this";
        return Some(repair(what, cost.to_owned(), None));
    }
    let control = evidence.cluster.control()?;
    let (from, to) = (label.start_wal_location, control.check_point_copy.redo);
    if to <= from {
        let cost = format!(
            "recovery begins at {to} all the same, but opens before the backup's end: files of different moments, unnoticed"
        );
        return Some(repair(what, cost, None));
    }
    let between = Commits {
        count: of_label.count.saturating_sub(of_control.count),
        since: of_label.since,
        until: of_control.since.or(of_label.until),
    };
    let cost = format!(
        "recovery begins at {to} instead of {from}: in files copied before that, {} of WAL with {} are missing, and no message says so",
        pretty_size(to.0.saturating_sub(from.0)),
        between.text()
    );
    Some(repair(what, cost, Some(&between)))
}

fn resetwal(evidence: &Evidence<'_>, commits: Commits) -> Repair {
    let what = RepairKind::PgResetwal;
    let replayed = evidence.replay.end.as_ref().map_or(0, |end| end.records);
    let needless = evidence.replay.start.recovery == "none" || replayed == 0;
    if evidence.replay.starts && needless {
        let cost =
            "nothing to gain: no WAL has to be replayed. Standbys and archives lose their thread";
        return repair(what, cost.to_owned(), None);
    }
    let redo = evidence.replay.start.redo_lsn.unwrap_or(Lsn::INVALID);
    let segments = evidence.replay.start.segments.as_ref();
    if segments.is_some_and(|of| !of.missing.is_empty()) && commits.count == 0 {
        let cost = format!(
            "nobody can say: the WAL since {redo} is not here. What it had is in files by half or not at all, for good"
        );
        return repair(what, cost, None);
    }
    let cost = format!(
        "what WAL has since {redo} is in files by half or not at all: {}, lost or seen in part for good. Afterwards only a dump and a new cluster are safe",
        commits.text()
    );
    repair(what, cost, Some(&commits))
}

/// The server then takes damaged pages for empty ones.
fn zero_damaged_pages(evidence: &Evidence<'_>) -> Option<Repair> {
    let pages = evidence.pages.as_ref().filter(|pages| pages.bad.count > 0)?;
    let names = crate::wal::Names::new(Some(evidence.cluster));
    let is_index =
        |of: &&super::BlockOf| names.get(of.0).is_some_and(|named| named.kind == RelKind::Index);
    let indexes = pages.bad.first.iter().filter(is_index).count() as u64;
    let healed = evidence.copies.values().filter(|copies| copies.replayed).count() as u64;
    let imaged = evidence.copies.values().filter(|copies| copies.last.is_some()).count() as u64;
    let mut relations: Vec<_> = pages.bad.first.iter().map(|(locator, ..)| locator).collect();
    relations.dedup();
    let gone = format!(
        "every row on {} of {} is gone as soon as it is read",
        plural(pages.bad.count, "page"),
        plural(relations.len() as u64, "relation")
    );
    let of_indexes = format!("{indexes} of them of indexes, which REINDEX makes anew");
    let copies = format!("WAL has copies of {imaged}, recovery restores {healed}");
    let parts = [(true, gone), (indexes > 0, of_indexes), (imaged > 0, copies)];
    let parts = parts.into_iter().filter_map(|(so, part)| so.then_some(part));
    let cost = parts.collect::<Vec<_>>().join("; ");
    Some(repair(RepairKind::ZeroDamagedPages, cost, None))
}
