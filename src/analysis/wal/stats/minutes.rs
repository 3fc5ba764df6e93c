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
    /// Before any time is told.
    before: Tally,
    minutes: Vec<(i64, Tally)>,
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
    /// Takes a record, and the time that it tells.
    #[inline]
    pub(super) fn record(&mut self, tally: Tally, time: Option<TimestampTz>) {
        if let Some(time) = time {
            let minute = time.0.div_euclid(MINUTE);
            if self.minutes.last().is_none_or(|(last, _)| *last != minute) {
                self.minutes.push((minute, Tally::default()));
            }
            self.first.get_or_insert(time);
            self.last = Some(time);
        }
        match self.minutes.last_mut() {
            Some((_, of)) => of.add(tally),
            None => self.before.add(tally),
        }
    }
}

impl Minutes {
    /// Takes those of the next segment.
    pub(super) fn add(&mut self, seen: &Seen) {
        match self.current {
            Some(minute) => self.told.entry(minute).or_default().add(seen.before),
            None => self.before.add(seen.before),
        }
        for (minute, tally) in &seen.minutes {
            self.told.entry(*minute).or_default().add(*tally);
        }
        if self.current.is_none()
            && let Some((first, _)) = seen.minutes.first()
        {
            self.told.entry(*first).or_default().add(std::mem::take(&mut self.before));
        }
        self.current = seen.minutes.last().map(|(last, _)| *last).or(self.current);
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
        let one = Tally { count: 1, record_size: 1, fpi_size: 0 };
        let (mut first, mut second) = (Seen::default(), Seen::default());
        first.record(one, None);
        first.record(one, Some(TimestampTz(5 * MINUTE + 1)));
        first.record(one, None);
        second.record(one, None);
        second.record(one, Some(TimestampTz(7 * MINUTE)));
        let mut minutes = Minutes::default();
        minutes.add(&first);
        minutes.add(&second);
        let counts: Vec<_> = minutes.finish().into_iter().map(|(at, of)| (at, of.count)).collect();
        let at = |minute: i64| Some(TimestampTz(minute * MINUTE));
        assert_eq!(counts, [(at(5), 4), (at(7), 1)]);
    }
}
