//! Text as a terminal shows it: how wide it is, and nothing in it that drives the terminal.
use std::fmt::Write as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Columns that `text` takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// `text` with everything escaped that would move the cursor, colour, ring, or reorder what is
/// shown: names come from the input, and the input is hostile.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            _ if c.is_control() || reorders_or_hides(c) => {
                // Writing to a String cannot fail.
                let _ = write!(safe, "{}", c.escape_unicode());
            }
            _ => safe.push(c),
        }
    }
    safe
}

/// Directional controls, line separators, invisible characters, tags.
const fn reorders_or_hides(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `text` in at most `room` columns, its middle replaced by `…` if it does not fit: names differ at
/// their ends.
pub fn shorten(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let free = room.saturating_sub(1);
    let head = prefix(text.chars(), free.div_ceil(2));
    let tail: String = prefix(text.chars().rev(), free.saturating_sub(width(&head)));
    head + "…" + &tail.chars().rev().collect::<String>()
}

/// The first characters that fit in `room` columns.
fn prefix(chars: impl Iterator<Item = char>, room: usize) -> String {
    let mut left = room;
    let fits = |c: &char| match left.checked_sub(c.width().unwrap_or(0)) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    chars.take_while(fits).collect()
}

/// `text` broken at spaces into lines of at most `room` columns; a longer word has its own line.
pub(super) fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if width(line) + 1 + width(word) <= room {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// `text` in lines of at most `room` columns; words that are longer are broken.
pub(super) fn fold(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in wrap(text, room) {
        let mut rest = String::new();
        for c in line.chars() {
            if width(&rest) + width(c.encode_utf8(&mut [0; 4])) > room {
                lines.push(std::mem::take(&mut rest));
            }
            rest.push(c);
        }
        lines.push(rest);
    }
    lines.retain(|line| !line.is_empty());
    lines
}

#[cfg(test)]
mod tests {
    use super::{escape, fold, shorten, width, wrap};

    #[test]
    fn values_break_where_they_must() {
        assert_eq!(fold("{abcdef .. ghij}", 5), ["{abcd", "ef", "..", "ghij}"]);
        assert_eq!(fold("表表", 1), ["表", "表"]);
        assert_eq!(fold("", 5), [""; 0]);
    }

    #[test]
    fn hostile_names_cannot_drive_the_terminal() {
        assert_eq!(escape("a\x1b[2Jb\u{9b}c\nd"), "a\\u{1b}[2Jb\\u{9b}c\\nd");
        assert_eq!(escape("x\u{202e}y\u{200b}"), "x\\u{202e}y\\u{200b}");
        assert_eq!(escape("tabelle_äöü_表"), "tabelle_äöü_表");
    }

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(shorten("lab.public.accounts", 10), "lab.p…unts");
        assert_eq!(shorten("short", 10), "short");
        assert_eq!(shorten("表表表表表", 6), "表…表");
        for room in 0..12 {
            assert!(width(&shorten("表a表b表c表d", room)) <= room.max(1));
        }
    }

    #[test]
    fn paragraphs_break_at_spaces() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensible x", 5), ["incomprehensible", "x"]);
        assert_eq!(wrap("", 5), [""]);
    }
}
