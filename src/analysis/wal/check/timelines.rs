//! Timelines: from histories, and from where records of another one begin.
use super::trail::Begun;
use super::turn::Turn;
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::history::HistoryEntry;
use crate::report::wal::check::Timeline;
use crate::types::{Lsn, TimelineId};
use crate::wal::Log;
use std::collections::BTreeMap;

/// The timelines that anything tells of; `found` is where pages of each begin, in order, and `turns`
/// where records say that one begins.
pub(super) fn timelines(
    log: &Log,
    (found, turns): (&[Begun], &[Turn]),
    findings: &mut Findings,
) -> Vec<Timeline> {
    let mut all: BTreeMap<TimelineId, Timeline> = BTreeMap::new();
    for file in log.places().iter().flat_map(|place| &place.segments) {
        at(&mut all, file.name.timeline).segments += 1;
    }
    for (_, _, entries) in log.histories().all() {
        for entry in entries {
            at(&mut all, entry.timeline);
        }
    }
    for (timeline, _, entries) in log.histories().all() {
        let of = at(&mut all, timeline);
        if let Some(HistoryEntry { timeline, switchpoint, reason }) = entries.last() {
            (of.parent, of.switchpoint) = (Some(*timeline), Some(*switchpoint));
            (of.told_by, of.reason) = (Some("history"), Some(reason.clone()));
        }
    }
    for Turn { timeline, parent, switchpoint } in turns {
        let of = at(&mut all, *timeline);
        if of.switchpoint.is_none() {
            (of.parent, of.switchpoint) = (Some(*parent), Some(*switchpoint));
            of.told_by = Some("records");
        }
    }
    for pair in found.windows(2) {
        let [Begun { timeline: before, .. }, begun] = pair else { continue };
        let Begun { timeline, lsn, .. } = begun;
        let of = at(&mut all, *timeline);
        match of.switchpoint {
            None if before < timeline => {
                (of.parent, of.switchpoint) = (Some(*before), Some(*lsn));
                of.told_by = Some("records");
            }
            Some(switchpoint)
                if !fits(log, switchpoint, begun) && of.told_by == Some("history") =>
            {
                let what = format!(
                    "its history says {switchpoint}, its first record that is here is at {lsn}"
                );
                findings.push(Finding::new(&rules::WAL_HISTORY_DISAGREES, named(*timeline), what));
            }
            _ => {}
        }
    }
    for (timeline, _) in log.line().timelines() {
        at(&mut all, timeline).followed = true;
    }
    judge(log, findings);
    all.into_values().collect()
}

fn at(all: &mut BTreeMap<TimelineId, Timeline>, timeline: TimelineId) -> &mut Timeline {
    let new = || Timeline { timeline, ..Timeline::default() };
    all.entry(timeline).or_insert_with(new)
}

fn named(timeline: TimelineId) -> Place {
    Place { timeline: Some(timeline), ..Place::default() }
}

/// Whether a timeline can have left the one before at `switchpoint`. The page where it did was begun
/// on that one, and keeps its number: the first that has the new one may be the next.
fn fits(log: &Log, switchpoint: Lsn, begun: &Begun) -> bool {
    let page = |lsn: Lsn| lsn.0 / u64::from(log.shape.block_size.max(1));
    let last = Lsn(switchpoint.0.saturating_sub(1));
    switchpoint <= begun.lsn && page(begun.prev) <= page(last)
}

/// Histories that contradict each other, and those that are none.
fn judge(log: &Log, findings: &mut Findings) {
    let histories = log.histories();
    for (path, error) in &histories.damaged {
        let place = Place::file(path);
        findings.push(Finding::new(&rules::WAL_HISTORY_DAMAGED, place, error.to_string()));
    }
    for (first, other) in &histories.differing {
        let what = format!("it says something else than {first}");
        findings.push(Finding::new(&rules::WAL_HISTORY_DISAGREES, Place::file(other), what));
    }
    for (timeline, path, entries) in histories.all() {
        for (index, entry) in entries.iter().enumerate() {
            let Some(own) = histories.of(entry.timeline) else { continue };
            let before = entries.get(..index).unwrap_or_default();
            if !crate::wal::same_line(own, before) {
                let what = format!(
                    "it says something else about the past of timeline {} than its own history",
                    entry.timeline
                );
                let place = Place { timeline: Some(timeline), ..Place::file(path) };
                findings.push(Finding::new(&rules::WAL_HISTORY_DISAGREES, place, what));
            }
        }
    }
}
