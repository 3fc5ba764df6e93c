//! Timeline history files, pg_wal/NNNNNNNN.history (`readTimeLineHistory`,
//! access/transam/timeline.c): the timelines a timeline came from, and where it left each.
use crate::types::{Lsn, TimelineId};
use serde::Serialize;

/// A timeline that history went through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryEntry {
    /// The timeline.
    pub timeline: TimelineId,
    /// Where the next one left it.
    pub switchpoint: Lsn,
    /// Why, in the server's words.
    pub reason: String,
}

/// Why the server refuses a history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("timeline history at {at:#x}: {rule}")]
pub struct HistoryError {
    /// Where the line begins: bytes from the start of the file.
    pub at: u64,
    /// The line, without its end.
    pub line: String,
    /// What it breaks.
    pub rule: HistoryRule,
}

/// What a history has to keep to, as the server's hints have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HistoryRule {
    /// A line begins with a number.
    #[error("Expected a numeric timeline ID.")]
    Timeline,
    /// A position follows.
    #[error("Expected a write-ahead log switchpoint location.")]
    Switchpoint,
    /// Each timeline is newer than that of the line before.
    #[error("Timeline IDs must be in increasing sequence.")]
    Order,
    /// All are older than the timeline whose history it is.
    #[error("Timeline IDs must be less than child timeline's ID.")]
    Child,
}

/// Bytes of a line that the server reads at a time: `MAXPGPATH`, less the end of the string.
const LONGEST_LINE: usize = 1023;

/// Reads a whole file, the history of `child`, oldest timeline first.
///
/// # Errors
/// The first line that the server refuses.
pub fn parse(bytes: &[u8], child: TimelineId) -> Result<Vec<HistoryEntry>, HistoryError> {
    let mut entries: Vec<HistoryEntry> = Vec::new();
    let (mut at, mut last) = (0_u64, "".as_bytes());
    let refused = |at, line: &[u8], rule| {
        let line = String::from_utf8_lossy(line).trim_end_matches('\n').to_owned();
        HistoryError { at, line, rule }
    };
    for read in lines(bytes) {
        // To the server a line ends with its first zero.
        let line = read.split(|&byte| byte == 0).next().unwrap_or_default();
        let begin = line.iter().copied().find(|byte| !is_space(*byte));
        if begin.is_some_and(|byte| byte != b'#') {
            let entry = entry(line).map_err(|rule| refused(at, line, rule))?;
            if entries.last().is_some_and(|last| entry.timeline <= last.timeline) {
                return Err(refused(at, line, HistoryRule::Order));
            }
            entries.push(entry);
            last = line;
        }
        at = at.saturating_add(read.len() as u64);
    }
    if entries.last().is_some_and(|last| child <= last.timeline) {
        return Err(refused(at, last, HistoryRule::Child));
    }
    Ok(entries)
}

/// What `fgets` gives, one after the other.
fn lines(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let most = bytes.get(..LONGEST_LINE).unwrap_or(bytes);
        let end = most.iter().position(|&byte| byte == b'\n');
        let len = end.map_or(most.len(), |end| end.saturating_add(1));
        let (line, rest) = bytes.split_at_checked(len)?;
        bytes = rest;
        (!line.is_empty()).then_some(line)
    })
}

fn entry(line: &[u8]) -> Result<HistoryEntry, HistoryRule> {
    let (timeline, rest) = number(line, 10).ok_or(HistoryRule::Timeline)?;
    let place = number(rest, 16).and_then(|(high, rest)| {
        let (low, rest) = number(rest.strip_prefix(b"/")?, 16)?;
        Some((Lsn(u64::from(high) << 32 | u64::from(low)), rest))
    });
    let (switchpoint, rest) = place.ok_or(HistoryRule::Switchpoint)?;
    let reason = String::from_utf8_lossy(rest).trim().to_owned();
    Ok(HistoryEntry { timeline: TimelineId(timeline), switchpoint, reason })
}

/// The number that `sscanf` reads at the start, behind spaces, and what is behind it.
fn number(text: &[u8], radix: u32) -> Option<(u32, &[u8])> {
    let text = text.get(text.iter().position(|byte| !is_space(*byte))?..)?;
    let is_digit = |byte: &u8| char::from(*byte).is_digit(radix);
    let (digits, rest) =
        text.split_at_checked(text.iter().take_while(|byte| is_digit(byte)).count())?;
    let digits = str::from_utf8(digits).ok()?;
    Some((u32::from_str_radix(digits, radix).ok()?, rest))
}

/// `isspace` of the C locale.
const fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

#[cfg(test)]
mod tests {
    use super::{HistoryRule, parse};
    use crate::types::{Lsn, TimelineId};

    #[test]
    fn history_is_read_line_by_line() {
        let file = b"# comment\n1\t0/3000110\tno recovery target specified\n\n2\t0/5000000\t\n";
        let entries = parse(file, TimelineId(3)).unwrap();
        let found: Vec<_> = entries.iter().map(|e| (e.timeline, e.switchpoint)).collect();
        assert_eq!(found, [(TimelineId(1), Lsn(0x300_0110)), (TimelineId(2), Lsn(0x500_0000))]);
        assert_eq!(entries[0].reason, "no recovery target specified");
    }

    /// What servers say of such lines is in the copies of tests/replay.
    #[test]
    fn a_line_that_is_refused_is_given_with_its_place() {
        let refused = |file: &[u8]| {
            let error = parse(file, TimelineId(3)).unwrap_err();
            (error.at, error.line, error.rule)
        };
        let order = refused(b"2\t0/1\tx\n1\t0/2\tx\n");
        assert_eq!(order, (8, "1\t0/2\tx".to_owned(), HistoryRule::Order));
        assert_eq!(refused(b"x\t0/1\t\n").2, HistoryRule::Timeline);
        assert_eq!(refused(b"1\n").2, HistoryRule::Switchpoint);
        assert_eq!(refused(b"1\t0/1\n3\t0/2\n").2, HistoryRule::Child);
    }

    #[test]
    fn zeros_say_nothing() {
        assert_eq!(parse(&[0; 5000], TimelineId(2)).unwrap(), []);
    }
}
