//! Segment files: their names and numbers (`XLogFileName` and the macros around it,
//! access/xlog_internal.h).
use crate::types::{Lsn, TimelineId};

/// The name of a segment file (`XLogFileName`): 24 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SegmentName {
    /// Timeline.
    pub timeline: TimelineId,
    /// The 64-bit segment number in two parts, as the name has it.
    pub log: u32,
    /// The second part.
    pub segment: u32,
}

impl SegmentName {
    /// Reads a file name; `None` if it is not that of a segment (`IsXLogFileName`).
    pub fn parse(name: &str) -> Option<Self> {
        let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
        if name.len() != 24 || !name.bytes().all(digit) {
            return None;
        }
        let part = |range| u32::from_str_radix(name.get(range)?, 16).ok();
        Some(Self { timeline: TimelineId(part(0..8)?), log: part(8..16)?, segment: part(16..24)? })
    }

    /// The segment's number, counted from the start of WAL (`XLogFromFileName`); `None` if no
    /// segment of that size has this name.
    pub fn number(self, segment_size: u32) -> Option<SegmentNumber> {
        let size = u64::from(segment_size);
        let per_id = size.is_power_of_two().then(|| (1_u64 << 32).checked_div(size))??;
        let segment = u64::from(self.segment);
        let before = u64::from(self.log).checked_mul(per_id)?;
        (segment < per_id).then(|| before.checked_add(segment).map(SegmentNumber))?
    }
}

/// `XLogSegNo`: which segment, counted from the start of WAL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SegmentNumber(pub u64);

impl SegmentNumber {
    /// The segment that holds `lsn`; segments are of `segment_size` bytes, a power of two.
    pub const fn of(lsn: Lsn, segment_size: u32) -> Self {
        Self(lsn.0 >> segment_size.trailing_zeros())
    }

    /// Its first byte; saturates at the end of WAL.
    pub const fn start(self, segment_size: u32) -> Lsn {
        Lsn(self.0.saturating_mul(segment_size as u64))
    }

    /// The segment after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The name of its file on `timeline`.
    pub fn file_name(self, timeline: TimelineId, segment_size: u32) -> String {
        segment_name(self.start(segment_size), timeline, segment_size)
    }
}

/// The name of the file that holds `lsn`; `?` where the segment size is none.
pub fn segment_name(lsn: Lsn, timeline: TimelineId, segment_size: u32) -> String {
    lsn.wal_file_name(timeline, segment_size).unwrap_or_else(|| "?".to_owned())
}

#[cfg(test)]
mod tests {
    use super::SegmentName;
    use crate::types::{Lsn, TimelineId};

    #[test]
    fn only_24_digits_name_a_segment() {
        let name = SegmentName::parse("00000002000000010000000A").unwrap();
        assert_eq!((name.timeline, name.log, name.segment), (TimelineId(2), 1, 10));
        let number = name.number(16 << 20).unwrap();
        assert_eq!(number.start(16 << 20), Lsn(0x1_0A00_0000));
        assert_eq!(number.file_name(TimelineId(2), 16 << 20), "00000002000000010000000A");
        assert_eq!(name.number(1 << 30), None, "four segments of 1 GB have these digits");
        for other in
            ["00000002.history", "00000002000000010000000A.partial", "00000002000000010000000a"]
        {
            assert_eq!(SegmentName::parse(other), None, "{other}");
        }
    }
}
