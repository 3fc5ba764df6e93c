//! What the decoders of index access methods share.
use super::Desc;
use super::array::Array;
use crate::format::bytes::flag;
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::layout::Dialect;
use crate::layout::wal::CatalogRel;
use crate::types::OffsetNumber;
use std::fmt::{self, Write};

/// Line pointers.
pub(super) type Offsets<'a> = Array<'a, OffsetNumber>;

/// Reads the record's main data.
pub(super) fn main<'a, T>(
    record: &Record<'a>,
    what: &'static str,
    parser: impl Fn(&'a [u8]) -> Parse<'a, T>,
) -> Result<T, ParseError> {
    parse_at(record.main, 0, what, parser)
}

/// Reads the data of a block; `None` where there is none, because a full-page image has its effect
/// or the block has nothing to be told.
pub(super) fn in_block<'a, T>(
    record: &Record<'a>,
    id: u8,
    what: &'static str,
    parser: impl Fn(&'a [u8]) -> Parse<'a, T>,
) -> Result<Option<T>, ParseError> {
    match record.block_data(id) {
        [] => Ok(None),
        data => parse_at(data, 0, what, parser).map(Some),
    }
}

/// The data of a block as offset numbers to its end; `None` as in [`in_block`].
pub(super) fn offsets_in<'a>(record: &Record<'a>, id: u8) -> Option<Offsets<'a>> {
    let data = record.block_data(id);
    (!data.is_empty()).then(|| Offsets::new(data))
}

/// Reads `isCatalogRel`, where the major has it.
pub(super) fn catalog_rel(dialect: &Dialect) -> impl Fn(&[u8]) -> Parse<'_, Option<bool>> + use<> {
    let shape = dialect.layout.index_wal().catalog_rel;
    move |input| match shape {
        CatalogRel::Absent => Ok((input, None)),
        CatalogRel::Silent | CatalogRel::Printed => {
            flag(input).map(|(rest, flag)| (rest, Some(flag)))
        }
    }
}

/// Writes `isCatalogRel` with what comes before it, where pg_waldump prints it.
pub(super) fn catalog_rel_desc(
    flag: Option<bool>,
    before: &str,
    out: &mut Desc<'_>,
) -> fmt::Result {
    match (out.layout.index_wal().catalog_rel, flag) {
        (CatalogRel::Printed, Some(flag)) => write!(out, "{before}{}", letter(flag)),
        _ => Ok(()),
    }
}

/// `T` or `F`, as these managers describe a flag.
pub(super) const fn letter(flag: bool) -> char {
    if flag { 'T' } else { 'F' }
}

/// Displays a number as C's `%g` does in PostgreSQL's printf (port/snprintf.c): six significant
/// digits, no trailing zeros.
pub(super) struct General(pub f64);

impl fmt::Display for General {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0;
        if value.is_nan() {
            return f.write_str("NaN");
        }
        if value.is_infinite() {
            return f.write_str(if value > 0.0 { "Infinity" } else { "-Infinity" });
        }
        let rounded = format!("{value:.5e}");
        let (digits, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let shown = match usize::try_from(5_i32.saturating_sub(exponent)) {
            Ok(decimals) if exponent >= -4 => format!("{value:.decimals$}"),
            _ => digits.to_owned(),
        };
        let shown = if shown.contains('.') {
            shown.trim_end_matches('0').trim_end_matches('.')
        } else {
            &shown
        };
        f.write_str(shown)?;
        if (-4..6).contains(&exponent) {
            return Ok(());
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(f, "e{sign}{:02}", exponent.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::General;

    #[test]
    fn numbers_are_written_as_c_writes_them_with_percent_g() {
        // What `printf '%g'` prints.
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (123_456.0, "123456"),
            (999_999.5, "1e+06"),
            (1_000_000.0, "1e+06"),
            (1_234_567.0, "1.23457e+06"),
            (-1_200_000_000.0, "-1.2e+09"),
            (0.1, "0.1"),
            (0.000_123_456_7, "0.000123457"),
            (0.000_01, "1e-05"),
            (2.5e-310, "2.5e-310"),
            (1e300, "1e+300"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(General(value).to_string(), text);
        }
    }
}
