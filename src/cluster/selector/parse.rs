//! From text to a selector.
use super::{SelectError, Selector};
use crate::types::{Oid, RelFileNumber};

impl Selector {
    /// Reads a selector. Names are as SQL writes them, quoted where they hold dots or slashes.
    ///
    /// # Errors
    /// [`SelectError::Syntax`].
    pub fn parse(text: &str) -> Result<Self, SelectError> {
        parse(text).ok_or_else(|| SelectError::Syntax(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Selector> {
    if let Some(oid) = text.strip_prefix("oid:") {
        return oid.parse().ok().map(|oid| Selector::Oid(Oid(oid)));
    }
    if let Some(number) = text.strip_prefix("filenode:") {
        return number.parse().ok().map(|number| Selector::Filenode(RelFileNumber(number)));
    }
    if let Some(name) = text.strip_prefix("database:") {
        let [name] = <[String; 1]>::try_from(parts(name)?).ok()?;
        return Some(Selector::Database(name));
    }
    if let Some(name) = text.strip_prefix("schema:") {
        return parts(name).filter(|parts| parts.len() <= 2).map(Selector::Schema);
    }
    if text.contains('/') && !text.contains('"') {
        let path = text.trim_start_matches("./").trim_end_matches('/');
        return (!path.is_empty()).then(|| Selector::Path(path.to_owned()));
    }
    let parts = parts(text)?;
    (parts.len() <= 3).then_some(Selector::Name(parts))
}

/// The parts of a qualified name: split at dots outside of quotes, two quotes standing for one.
fn parts(text: &str) -> Option<Vec<String>> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                parts.last_mut()?.push('"');
            }
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            c => parts.last_mut()?.push(c),
        }
    }
    let sound = !quoted && parts.iter().all(|part| !part.is_empty());
    sound.then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::Selector;
    use crate::types::{Oid, RelFileNumber};

    #[test]
    fn a_selector_is_a_name_a_number_or_a_path() {
        let name = |parts: &[&str]| {
            Ok(Selector::Name(parts.iter().map(|part| (*part).to_owned()).collect()))
        };
        assert_eq!(Selector::parse("t"), name(&["t"]));
        assert_eq!(Selector::parse("lab.public.t"), name(&["lab", "public", "t"]));
        assert_eq!(Selector::parse(r#"app."dot.and ""q""""#), name(&["app", r#"dot.and "q""#]));
        assert_eq!(Selector::parse(r#""a/b""#), name(&["a/b"]));
        assert_eq!(Selector::parse("oid:16384"), Ok(Selector::Oid(Oid(16384))));
        let filenode = Selector::Filenode(RelFileNumber(16390));
        assert_eq!(Selector::parse("filenode:16390"), Ok(filenode));
        assert_eq!(Selector::parse("database:lab"), Ok(Selector::Database("lab".into())));
        let schema = Selector::Schema(vec!["lab".into(), "public".into()]);
        assert_eq!(Selector::parse("schema:lab.public"), Ok(schema));
        let path = Selector::Path("base/5/16390.1_vm".into());
        assert_eq!(Selector::parse("./base/5/16390.1_vm"), Ok(path));
        for bad in [
            "",
            ".",
            "a.",
            "a.b.c.d",
            "oid:x",
            "\"a",
            "database:a.b",
            "schema:",
            "schema:a.b.c",
            "filenode:-1",
        ] {
            assert!(Selector::parse(bad).is_err(), "{bad}");
        }
    }
}
