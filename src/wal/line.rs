//! A timeline and those it came from, with the end of each.
use super::histories::Histories;
use super::log::Timelines;
use crate::format::wal::SegmentNumber;
use crate::types::{Lsn, TimelineId};
use std::collections::BTreeMap;

/// The timelines that are followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// By timeline, where the next one left it; the newest has no end.
    ends: BTreeMap<TimelineId, Option<Lsn>>,
    /// Whether files count that go on behind the end of their timeline, where there is none of the
    /// next one: as recovery takes them (`XLogFileReadAnyTLI`, access/transam/xlogrecovery.c).
    beyond: bool,
}

impl Line {
    /// The line for `files`, each a timeline and a segment. Where the history of a timeline is not
    /// there, its first segment tells where it left the one before.
    pub(super) fn new(
        files: impl Iterator<Item = (TimelineId, SegmentNumber)>,
        timelines: Timelines,
        histories: &Histories,
        segment_size: u32,
    ) -> Self {
        let mut firsts: BTreeMap<TimelineId, SegmentNumber> = BTreeMap::new();
        for (timeline, number) in files {
            let first = firsts.entry(timeline).or_insert(number);
            *first = number.min(*first);
        }
        let mut ends = BTreeMap::new();
        let newest = match timelines {
            Timelines::Only(timeline) => {
                ends.insert(timeline, None);
                return Self { ends, beyond: false };
            }
            Timelines::Latest => firsts.keys().next_back().copied(),
            Timelines::To(timeline) => Some(timeline),
        };
        let (mut timeline, mut end) = (newest, None);
        while let Some(this) = timeline {
            ends.insert(this, end);
            if let Some(history) = histories.of(this) {
                ends.extend(history.iter().map(|entry| (entry.timeline, Some(entry.switchpoint))));
                break;
            }
            if matches!(timelines, Timelines::To(_)) {
                // Without its history, recovery knows of no timeline before it.
                break;
            }
            let left = firsts.get(&this).map(|first| first.start(segment_size));
            let before = firsts
                .range(..this)
                .filter(|(_, first)| left.is_some_and(|left| first.start(segment_size) <= left));
            timeline = before.map(|(timeline, _)| *timeline).next_back();
            // Its records up to the switch are in the newer timeline's file.
            end = left;
        }
        Self { ends, beyond: matches!(timelines, Timelines::To(_)) }
    }

    /// Whether a file of `timeline` for the segment belongs to it: the segment begins before the
    /// timeline's end.
    pub(super) fn allows(
        &self,
        timeline: TimelineId,
        segment: SegmentNumber,
        segment_size: u32,
    ) -> bool {
        if self.beyond {
            let begin = self.ends.range(..timeline).next_back().and_then(|(_, end)| *end);
            let reaches = begin.is_none_or(|begin| begin < segment.next().start(segment_size));
            return reaches && self.ends.contains_key(&timeline);
        }
        match self.ends.get(&timeline) {
            None => false,
            Some(None) => true,
            Some(Some(end)) => segment.start(segment_size) < *end,
        }
    }

    /// The timelines, oldest first, each with where the next one left it.
    pub fn timelines(&self) -> impl DoubleEndedIterator<Item = (TimelineId, Option<Lsn>)> {
        self.ends.iter().map(|(timeline, end)| (*timeline, *end))
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Timelines};
    use crate::format::wal::SegmentNumber;
    use crate::types::TimelineId;
    use crate::wal::histories::Histories;

    const SIZE: u32 = 1 << 20;

    fn line(histories: &[(u32, &str)], timelines: Timelines) -> Line {
        // Timeline 2 left 1 in segment 5, timeline 3 left 2 in segment 7; 1 and 2 went on.
        let of = |timeline, range: std::ops::Range<u64>| {
            range.map(move |number| (TimelineId(timeline), SegmentNumber(number)))
        };
        let files = of(1, 1..10).chain(of(2, 5..12)).chain(of(3, 7..9));
        Line::new(files, timelines, &Histories::of_texts(histories), SIZE)
    }

    fn allowed(line: &Line, timeline: u32) -> Vec<u64> {
        let allows = |number: &u64| line.allows(TimelineId(timeline), SegmentNumber(*number), SIZE);
        (0..14).filter(allows).collect()
    }

    #[test]
    fn without_histories_the_first_segment_of_a_timeline_ends_the_one_before() {
        let line = line(&[], Timelines::Latest);
        assert_eq!(allowed(&line, 1), [0, 1, 2, 3, 4]);
        assert_eq!(allowed(&line, 2), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(allowed(&line, 3).len(), 14);
    }

    #[test]
    fn a_history_may_say_that_a_timeline_in_between_is_of_another_branch() {
        let line = line(&[(3, "1\t0/790000\tno recovery target specified\n")], Timelines::Latest);
        assert_eq!(allowed(&line, 1), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert!(allowed(&line, 2).is_empty());
    }

    #[test]
    fn a_pinned_timeline_is_alone() {
        let line = line(&[], Timelines::Only(TimelineId(2)));
        assert_eq!((allowed(&line, 1).len(), allowed(&line, 2).len()), (0, 14));
    }
}
