//! Bytes with what they mean: beside each other where there is room, else what they mean below.
use super::escape;
use super::paint::Paint;
use super::width::{fold, width};
use crate::report::doc::{Bytes, BytesOf, Tone};

/// From this width on, field, value and meaning have columns of their own.
const WIDE: usize = 120;
/// From this width on, sixteen bytes are on a line.
const WIDER: usize = 150;
/// Lines of bytes, at most.
const LINES: usize = 8;
/// Columns of the offset.
const AT: usize = 5;
/// Columns between columns.
const GAP: usize = 2;

/// How a part is laid out.
struct Columns {
    /// Bytes on a line.
    bytes: usize,
    /// Columns of field and value; `None` if all is in one.
    split: Option<(usize, usize)>,
    /// Columns of the last.
    last: usize,
}

/// The lines of one structure in at most `room` columns; its title is not among them.
pub(super) fn lines(part: &BytesOf, room: usize, paint: Paint) -> Vec<String> {
    let bytes = if room >= WIDER { 16 } else { 8 };
    let before = AT + GAP + digits_width(bytes) + GAP;
    let columns = if room < WIDE {
        Columns { bytes, split: None, last: room.saturating_sub(before).max(20) }
    } else {
        let split = if room >= WIDER { (24, 30) } else { (20, 24) };
        let last = room.saturating_sub(before + split.0 + split.1 + 2 * GAP);
        Columns { bytes, split: Some(split), last }
    };
    part.fields.iter().flat_map(|field| columns.field(field, paint)).collect()
}

/// Columns of so many bytes: two digits each, in groups of two bytes.
const fn digits_width(bytes: usize) -> usize {
    bytes * 2 + bytes / 2 - 1
}

impl Columns {
    fn field(&self, field: &Bytes, paint: Paint) -> Vec<String> {
        let bytes = self.digits(&field.digits);
        let (name, value) = (escape(&field.field), escape(&field.value));
        let meaning = fold(&escape(&field.meaning), self.last);
        let faint = |line: &String| paint.tone(Tone::Faint, line);
        let text: Vec<String> = match self.split {
            None => {
                let value = if value.is_empty() { name } else { format!("{name}: {value}") };
                let value = fold(&value, self.last);
                value.into_iter().chain(meaning.iter().map(faint)).collect()
            }
            Some((names, values)) => {
                let (name, value) = (fold(&name, names), fold(&value, values));
                let lines = name.len().max(value.len()).max(meaning.len());
                let cell = |lines: &[String], at: usize, columns: usize| {
                    let text = lines.get(at).map_or("", String::as_str);
                    format!("{text}{:1$}", "", columns.saturating_sub(width(text)) + GAP)
                };
                let line = |at: usize| {
                    let meaning = meaning.get(at).map(faint).unwrap_or_default();
                    cell(&name, at, names) + &cell(&value, at, values) + &meaning
                };
                (0..lines).map(line).collect()
            }
        };
        let room = digits_width(self.bytes);
        let line = |at: usize| {
            let offset = if at == 0 { field.at.to_string() } else { String::new() };
            let bytes = bytes.get(at).map_or("", String::as_str);
            let text = text.get(at).map_or("", String::as_str);
            format!("{offset:>AT$}  {bytes:room$}  {text}").trim_end().to_owned()
        };
        (0..bytes.len().max(text.len())).map(line).collect()
    }

    /// The bytes, line by line; of many, the first.
    fn digits(&self, digits: &str) -> Vec<String> {
        let count = digits.len() / 2;
        if count > self.bytes && digits.bytes().all(|digit| digit == b'0') {
            return vec![format!("{count} zeros")];
        }
        let line = |digits: &[u8]| {
            let groups: Vec<_> = digits.chunks(4).map(String::from_utf8_lossy).collect();
            groups.join(" ")
        };
        let lines = digits.as_bytes().chunks(2 * self.bytes);
        let mut lines: Vec<_> = lines.take(LINES + 1).map(line).collect();
        if lines.len() > LINES {
            let left = count - (LINES - 1) * self.bytes;
            lines.truncate(LINES - 1);
            lines.push(format!("… {left} more"));
        }
        lines
    }
}
