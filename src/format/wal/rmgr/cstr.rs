//! Text that ends at a NUL.
use crate::format::bytes::until_nul;
use crate::format::error::{Fault, Parse, stop};
use std::fmt;

/// A C string, in whatever encoding it was; displays and serialises with U+FFFD for what is not
/// UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CStr<'a>(pub &'a [u8]);

impl<'a> CStr<'a> {
    /// Reads up to the NUL and over it.
    ///
    /// # Errors
    /// [`Fault::Truncated`] if there is none.
    pub fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let text = until_nul(input);
        match input.get(text.len().saturating_add(1)..) {
            Some(rest) => Ok((rest, Self(text))),
            None => stop(
                input,
                Fault::Truncated { need: input.len().saturating_add(1), have: input.len() },
            ),
        }
    }

    /// The text in a field that a NUL may end early.
    pub fn within(field: &'a [u8]) -> Self {
        Self(until_nul(field))
    }
}

impl fmt::Display for CStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.0))
    }
}

impl serde::Serialize for CStr<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for CStr<'_> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CStr".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }

    fn inline_schema() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::CStr;

    #[test]
    fn text_goes_to_the_nul() {
        let (rest, text) = CStr::parse(b"a\xE9\0b").unwrap();
        assert_eq!((rest, text.to_string().as_str()), (&b"b"[..], "a\u{FFFD}"));
        assert!(CStr::parse(b"a").is_err());
        assert_eq!(CStr::within(b"a").to_string(), "a");
    }
}
