//! Names of files with WAL, as the server and archiving tools write them.
//!
//! ```text
//! 000000010000000000000005                                 the server; barman, compressed or not
//! 000000010000000000000005.partial                         the server, pg_receivewal
//! 000000010000000000000005.gz, .gz.partial                 pg_receivewal --compress
//! 000000010000000000000005.lz4                             WAL-G
//! 000000010000000000000005-9c…40 digits…e1.zst             pgBackRest
//! 000000010000000000000005.partial-9c…40 digits…e1.zst     pgBackRest
//! ```
use crate::format::wal::SegmentName;
use crate::types::TimelineId;

/// What the name of a file says is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WalFileName {
    /// A segment.
    Segment {
        /// Which.
        name: SegmentName,
        /// Whether it was given up before it was full, or is still being received.
        partial: bool,
    },
    /// The history of a timeline.
    History(TimelineId),
}

/// Suffixes of compressed files. What is in the file decides how it is read.
const COMPRESSED: [&str; 9] =
    [".gz", ".lz4", ".zst", ".zstd", ".bz2", ".xz", ".lzma", ".br", ".snappy"];
/// Digits of a SHA-1.
const SHA1: usize = 40;

impl WalFileName {
    /// What `name` says, without directories; `None` if it is not that of a segment or history.
    pub fn parse(name: &str) -> Option<Self> {
        let rest = strip_compression(name);
        let (rest, received) = match rest.strip_suffix(".partial") {
            Some(rest) => (strip_compression(rest), true),
            None => (rest, false),
        };
        let rest = strip_checksum(rest);
        if let Some(digits) = rest.strip_suffix(".history") {
            let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
            let is_one = !received && digits.len() == 8 && digits.bytes().all(digit);
            let timeline = is_one.then(|| u32::from_str_radix(digits, 16).ok())??;
            return Some(Self::History(TimelineId(timeline)));
        }
        let (rest, archived) = match rest.strip_suffix(".partial") {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let partial = received || archived;
        SegmentName::parse(rest).map(|name| Self::Segment { name, partial })
    }
}

fn strip_compression(name: &str) -> &str {
    COMPRESSED.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name)
}

fn strip_checksum(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((rest, sum)) if sum.len() == SHA1 && sum.bytes().all(|b| b.is_ascii_hexdigit()) => {
            rest
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::WalFileName;
    use crate::format::wal::SegmentName;
    use crate::types::TimelineId;

    const NAME: &str = "00000001000000020000000A";

    #[test]
    fn archiving_tools_add_to_the_name_of_a_segment() {
        let sha1 = "9c1185a5c5e9fc54612808977ee8f548b2258d31";
        let name = SegmentName { timeline: TimelineId(1), log: 2, segment: 10 };
        for (suffix, partial) in [
            ("", false),
            (".gz", false),
            (".zst", false),
            (".partial", true),
            (".partial.lz4", true),
            (".gz.partial", true),
            (&*format!("-{sha1}"), false),
            (&*format!("-{sha1}.lz4"), false),
            (&*format!(".partial-{sha1}.gz"), true),
        ] {
            let parsed = WalFileName::parse(&format!("{NAME}{suffix}"));
            assert_eq!(parsed, Some(WalFileName::Segment { name, partial }), "{suffix}");
        }
        for other in [".00000028.backup", ".done", ".tmp", "-abc.gz", ".gz.gz", "0"] {
            assert_eq!(WalFileName::parse(&format!("{NAME}{other}")), None, "{other}");
        }
    }

    #[test]
    fn histories_are_named_by_timeline() {
        for name in ["0000000A.history", "0000000A.history.gz"] {
            assert_eq!(WalFileName::parse(name), Some(WalFileName::History(TimelineId(10))));
        }
        for name in ["0000000A.history.partial", "A.history", "000000010000000200000003.history"] {
            assert_eq!(WalFileName::parse(name), None, "{name}");
        }
    }
}
