//! Which bytes could not be read as what they claim to be, and by what rule.
use nom::error::ErrorKind;
use std::ops::Range;

/// Fatal to one structure, never to the page, segment or file around it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} at {at:#x}: {fault}")]
pub struct ParseError {
    /// Byte offset in the file, counted from the `base` given to [`parse_at`].
    pub at: u64,
    /// The structure, by its PostgreSQL name.
    pub what: &'static str,
    /// The rule it breaks.
    pub fault: Fault,
}

/// The rule and the value that breaks it, so that the reader can judge.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each message says what its fields are")]
pub enum Fault {
    #[error("needs {need} bytes, {have} left")]
    Truncated { need: usize, have: usize },
    #[error("{field} is {range:?}, outside {area:?}")]
    OutOfRange { field: &'static str, range: Range<u32>, area: Range<u32> },
    #[error("{field} is {found}, expected {expected}")]
    Unexpected { field: &'static str, found: u64, expected: &'static str },
    #[error("checksum is {found:08X}, computed {computed:08X}")]
    Checksum { found: u32, computed: u32 },
    #[error("{field} is not text of the form {form}")]
    Text { field: &'static str, form: &'static str },
    #[error("refused by nom ({0:?})")]
    Refused(ErrorKind),
}

/// What parsers fail with: the unread tail. [`parse_at`] turns it into an offset.
#[derive(Debug)]
pub struct Stop<'a>(pub(crate) &'a [u8], pub(crate) Fault);

/// What every parser under `format/` returns.
pub type Parse<'a, T> = nom::IResult<&'a [u8], T, Stop<'a>>;

impl<'a> nom::error::ParseError<&'a [u8]> for Stop<'a> {
    fn from_error_kind(rest: &'a [u8], kind: ErrorKind) -> Self {
        Stop(rest, Fault::Refused(kind))
    }
    fn append(_: &'a [u8], _: ErrorKind, first: Self) -> Self {
        first
    }
}

/// Fails at the head of `rest`, by `fault`.
///
/// # Errors
/// Always: this makes the error.
pub fn stop<T>(rest: &[u8], fault: Fault) -> Parse<'_, T> {
    Err(nom::Err::Error(Stop(rest, fault)))
}

/// Runs `parser` over `input`, which starts `base` bytes into its file.
///
/// # Errors
/// The parser's fault, placed at the byte where it stopped.
pub fn parse_at<'a, T>(
    input: &'a [u8],
    base: u64,
    what: &'static str,
    parser: impl Fn(&'a [u8]) -> Parse<'a, T>,
) -> Result<T, ParseError> {
    let (rest, fault) = match parser(input) {
        Ok((_, value)) => return Ok(value),
        Err(nom::Err::Error(stop) | nom::Err::Failure(stop)) => (stop.0, stop.1),
        Err(nom::Err::Incomplete(_)) => (input, Fault::Refused(ErrorKind::Complete)),
    };
    let read = input.len().saturating_sub(rest.len());
    Err(ParseError { at: base.saturating_add(read as u64), what, fault })
}
