//! Times on the command line.
use crate::types::TimestampTz;
use jiff::tz::TimeZone;

/// Reads a time; without a zone behind it, in the local one (TZ).
///
/// # Errors
/// A sentence for the user.
pub(super) fn parse(text: &str) -> Result<TimestampTz, String> {
    TimestampTz::parse(text, &TimeZone::system())
}
