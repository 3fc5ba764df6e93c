//! Positions in WAL (access/xlogdefs.h).
use std::fmt;
use std::str::FromStr;

super::number!(
    /// Timeline, from 1.
    TimelineId(u32)
);

/// Byte position in WAL (`XLogRecPtr`), 0 is `InvalidXLogRecPtr`. Displays as `16/B374D848`;
/// `{:#}` pads the low half to eight digits, as PostgreSQL 19 does (`LSN_FORMAT_ARGS`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Lsn(pub u64);

impl Lsn {
    /// `InvalidXLogRecPtr`: no position.
    pub const INVALID: Self = Self(0);

    /// Name of the WAL segment that holds this position (`XLogFileName`,
    /// access/xlog_internal.h); `None` for a segment size that is not a power of two in 32 bits.
    pub fn wal_file_name(self, timeline: TimelineId, segment_size: u32) -> Option<String> {
        let size = u64::from(segment_size);
        let per_id = size.is_power_of_two().then(|| (1_u64 << 32) / size)?;
        let segment = self.0 / size;
        Some(format!("{:08X}{:08X}{:08X}", timeline.0, segment / per_id, segment % per_id))
    }

    /// The position `bytes` further on; saturates at the end of WAL.
    #[must_use]
    pub const fn plus(self, bytes: u32) -> Self {
        Self(self.0.saturating_add(bytes as u64))
    }

    /// Whether this is a position at all.
    pub const fn is_valid(self) -> bool {
        self.0 != 0
    }
}

impl fmt::Display for Lsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (high, low) = (self.0 >> 32, self.0 & 0xffff_ffff);
        if f.alternate() { write!(f, "{high:X}/{low:08X}") } else { write!(f, "{high:X}/{low:X}") }
    }
}

super::text!(Lsn);

/// Text that is not `X/X` with at most eight hexadecimal digits on either side.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an LSN: expected two hexadecimal numbers with a slash, such as 0/16B3740")]
pub struct NotAnLsn(String);

impl FromStr for Lsn {
    type Err = NotAnLsn;

    fn from_str(text: &str) -> Result<Self, NotAnLsn> {
        let half = |digits: &str| match digits.len() {
            1..=8 if digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
                u64::from_str_radix(digits, 16).ok()
            }
            _ => None,
        };
        text.split_once('/')
            .and_then(|(high, low)| Some(Self(half(high)? << 32 | half(low)?)))
            .ok_or_else(|| NotAnLsn(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Lsn, TimelineId};

    #[test]
    fn a_wal_file_is_named_by_timeline_and_segment() {
        let name = |lsn, size| Lsn(lsn).wal_file_name(TimelineId(1), size);
        assert_eq!(name(0x0174_FED8, 16 << 20).as_deref(), Some("000000010000000000000001"));
        assert_eq!(name(0xFF_CB98, 1 << 20).as_deref(), Some("00000001000000000000000F"));
        assert_eq!(name(0x2_4000_0000, 1 << 30).as_deref(), Some("000000010000000200000001"));
        assert_eq!(name(1, 0), None);
    }

    #[test]
    fn an_lsn_is_written_as_pg_lsn_writes_it() {
        let lsn: Lsn = "16/B374D848".parse().unwrap();
        assert_eq!(lsn, Lsn(0x16_B374_D848));
        assert_eq!(Lsn(0x0500_0028).to_string(), "0/5000028");
        assert_eq!(format!("{:#}", Lsn(0x0500_0028)), "0/05000028");
        assert!("16/B374D8481".parse::<Lsn>().is_err() && "/1".parse::<Lsn>().is_err());
        assert!("+1/1".parse::<Lsn>().is_err());
    }
}
