//! How far ids are from wrapping around (`SetTransactionIdLimit`, access/transam/varsup.c;
//! `SetMultiXactIdLimit`, access/transam/multixact.c; `vacuum_xid_failsafe_check`, vacuum.c).
use crate::layout::Wraparound as Distances;
use crate::report::doc::Tone;
use crate::report::wraparound::{Age, Limits};

/// Ids from an old one to the one at which it would be in the future (`MaxTransactionId >> 1`).
const WRAP: u32 = 0x7fff_ffff;

/// From which age on something worries.
#[derive(Debug, Clone, Copy)]
pub struct Marks {
    /// Warning, in ids.
    pub warning: u32,
    /// Critical, in ids.
    pub critical: u32,
}

/// Judges an age that `age()` or `mxid_age()` gave.
pub fn judge(age: i32, freeze_max_age: u32, failsafe_age: Option<u32>, marks: Marks) -> Age {
    // Permanent ids have no age that could pass anything.
    let counted = if age == i32::MAX { 0 } else { u32::try_from(age).unwrap_or(0) };
    let percent = |of: u32| 100.0 * f64::from(counted) / f64::from(of.max(1));
    // No failsafe comes before autovacuum had its chance: 105 % of its age at least.
    let least = u64::from(freeze_max_age) * 105 / 100;
    let failsafe = failsafe_age.map(|age| u64::from(counted) > u64::from(age).max(least));
    let level = match counted {
        age if age > marks.critical => Tone::Critical,
        age if age > marks.warning => Tone::Warning,
        _ => Tone::Plain,
    };
    Age {
        age,
        freeze_max_age,
        percent_towards_freeze: percent(freeze_max_age),
        percent_towards_wraparound: percent(WRAP),
        failsafe,
        level,
    }
}

/// Distances when the oldest counter of all is `age` old: those of transaction ids and multixacts.
pub fn limits(age: i32, (warn, stop): (u32, u32), database: &str) -> Limits {
    let left = i64::from(WRAP) - i64::from(age);
    Limits {
        until_warning: left - i64::from(warn),
        until_stop: left - i64::from(stop),
        until_wraparound: left,
        database: database.to_owned(),
    }
}

/// Warning and stop distance of transaction ids.
pub fn xid_distances(distances: &Distances) -> (u32, u32) {
    (distances.xid_warn, distances.xid_stop)
}

/// Warning and stop distance of multixacts.
pub fn multi_distances(distances: &Distances) -> (u32, u32) {
    (distances.multi_warn, distances.multi_stop)
}

#[cfg(test)]
mod tests {
    use super::{Marks, judge, limits};
    use crate::report::doc::Tone;

    const MARKS: Marks = Marks { warning: 1_000_000_000, critical: 1_500_000_000 };

    /// A server of 19 said "must be vacuumed within 90000000 transactions" of such a database,
    /// and gave no warning 20 million earlier.
    #[test]
    fn distances_are_the_ones_the_server_counts_down() {
        let limits = limits(2_147_483_647 - 90_000_000, (100_000_000, 3_000_000), "postgres");
        assert_eq!(limits.until_wraparound, 90_000_000);
        assert_eq!((limits.until_warning, limits.until_stop), (-10_000_000, 87_000_000));
    }

    #[test]
    fn the_failsafe_never_comes_before_autovacuum() {
        let failsafe = |age, max| judge(age, max, Some(1_600_000_000), MARKS).failsafe.unwrap();
        assert!(failsafe(1_600_000_001, 200_000_000) && !failsafe(1_600_000_000, 200_000_000));
        assert!(!failsafe(1_700_000_000, 1_900_000_000));
    }

    #[test]
    fn levels_are_passed_not_reached() {
        let level = |age| judge(age, 200_000_000, None, MARKS).level;
        assert_eq!((level(1_000_000_000), level(1_000_000_001)), (Tone::Plain, Tone::Warning));
        assert_eq!((level(1_500_000_001), level(i32::MAX)), (Tone::Critical, Tone::Plain));
    }
}
