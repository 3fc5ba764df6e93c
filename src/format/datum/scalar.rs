//! Single values. All take the bytes of exactly one value and fail if there are too few.
use crate::format::bytes;
use crate::format::error::Parse;
use crate::types::{Oid, Xid};
use std::borrow::Cow;

/// `oid`, and the types that are one inside (`regproc` and the like).
///
/// # Errors
/// [`crate::format::Fault::Truncated`].
pub fn oid(input: &[u8]) -> Parse<'_, Oid> {
    bytes::u32(input).map(|(rest, value)| (rest, Oid(value)))
}

/// `xid`.
///
/// # Errors
/// [`crate::format::Fault::Truncated`].
pub fn xid(input: &[u8]) -> Parse<'_, Xid> {
    bytes::u32(input).map(|(rest, value)| (rest, Xid(value)))
}

/// `int2`.
///
/// # Errors
/// [`crate::format::Fault::Truncated`].
pub fn int2(input: &[u8]) -> Parse<'_, i16> {
    bytes::i16(input)
}

/// `int4`.
///
/// # Errors
/// [`crate::format::Fault::Truncated`].
pub fn int4(input: &[u8]) -> Parse<'_, i32> {
    bytes::i32(input)
}

/// `int8`.
///
/// # Errors
/// [`crate::format::Fault::Truncated`].
pub fn int8(input: &[u8]) -> Parse<'_, i64> {
    bytes::i64(input)
}

/// `float4`.
///
/// # Errors
/// [`crate::format::Fault::Truncated`].
pub fn float4(input: &[u8]) -> Parse<'_, f32> {
    bytes::u32(input).map(|(rest, bits)| (rest, f32::from_bits(bits)))
}

/// `bool`: any byte but 0 is true, as for the server.
///
/// # Errors
/// [`crate::format::Fault::Truncated`].
pub fn boolean(input: &[u8]) -> Parse<'_, bool> {
    bytes::u8(input).map(|(rest, byte)| (rest, byte != 0))
}

/// `"char"`: one byte, such as a relkind; beyond ASCII shown as Latin-1.
///
/// # Errors
/// [`crate::format::Fault::Truncated`].
pub fn char(input: &[u8]) -> Parse<'_, char> {
    bytes::u8(input).map(|(rest, byte)| (rest, std::primitive::char::from(byte)))
}

/// `name`: 64 bytes, ended by a zero. Bytes that are not UTF-8 are replaced.
///
/// # Errors
/// [`crate::format::Fault::Truncated`].
pub fn name(input: &[u8]) -> Parse<'_, Cow<'_, str>> {
    let (rest, field) = bytes::take(64)(input)?;
    Ok((rest, text(bytes::until_nul(field))))
}

/// `text`, from its payload. Bytes that are not UTF-8 are replaced.
pub fn text(payload: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(payload)
}

#[cfg(test)]
mod tests {
    use super::{boolean, char, name};
    use crate::format::error::parse_at;

    #[test]
    fn a_name_ends_at_its_zero_or_with_its_field() {
        let mut field = [b'x'; 64];
        let parsed = |field: &[u8]| {
            parse_at(field, 0, "name", name).map(std::borrow::Cow::into_owned).map_err(|_| ())
        };
        assert_eq!(parsed(&field), Ok("x".repeat(64)));
        field[2] = 0;
        assert_eq!(parsed(&field), Ok("xx".to_owned()));
        assert_eq!(parsed(&field[..63]), Err(()));
    }

    #[test]
    fn single_bytes() {
        assert_eq!(parse_at(b"r", 0, "char", char), Ok('r'));
        assert_eq!(parse_at(&[2], 0, "bool", boolean), Ok(true));
        assert!(parse_at(&[], 0, "bool", boolean).is_err());
    }
}
