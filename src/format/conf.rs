//! postgresql.conf and postgresql.auto.conf (utils/misc/guc-file.l): lines of `name = value`.
//!
//! Values stay text, without quotes; units, types and which of several settings wins are not
//! settled here. `include`, `include_if_exists` and `include_dir` come back as directives.
use serde::Serialize;

/// `guc-file.l` gives a file up after so many errors.
const MOST_ERRORS: usize = 100;

/// What one line says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Number of the line, from 1.
    pub line: u32,
    /// What it says.
    pub item: Item,
}

/// A setting, a directive, or what could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Item {
    /// `name = value`; the name as written, the server compares without case.
    Set {
        /// As written.
        name: String,
        /// Without quotes and escapes.
        value: String,
    },
    /// `include 'file'`: an error if it is not there.
    Include(String),
    /// `include_if_exists 'file'`.
    IncludeIfExists(String),
    /// `include_dir 'directory'`: its files that end in `.conf`, in order of their names.
    IncludeDir(String),
    /// A syntax error: the server would not start with this.
    Wrong {
        /// The token at which it is, `None` for the line's end.
        near: Option<String>,
    },
}

/// Reads a whole file, line by line, in order.
pub fn parse(bytes: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut errors = 0_usize;
    let mut number = 0_u32;
    for text in bytes.split(|&byte| byte == b'\n') {
        number = number.saturating_add(1);
        let Some(item) = item(text) else { continue };
        errors = errors.saturating_add(usize::from(matches!(item, Item::Wrong { .. })));
        lines.push(Line { line: number, item });
        if errors >= MOST_ERRORS {
            break;
        }
    }
    lines
}

/// What a line says, `None` for an empty one.
fn item(line: &[u8]) -> Option<Item> {
    let mut tokens = Tokens(line);
    let name = match tokens.next()? {
        Token::Name(name) => name,
        other => return Some(other.wrong()),
    };
    let mut value = tokens.next();
    if let Some(Token::Equals) = value {
        value = tokens.next();
    }
    let value = match value {
        Some(Token::Name(text) | Token::Value(text)) => text,
        Some(other) => return Some(other.wrong()),
        None => return Some(Item::Wrong { near: None }),
    };
    if let Some(extra) = tokens.next() {
        return Some(extra.wrong());
    }
    Some(match name.to_ascii_lowercase().as_str() {
        "include" => Item::Include(value),
        "include_if_exists" => Item::IncludeIfExists(value),
        "include_dir" => Item::IncludeDir(value),
        _ => Item::Set { name, value },
    })
}

/// A token of the scanner.
enum Token {
    /// `ID` or `QUALIFIED_ID`: fit for a name, and for a value.
    Name(String),
    /// Any other value, quotes and escapes taken off.
    Value(String),
    /// `=`.
    Equals,
    /// What no rule matches.
    Error(String),
}

impl Token {
    fn wrong(self) -> Item {
        let near = match self {
            Self::Name(text) | Self::Value(text) | Self::Error(text) => text,
            Self::Equals => "=".to_owned(),
        };
        Item::Wrong { near: Some(near) }
    }
}

/// The tokens of a line.
struct Tokens<'a>(&'a [u8]);

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let blanks = leading(self.0, |byte| matches!(byte, b' ' | b'\t' | b'\r'));
        let rest = self.0.get(blanks..).unwrap_or_default();
        let (token, len) = match rest.first()? {
            b'#' => return None,
            b'=' => (Token::Equals, 1),
            b'\'' => quoted(rest),
            first if is_letter(*first) => word(rest),
            _ => number(rest),
        };
        self.0 = rest.get(len..).unwrap_or_default();
        Some(token)
    }
}

/// How many bytes at the start of `text` are of a kind.
fn leading(text: &[u8], is: impl Fn(u8) -> bool) -> usize {
    text.iter().position(|&byte| !is(byte)).unwrap_or(text.len())
}

const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

const fn is_letter_or_digit(byte: u8) -> bool {
    is_letter(byte) || byte.is_ascii_digit()
}

fn owned(text: &[u8], len: usize) -> String {
    String::from_utf8_lossy(text.get(..len).unwrap_or(text)).into_owned()
}

/// The longest of `ID`, `QUALIFIED_ID` and `UNQUOTED_STRING`; the first two on a tie.
fn word(text: &[u8]) -> (Token, usize) {
    let len = leading(text, |byte| is_letter_or_digit(byte) || b"-._:/".contains(&byte));
    let word = text.get(..len).unwrap_or(text);
    let mut parts = word.split(|&byte| byte == b'.');
    let is_id = |part: &[u8]| {
        part.first().is_some_and(|&first| is_letter(first))
            && part.iter().all(|&byte| is_letter_or_digit(byte))
    };
    let name = parts.by_ref().take(2).all(is_id) && parts.next().is_none();
    let token = if name { Token::Name } else { Token::Value };
    (token(owned(text, len)), len)
}

/// `INTEGER` with a unit, or `REAL`, whichever is longer.
fn number(text: &[u8]) -> (Token, usize) {
    let sign = leading(text.get(..1).unwrap_or_default(), |byte| matches!(byte, b'+' | b'-'));
    let digits = text.get(sign..).unwrap_or_default();
    let whole = leading(digits, |byte| byte.is_ascii_digit());
    let hex = digits
        .strip_prefix(b"0x")
        .map(|hex| leading(hex, |byte| byte.is_ascii_hexdigit()))
        .filter(|&hex| hex > 0)
        .map(|hex| hex.saturating_add(2));
    let integer = hex.unwrap_or(whole);
    let unit = digits.get(integer..).map_or(0, |unit| leading(unit, |b| b.is_ascii_alphabetic()));
    let integer = if integer > 0 { integer.saturating_add(unit) } else { 0 };
    let len = integer.max(real(digits, whole));
    if len == 0 {
        return (Token::Error(owned(text, 1)), 1);
    }
    let len = len.saturating_add(sign);
    (Token::Value(owned(text, len)), len)
}

/// Length of `digits . digits exponent`, 0 without the point.
fn real(digits: &[u8], whole: usize) -> usize {
    if digits.get(whole) != Some(&b'.') {
        return 0;
    }
    let point = whole.saturating_add(1);
    let after = digits.get(point..).unwrap_or_default();
    let end = point.saturating_add(leading(after, |byte| byte.is_ascii_digit()));
    let exponent = match digits.get(end..) {
        Some([b'e' | b'E', b'+' | b'-', rest @ ..]) => (2, rest),
        Some([b'e' | b'E', rest @ ..]) => (1, rest),
        _ => return end,
    };
    match leading(exponent.1, |byte| byte.is_ascii_digit()) {
        0 => end,
        digits => end.saturating_add(exponent.0).saturating_add(digits),
    }
}

/// `STRING` without its quotes and escapes (`DeescapeQuotedString`).
fn quoted(text: &[u8]) -> (Token, usize) {
    let mut value = Vec::new();
    let mut at = 1_usize;
    loop {
        let (byte, step) = match text.get(at..).unwrap_or_default() {
            [b'\'', b'\'', ..] => (b'\'', 2),
            [b'\'', ..] => break,
            [b'\\', rest @ ..] if !rest.is_empty() => escape(rest),
            [byte, ..] if *byte != b'\\' => (*byte, 1),
            // No closing quote on this line: the quote itself is what no rule matches.
            _ => return (Token::Error("'".to_owned()), 1),
        };
        value.push(byte);
        at = at.saturating_add(step);
    }
    let value = String::from_utf8_lossy(&value).into_owned();
    (Token::Value(value), at.saturating_add(1))
}

/// What a backslash before `rest` makes, and the length of both.
fn escape(rest: &[u8]) -> (u8, usize) {
    let head = rest.get(..3).unwrap_or(rest);
    let octal = leading(head, |byte| matches!(byte, b'0'..=b'7'));
    if octal > 0 {
        let digits = head.iter().take(octal);
        let value = digits.fold(0_u16, |value, digit| {
            (value << 3).wrapping_add(u16::from(digit.wrapping_sub(b'0')))
        });
        return (value.to_le_bytes()[0], octal.saturating_add(1));
    }
    let byte = match rest.first().copied().unwrap_or_default() {
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        other => other,
    };
    (byte, 2)
}

#[cfg(test)]
mod tests {
    use super::{Item, parse};

    fn set(line: &str) -> Option<(String, String)> {
        match parse(line.as_bytes()).pop().map(|line| line.item) {
            Some(Item::Set { name, value }) => Some((name, value)),
            _ => None,
        }
    }

    #[test]
    fn values_are_read_as_the_server_reads_them() {
        for (line, name, value) in [
            ("work_mem = 64MB  # why", "work_mem", "64MB"),
            ("port 5433", "port", "5433"),
            ("a.b='it''s \\'so\\' \\101\\n'", "a.b", "it's 'so' A\n"),
            ("x = -1.5e-3", "x", "-1.5e-3"),
            ("x = 0x1FkB", "x", "0x1FkB"),
            ("x = .5", "x", ".5"),
            ("x = on\r", "x", "on"),
            ("log_timezone = Etc/UTC", "log_timezone", "Etc/UTC"),
            ("archive_command = ''", "archive_command", ""),
        ] {
            assert_eq!(set(line), Some((name.to_owned(), value.to_owned())), "{line}");
        }
    }

    #[test]
    fn includes_are_directives() {
        let items = parse(b"# c\n\ninclude 'a.conf'\nInclude_Dir = conf.d\n");
        assert_eq!(items[0].line, 3);
        assert_eq!(items[0].item, Item::Include("a.conf".into()));
        assert_eq!(items[1].item, Item::IncludeDir("conf.d".into()));
    }

    #[test]
    fn a_syntax_error_costs_its_line() {
        let near = |text: &str| Item::Wrong { near: Some(text.into()) };
        let items: Vec<_> = parse(b"= 1\na =\nb 1 2\nc 'open\n'q' 1\nd = on\n!")
            .into_iter()
            .map(|line| line.item)
            .collect();
        let fine = Item::Set { name: "d".into(), value: "on".into() };
        let end = Item::Wrong { near: None };
        assert_eq!(items, [near("="), end, near("2"), near("'"), near("q"), fine, near("!")]);
        assert_eq!(parse("!\n".repeat(500).as_bytes()).len(), 100);
    }
}
