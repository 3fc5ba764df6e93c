//! What startup decides, as the report has it.
use crate::cluster::Cluster;
use crate::format::wal::SegmentNumber;
use crate::replay::{self, Course, Kind};
use crate::report::replay::{Checkpoint, Limits, Path, Segments, SettingRow, Start};
use crate::types::{Lsn, TimestampTz};

/// Missing segments that are listed.
const LISTED: usize = 20;

/// Settings that steer recovery.
const SETTINGS: [&str; 15] = [
    "restore_command",
    "recovery_target",
    "recovery_target_time",
    "recovery_target_xid",
    "recovery_target_lsn",
    "recovery_target_name",
    "recovery_target_inclusive",
    "recovery_target_timeline",
    "recovery_target_action",
    "primary_conninfo",
    "primary_slot_name",
    "hot_standby",
    "recovery_min_apply_delay",
    "archive_cleanup_command",
    "recovery_end_command",
];

pub(super) fn section(cluster: &Cluster, start: &replay::Start, course: Option<&Course>) -> Start {
    let signals = start.signals;
    let files = [
        (signals.recovery, "recovery.signal"),
        (signals.standby, "standby.signal"),
        (signals.label, "backup_label"),
        (signals.map, "tablespace_map"),
    ];
    let files = files.into_iter().filter_map(|(there, name)| there.then_some(name)).collect();
    Start {
        recovery: match start.kind {
            Kind::None => "none",
            Kind::Crash => "crash",
            Kind::CrashThenArchive => "crash-then-archive",
            Kind::Archive => "archive",
            Kind::Backup => "backup",
        },
        standby: signals.standby,
        state: cluster.control().map(|control| control.state.to_string()),
        files,
        assumed: start.assumed,
        checkpoint: start.checkpoint.as_ref().map(|of| checkpoint(start, of)),
        redo_lsn: valid(start.redo),
        target_timeline: start.path.last().map(|part| part.timeline),
        path: path(start),
        segments: segments(start, course),
        limits: limits(start),
        settings: settings(cluster),
        pgbackrest: start.pgbackrest,
        notes: start.notes.clone(),
    }
}

pub(super) fn valid(lsn: Lsn) -> Option<Lsn> {
    lsn.is_valid().then_some(lsn)
}

fn checkpoint(start: &replay::Start, of: &replay::Checkpoint) -> Checkpoint {
    let size = start.log.shape.segment_size;
    let number = SegmentNumber::of(of.lsn, size);
    let file = start.log.segments().get(&number);
    let timeline = file.map_or(of.timeline, |file| file.name.timeline);
    Checkpoint {
        lsn: of.lsn,
        timeline: of.timeline,
        told_by: if start.signals.label { "backup_label" } else { "pg_control" },
        segment: number.file_name(timeline, size),
        file: file.map(|file| file.path.clone()),
        valid: of.record.is_ok(),
        kind: of.record.as_ref().ok().map(|_| if of.shutdown { "shutdown" } else { "online" }),
        time: of.record.as_ref().ok().and_then(|record| TimestampTz::of_unix(record.time)),
        postgres_says: of.record.as_ref().err().cloned(),
    }
}

fn path(start: &replay::Start) -> Vec<Path> {
    let row = |part: &replay::TimelinePart| Path {
        timeline: part.timeline,
        begin_lsn: valid(part.begin),
        end_lsn: valid(part.end),
    };
    start.path.iter().map(row).collect()
}

/// From the redo point to where the files are consistent; without recovery, none is needed.
fn segments(start: &replay::Start, course: Option<&Course>) -> Option<Segments> {
    let checkpoint = start.checkpoint.as_ref()?;
    let size = start.log.shape.segment_size;
    let limits = start.limits;
    let consistent = course.and_then(|course| course.consistent).unwrap_or_default();
    // A minimum recovery point at the start of a segment needs the one before.
    let limit = limits.min_recovery_point.max(limits.backup_end).max(consistent);
    let until = checkpoint.lsn.max(Lsn(limit.0.saturating_sub(1)));
    let from = valid(start.redo).unwrap_or(checkpoint.lsn).min(checkpoint.lsn);
    let (first, last) = (SegmentNumber::of(from, size), SegmentNumber::of(until, size));
    let there = start.log.segments().range(first..=last).count() as u64;
    let needed = last.0.saturating_sub(first.0).saturating_add(1);
    let timeline = |number: SegmentNumber| {
        let file = start.log.segments().get(&number).map(|file| file.name.timeline);
        let at = number.next().start(size);
        let on = start.path.iter().rev().find(|part| part.begin < at);
        file.or_else(|| on.map(|part| part.timeline)).unwrap_or(checkpoint.timeline)
    };
    let name = |number: SegmentNumber| number.file_name(timeline(number), size);
    let missing = (first.0..=last.0).map(SegmentNumber);
    let missing = missing.filter(|number| !start.log.segments().contains_key(number));
    // As many as are there, and the first that are not: a damaged checkpoint may be anywhere.
    let missing = missing.take(LISTED).map(name).collect();
    Some(Segments { first: name(first), last: name(last), needed, present: there, missing })
}

fn limits(start: &replay::Start) -> Limits {
    let of = start.limits;
    let least = valid(of.min_recovery_point);
    Limits {
        min_recovery_lsn: least,
        min_recovery_timeline: least.map(|_| of.min_recovery_point_tli),
        backup_start_lsn: valid(of.backup_start),
        backup_end_lsn: valid(of.backup_end),
        backup_end_required: of.backup_end_required,
    }
}

fn settings(cluster: &Cluster) -> Vec<SettingRow> {
    let row = |name: &&str| {
        let setting = cluster.settings().get(name).filter(|setting| !setting.value.is_empty())?;
        let (value, file) = (setting.value.clone(), setting.file.clone());
        Some(SettingRow { name: (*name).to_owned(), value, file, line: setting.line })
    };
    SETTINGS.iter().filter_map(row).collect()
}
