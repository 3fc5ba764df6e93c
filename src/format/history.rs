//! Timeline history files, pg_wal/NNNNNNNN.history (`readTimeLineHistory`,
//! access/transam/timeline.c): the timelines a timeline came from, and where it left each.
use super::error::{Fault, ParseError};
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

/// Reads a whole file, oldest timeline first.
///
/// # Errors
/// [`Fault::Text`] for a line that the server refuses, timelines out of order included.
pub fn parse(bytes: &[u8]) -> Result<Vec<HistoryEntry>, ParseError> {
    let mut entries: Vec<HistoryEntry> = Vec::new();
    let mut at = 0_u64;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let text = String::from_utf8_lossy(line);
        let text = text.trim();
        if !text.is_empty() && !text.starts_with('#') {
            let last = entries.last().map(|entry| entry.timeline);
            let entry = entry(text).filter(|entry| last.is_none_or(|last| entry.timeline > last));
            entries.push(entry.ok_or(ParseError {
                at,
                what: "timeline history",
                fault: Fault::Text { field: "line", form: "increasing TIMELINE, LSN, REASON" },
            })?);
        }
        at = at.saturating_add(line.len() as u64);
    }
    Ok(entries)
}

fn entry(line: &str) -> Option<HistoryEntry> {
    let (timeline, rest) = line.split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    let (switchpoint, reason) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some(HistoryEntry {
        timeline: TimelineId(timeline.parse().ok()?),
        switchpoint: switchpoint.parse().ok()?,
        reason: reason.trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::types::{Lsn, TimelineId};

    #[test]
    fn history_is_read_line_by_line() {
        let file = b"# comment\n1\t0/3000110\tno recovery target specified\n\n2\t0/5000000\t\n";
        let entries = parse(file).unwrap();
        let found: Vec<_> = entries.iter().map(|e| (e.timeline, e.switchpoint)).collect();
        assert_eq!(found, [(TimelineId(1), Lsn(0x300_0110)), (TimelineId(2), Lsn(0x500_0000))]);
        assert_eq!(entries[0].reason, "no recovery target specified");
    }

    #[test]
    fn timelines_must_increase() {
        let error = parse(b"2\t0/1\tx\n1\t0/2\tx\n").unwrap_err();
        assert_eq!(error.at, 8);
        assert!(parse(b"x\t0/1\t\n").is_err() && parse(b"1\n").is_err());
    }
}
