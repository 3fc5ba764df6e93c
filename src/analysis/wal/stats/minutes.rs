//! When: each record belongs to the minute of the last time that a record before it, or it itself,
//! tells; records before the first of these to the minute of that one.
use crate::report::wal::stats::Tally;
use crate::types::TimestampTz;
use std::collections::BTreeMap;

/// Microseconds.
const MINUTE: i64 = 60_000_000;

/// Minutes of one segment.
#[derive(Default)]
pub(super) struct Seen {
    /// Each with all of the segment that is before it.
    begun: Vec<(i64, Tally)>,
    /// All of the segment.
    totals: Tally,
    first: Option<TimestampTz>,
    last: Option<TimestampTz>,
}

/// Minutes put together.
#[derive(Default)]
pub(super) struct Minutes {
    before: Tally,
    told: BTreeMap<i64, Tally>,
    current: Option<i64>,
    pub(super) first: Option<TimestampTz>,
    pub(super) last: Option<TimestampTz>,
}

impl Seen {
    /// Takes the time that a record tells; the segment has what `before` gives before it.
    #[inline]
    pub(super) fn time(&mut self, time: TimestampTz, before: impl FnOnce() -> Tally) {
        self.first.get_or_insert(time);
        self.last = Some(time);
        // Most are of the minute before, which takes no division to see.
        let start = self.begun.last().map(|(last, _)| last.saturating_mul(MINUTE));
        if start.is_none_or(|start| !(0..MINUTE).contains(&time.0.wrapping_sub(start))) {
            self.begun.push((time.0.div_euclid(MINUTE), before()));
        }
    }

    /// Takes what the segment has in all.
    pub(super) const fn end(&mut self, totals: Tally) {
        self.totals = totals;
    }

    /// Before any time is told.
    fn before(&self) -> Tally {
        self.begun.first().map_or(self.totals, |(_, before)| *before)
    }

    fn minutes(&self) -> impl Iterator<Item = (i64, Tally)> {
        let ends = self.begun.iter().skip(1).map(|(_, before)| *before).chain([self.totals]);
        self.begun.iter().zip(ends).map(|((minute, before), end)| (*minute, end.less(*before)))
    }
}

impl Minutes {
    /// Takes those of the next segment.
    pub(super) fn add(&mut self, seen: &Seen) {
        match self.current {
            Some(minute) => self.told.entry(minute).or_default().add(seen.before()),
            None => self.before.add(seen.before()),
        }
        for (minute, tally) in seen.minutes() {
            self.told.entry(minute).or_default().add(tally);
        }
        if self.current.is_none()
            && let Some((first, _)) = seen.begun.first()
        {
            self.told.entry(*first).or_default().add(std::mem::take(&mut self.before));
        }
        self.current = seen.begun.last().map(|(last, _)| *last).or(self.current);
        self.first = self.first.or(seen.first);
        self.last = seen.last.or(self.last);
    }

    /// By when each begins; of records without any time, `None`.
    pub(super) fn finish(self) -> Vec<(Option<TimestampTz>, Tally)> {
        let begins = |minute: i64| Some(TimestampTz(minute.saturating_mul(MINUTE)));
        let none = (self.before.count > 0).then_some((None, self.before));
        let all = self.told.into_iter().filter(|(_, tally)| tally.count > 0);
        none.into_iter().chain(all.map(|(minute, tally)| (begins(minute), tally))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{MINUTE, Minutes, Seen};
    use crate::report::wal::stats::Tally;
    use crate::types::TimestampTz;

    #[test]
    fn a_record_belongs_to_the_last_minute_told_across_segments() {
        let records = |count: u64| Tally { count, record_size: count, fpi_size: 0 };
        let (mut first, mut second) = (Seen::default(), Seen::default());
        first.time(TimestampTz(5 * MINUTE + 1), || records(1));
        first.end(records(3));
        second.time(TimestampTz(7 * MINUTE), || records(1));
        second.end(records(2));
        let mut minutes = Minutes::default();
        minutes.add(&first);
        minutes.add(&second);
        let counts: Vec<_> = minutes.finish().into_iter().map(|(at, of)| (at, of.count)).collect();
        let at = |minute: i64| Some(TimestampTz(minute * MINUTE));
        assert_eq!(counts, [(at(5), 4), (at(7), 1)]);
    }
}
