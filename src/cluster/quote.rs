//! Names as PostgreSQL writes them.

/// A name, in double quotes if it is not plain (`quote_identifier`, utils/adt/ruleutils.c; but
/// keywords stay bare: this is for reading, not for SQL).
pub(super) fn identifier(name: &str) -> String {
    let mut bytes = name.bytes();
    let starts_plain = bytes.next().is_some_and(|first| matches!(first, b'a'..=b'z' | b'_'));
    if starts_plain && bytes.all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// A part of a qualified name: a name, or the number that stands for one that is lost.
pub(super) fn part(name: &str) -> String {
    let number = name.strip_prefix("oid:").or_else(|| name.strip_prefix("filenode:"));
    match number {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => name.to_owned(),
        _ => identifier(name),
    }
}

#[cfg(test)]
mod tests {
    use super::identifier;

    #[test]
    fn only_plain_names_are_bare() {
        assert_eq!(identifier("pg_class"), "pg_class");
        assert_eq!(identifier("_1"), "_1");
        for (name, quoted) in [
            ("1a", "\"1a\""),
            ("Weird \"name", "\"Weird \"\"name\""),
            ("", "\"\""),
            ("naïve", "\"naïve\""),
        ] {
            assert_eq!(identifier(name), quoted);
        }
    }
}
