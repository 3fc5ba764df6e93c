//! Points in time: PostgreSQL's own epoch (utils/timestamp.h) and Unix time (pgtime.h).
use std::fmt;

/// `TimestampTz`: microseconds since 2000-01-01 00:00 UTC. Displays as the server does with
/// TimeZone UTC; the two infinities by name, what no calendar holds as the bare number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TimestampTz(pub i64);

/// `pg_time_t`: seconds since 1970-01-01 00:00 UTC. Displays in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UnixTime(pub i64);

/// Seconds from the Unix epoch to PostgreSQL's.
const POSTGRES_EPOCH: i64 = 946_684_800;

impl TimestampTz {
    /// `DT_NOBEGIN`.
    pub const NEG_INFINITY: Self = Self(i64::MIN);
    /// `DT_NOEND`.
    pub const INFINITY: Self = Self(i64::MAX);

    /// The instant, `None` for the infinities and beyond the years -9999 to 9999.
    pub fn instant(self) -> Option<jiff::Timestamp> {
        let micros = self.0.checked_add(POSTGRES_EPOCH.checked_mul(1_000_000)?)?;
        jiff::Timestamp::from_microsecond(micros).ok()
    }

    /// From Unix time; `None` beyond what microseconds can count.
    pub fn of_unix(time: UnixTime) -> Option<Self> {
        time.0.checked_sub(POSTGRES_EPOCH)?.checked_mul(1_000_000).map(Self)
    }

    /// The second that it falls in, cut towards 2000 (`timestamptz_to_time_t`).
    pub fn whole_second(self) -> Option<jiff::Timestamp> {
        (self.0 / 1_000_000).checked_add(POSTGRES_EPOCH).map(UnixTime)?.instant()
    }
}

impl From<jiff::Timestamp> for TimestampTz {
    fn from(instant: jiff::Timestamp) -> Self {
        Self(instant.as_microsecond().saturating_sub(POSTGRES_EPOCH.saturating_mul(1_000_000)))
    }
}

impl UnixTime {
    /// The instant, `None` beyond the years -9999 to 9999.
    pub fn instant(self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_second(self.0).ok()
    }
}

impl fmt::Display for TimestampTz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (*self, self.instant()) {
            (Self::INFINITY, _) => f.pad("infinity"),
            (Self::NEG_INFINITY, _) => f.pad("-infinity"),
            (_, Some(at)) => f.pad(&at.strftime("%Y-%m-%d %H:%M:%S%.f+00").to_string()),
            (_, None) => write!(f, "{} microseconds after 2000-01-01", self.0),
        }
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.instant() {
            Some(at) => f.pad(&at.strftime("%Y-%m-%d %H:%M:%S+00").to_string()),
            None => write!(f, "{} seconds after 1970-01-01", self.0),
        }
    }
}

super::text!(TimestampTz);

super::text!(UnixTime);

#[cfg(test)]
mod tests {
    use super::{TimestampTz, UnixTime};

    #[test]
    fn times_are_written_as_timestamptz_out_writes_them_in_utc() {
        assert_eq!(TimestampTz(0).to_string(), "2000-01-01 00:00:00+00");
        assert_eq!(TimestampTz(848_534_400_120_000).to_string(), "2026-11-21 00:00:00.12+00");
        assert_eq!(TimestampTz::INFINITY.to_string(), "infinity");
        assert_eq!(UnixTime(0).to_string(), "1970-01-01 00:00:00+00");
        assert!(TimestampTz(i64::MAX - 1).to_string().contains("microseconds"));
    }
}
