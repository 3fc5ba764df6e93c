//! Arrays (`array_out`, utils/adt/arrayfuncs.c).
use crate::format::datum::Array;
use crate::format::error::ParseError;
use crate::format::heap::{Attr, Datum};
use std::fmt::Write as _;

/// Appends the array's text. `element` appends the text of one, without quotes; `attr` is how
/// elements are stored, and `delimiter` is their type's `typdelim`.
///
/// # Errors
/// The first element that cannot be read, or whose bytes are no value.
pub fn array<'a>(
    array: &Array<'a>,
    attr: Attr,
    delimiter: char,
    mut element: impl FnMut(Datum<'a>, &mut String) -> Result<(), ParseError>,
    out: &mut String,
) -> Result<(), ParseError> {
    if array.dims.is_empty() || array.dims.contains(&0) {
        out.push_str("{}");
        return Ok(());
    }
    if array.lower_bounds.iter().any(|&bound| bound != 1) {
        for (&bound, &dim) in array.lower_bounds.iter().zip(&array.dims) {
            let last = i64::from(bound).saturating_add(dim.into()).saturating_sub(1);
            // A String takes whatever is written to it.
            let _ = write!(out, "[{bound}:{last}]");
        }
        out.push('=');
    }
    let mut one = String::new();
    for (number, datum) in array.elements(attr).enumerate() {
        open(&array.dims, number, delimiter, out);
        one.clear();
        match datum? {
            Datum::Null | Datum::Missing => out.push_str("NULL"),
            datum => {
                element(datum, &mut one)?;
                quoted(&one, delimiter, out);
            }
        }
    }
    out.extend(array.dims.iter().map(|_| '}'));
    Ok(())
}

/// What stands before the element of this number: braces where dimensions end and begin.
fn open(dims: &[u32], number: usize, delimiter: char, out: &mut String) {
    let number = u64::try_from(number).unwrap_or(u64::MAX);
    let mut size = 1_u64;
    let mut begins = 0_usize;
    for &dim in dims.iter().rev() {
        size = size.saturating_mul(dim.into());
        if size == 0 || !number.is_multiple_of(size) {
            break;
        }
        begins = begins.saturating_add(1);
    }
    if number > 0 {
        out.extend(std::iter::repeat_n('}', begins));
        out.push(delimiter);
    }
    out.extend(std::iter::repeat_n('{', begins));
}

fn quoted(text: &str, delimiter: char, out: &mut String) {
    let special = |c: char| {
        matches!(c, '"' | '\\' | '{' | '}' | ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
            || c == delimiter
    };
    if !text.is_empty() && !text.eq_ignore_ascii_case("null") && !text.contains(special) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}
