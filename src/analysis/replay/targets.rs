//! Where the target stops recovery, and which targets there are.
use super::Request;
use super::end::xact;
use crate::analysis::wal::xacts::{self, Order};
use crate::cluster::Cluster;
use crate::replay::{Course, Start};
use crate::report::replay::{
    DdlRow, RestorePointRow, Stop, Target, TargetList, Targets, TimelineRow, Xact,
};
use crate::report::wal::xacts::{XactRow, XactState};
use crate::types::{Lsn, TimelineId};
use crate::wal::{Log, Range};
use std::collections::BTreeMap;

pub(super) fn section(
    cluster: &Cluster,
    start: &Start,
    course: Option<&Course>,
    (log, request): (&Log, &Request),
) -> Option<Targets> {
    let target = course.and_then(|course| target(start, course));
    let list = request.list_targets.then(|| list(cluster, start, course, (log, request.jobs)));
    (target.is_some() || list.is_some()).then_some(Targets { target, list })
}

/// What comes of the target, if one is looked at.
fn target(start: &Start, course: &Course) -> Option<Target> {
    let goal = start.target.goal.as_ref().filter(|_| start.requested)?;
    let stop = course.stop.as_ref();
    let rows = |ended: &[crate::replay::Ended]| -> Vec<Xact> { ended.iter().map(xact).collect() };
    let (before, after) = (rows(&course.replayed.last), rows(&course.left_out.first));
    Some(Target {
        kind: goal.kind(),
        value: goal.value(),
        inclusive: start.target.inclusive,
        told_by: if start.assumed { "command line" } else { "settings" },
        reachable: stop.is_some() && course.refusal.is_none(),
        stop: stop.map(|stop| Stop {
            lsn: stop.lsn,
            side: if stop.after { "after" } else { "before" },
            postgres_says: stop.message.clone(),
        }),
        last_included: before.last().cloned(),
        first_left_out: after.first().cloned(),
        before,
        after,
        refusal: course.refusal.clone(),
    })
}

/// What could be a target.
fn list(
    cluster: &Cluster,
    start: &Start,
    course: Option<&Course>,
    (log, jobs): (&Log, usize),
) -> TargetList {
    let mut list = TargetList { timelines: timelines(start, log), ..TargetList::default() };
    let Some(course) = course else { return list };
    let rows = course.points.iter().map(|point| RestorePointRow {
        name: point.name.clone(),
        time: point.time,
        lsn: point.lsn,
    });
    list.restore_points = rows.collect();
    list.ddl = ddl(cluster, start, jobs);
    list.from_lsn = course.consistent;
    list.until_lsn = course.left_out.end.or(course.replayed.end);
    list.from_time = course.replayed.since.or(course.left_out.since);
    list.until_time = course.left_out.until.or(course.replayed.until);
    list
}

fn timelines(start: &Start, log: &Log) -> Vec<TimelineRow> {
    let row = |timeline| TimelineRow { timeline, parent: None, switchpoint: None, reason: None };
    let mut all: BTreeMap<TimelineId, TimelineRow> = BTreeMap::new();
    for part in &start.path {
        all.entry(part.timeline).or_insert_with(|| row(part.timeline));
    }
    for (timeline, _, entries) in log.histories().all() {
        for entry in entries {
            all.entry(entry.timeline).or_insert_with(|| row(entry.timeline));
        }
        let of = all.entry(timeline).or_insert_with(|| row(timeline));
        if let Some(last) = entries.last() {
            (of.parent, of.switchpoint) = (Some(last.timeline), Some(last.switchpoint));
            of.reason = Some(last.reason.clone());
        }
    }
    all.into_values().collect()
}

fn ddl(cluster: &Cluster, start: &Start, jobs: usize) -> Vec<DdlRow> {
    let request = xacts::Request {
        range: Range { from: start.begin, until: Lsn(u64::MAX) },
        state: Some(XactState::Committed),
        ddl: true,
        locators: None,
        since: None,
        until: None,
        order: Order::End,
        limit: usize::MAX,
        jobs,
    };
    let listed = xacts::xacts(&start.log, Some(cluster), &request).xacts;
    let row = |xact: XactRow| {
        Some(DdlRow { xid: xact.xid, lsn: xact.last_lsn, time: xact.time?, ddl: xact.ddl })
    };
    listed.transactions.into_iter().filter_map(row).collect()
}
