//! Which timeline recovery goes to, and by which others (`readTimeLineHistory`, `findNewestTimeLine`,
//! `tliOfPointInHistory`, access/transam/timeline.c).
use crate::types::{Lsn, TimelineId};
use crate::wal::Histories;

/// A timeline on the way, from where to where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelinePart {
    /// The timeline.
    pub timeline: TimelineId,
    /// Where it left the one before; invalid for the first.
    pub begin: Lsn,
    /// Where the next one left it; invalid for the last.
    pub end: Lsn,
}

/// The timelines to one, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Path(pub(super) Vec<TimelinePart>);

impl Path {
    /// The way to `target`; that alone if it has no history file.
    pub(super) fn to(target: TimelineId, histories: &Histories) -> Self {
        let mut parts = Vec::new();
        let mut begin = Lsn::INVALID;
        // Timeline 1 has none.
        let history = if target == TimelineId(1) { None } else { histories.of(target) };
        for entry in history.unwrap_or_default() {
            let (timeline, end) = (entry.timeline, entry.switchpoint);
            parts.push(TimelinePart { timeline, begin, end });
            begin = end;
        }
        parts.push(TimelinePart { timeline: target, begin, end: Lsn::INVALID });
        Self(parts)
    }

    /// The timeline that it leads to.
    pub(super) fn target(&self) -> TimelineId {
        self.0.last().map_or(TimelineId(0), |part| part.timeline)
    }

    /// The timeline of a position.
    pub(super) fn at(&self, lsn: Lsn) -> Option<TimelineId> {
        let holds =
            |part: &&TimelinePart| part.begin <= lsn && (!part.end.is_valid() || lsn < part.end);
        self.0.iter().rev().find(holds).map(|part| part.timeline)
    }

    /// Where a timeline was left; `None` if it is not on the way.
    pub(super) fn end_of(&self, timeline: TimelineId) -> Option<Lsn> {
        self.0.iter().find(|part| part.timeline == timeline).map(|part| part.end)
    }
}

/// The newest timeline, counted up from `from` as long as there is a history file.
pub(super) fn newest(from: TimelineId, histories: &Histories) -> TimelineId {
    let next = |timeline: TimelineId| TimelineId(timeline.0.saturating_add(1));
    let mut newest = from;
    while newest.0 < u32::MAX && histories.exists(next(newest)) {
        newest = next(newest);
    }
    newest
}
