//! How far recovery comes, as the report has it.
use crate::analysis::wal::check::end::explanation;
use crate::cluster::Cluster;
use crate::format::wal::Failure;
use crate::replay::{Course, Ended, Kind, Start, Tally};
use crate::report::replay::{Beyond, End, EndOfWal, Xact};
use crate::types::TimelineId;
use crate::wal::end_class;

pub(super) fn section(start: &Start, course: &Course, cluster: &Cluster) -> End {
    let replayed = &course.replayed;
    let waits = start.signals.standby && course.stop.is_none() && course.refusal.is_none();
    let opens = course.refusal.is_none() && start.requested;
    End {
        ended_by: match (&course.stop, &course.refusal) {
            (Some(_), _) => "target",
            (None, Some(_)) if course.left_out.records > 0 => "refusal",
            (None, _) => "end-of-wal",
        },
        redo_start_lsn: course.first.filter(|_| start.kind != Kind::None),
        redo_done_lsn: course.done.filter(|_| course.first.is_some()),
        end_lsn: course.end,
        timeline: course.timeline,
        records: replayed.records,
        commits: replayed.commits,
        aborts: replayed.aborts,
        last_completed: course.completed.as_ref().map(xact),
        last_commit: replayed.last_commit.as_ref().map(xact),
        consistent_lsn: course.consistent,
        backup_end_lsn: course.backup_end,
        waits,
        target_action: course.stop.as_ref().map(|_| action(cluster)),
        new_timeline: opens.then(|| new_timeline(start)),
        end_of_wal: course.wal_end.as_ref().map(|failure| end_of_wal(start, course, failure)),
        left_out: beyond(&course.left_out),
        lost: beyond(&course.lost),
    }
}

pub(super) const fn xact(of: &Ended) -> Xact {
    Xact { lsn: of.lsn, xid: of.xid, time: of.time, committed: of.commit }
}

/// `recovery_target_action`, as `validateRecoveryParameters` takes it.
fn action(cluster: &Cluster) -> &'static str {
    let set = cluster.settings().get("recovery_target_action");
    match set.map_or("pause", |setting| setting.value.as_str()) {
        "promote" => "promote",
        "shutdown" => "shutdown",
        _ if cluster.settings().hot_standby => "pause",
        _ => "shutdown",
    }
}

/// One more than the newest there is (`findNewestTimeLine`, access/transam/timeline.c).
fn new_timeline(start: &Start) -> TimelineId {
    let mut timeline = start.path.last().map_or(1, |part| part.timeline.0);
    loop {
        timeline = timeline.saturating_add(1);
        if timeline == u32::MAX || !start.log.histories().exists(TimelineId(timeline)) {
            return TimelineId(timeline);
        }
    }
}

fn end_of_wal(start: &Start, course: &Course, failure: &Failure) -> EndOfWal {
    let class = end_class(&start.log, failure, course.shutdown, course.behind);
    let lost = (course.lost.records, course.lost.commits);
    EndOfWal {
        lsn: failure.record,
        segment: failure.segment(),
        offset: failure.page_offset(),
        class,
        explanation: explanation(class, course.shutdown, lost),
        postgres_says: failure.said(start.log.dialect.layout),
    }
}

fn beyond(of: &Tally) -> Option<Beyond> {
    (of.records > 0).then_some(Beyond {
        start_lsn: of.start,
        end_lsn: of.end,
        records: of.records,
        commits: of.commits,
        aborts: of.aborts,
        since: of.since,
        until: of.until,
    })
}
