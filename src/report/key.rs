//! Values out of index tuples, as reports show them.
use serde::Serialize;
use std::fmt;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// Null.
    Null,
    /// As the output function of its type writes it.
    Text(String),
    /// Its bytes, in hexadecimal: of a type that is not decoded, or not known.
    Hex(String),
    /// It cannot be read, and why.
    Damaged(String),
}

/// Text is quoted where it could be taken for something else, or for more than one value.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Text(text) if is_plain(text) => f.write_str(text),
            Self::Text(text) => write!(f, "\"{}\"", text.replace('"', "\"\"")),
            Self::Hex(digits) => write!(f, "\\x{digits}"),
            Self::Damaged(why) => write!(f, "({why})"),
        }
    }
}

fn is_plain(text: &str) -> bool {
    !(text.is_empty()
        || text.starts_with(['(', '\\', ' '])
        || text.ends_with(' ')
        || text.eq_ignore_ascii_case("null")
        || text.contains([',', '"']))
}

/// The values of one tuple as text, such as `5, abc, NULL`.
pub fn listed(keys: &[Key]) -> String {
    let mut text = String::new();
    // Writing to a text never fails.
    let _ = list(keys, &mut text);
    text
}

/// Writes them so.
pub(super) fn list(keys: &[Key], out: &mut impl fmt::Write) -> fmt::Result {
    for (at, key) in keys.iter().enumerate() {
        out.write_str(if at == 0 { "" } else { ", " })?;
        write!(out, "{key}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Key, listed};

    #[test]
    fn values_cannot_be_taken_for_others() {
        let text = |text: &str| Key::Text(text.to_owned());
        let keys = [text("5"), text("null"), Key::Null, text("a, \"b\""), text(""), text("\\xff")];
        assert_eq!(listed(&keys), r#"5, "null", NULL, "a, ""b""", "", "\xff""#);
        assert_eq!(listed(&[Key::Hex("ff".into()), Key::Damaged("cut".into())]), "\\xff, (cut)");
    }
}
