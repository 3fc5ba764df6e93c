//! Values of variable length: plain, compressed or a pointer into a TOAST table (varatt.h; before
//! 16 postgres.h). Little-endian headers, told apart by their lowest bits:
//!
//! ```text
//! xxxxxx00  4 bytes, plain: length with header << 2           xxxxxxx1  1 byte, plain: length << 1
//! xxxxxx10  4 bytes, compressed: length, then raw size        00000001  1 byte, tag, TOAST pointer
//! ```
mod compression;

pub use compression::{Compression, decompress};

use super::bytes::{take, u8, u32};
use super::error::{Fault, Parse, stop};
use crate::types::Oid;
use std::borrow::Cow;

/// `VARTAG_ONDISK`: the only tag that belongs on disk.
const TAG_ONDISK: u8 = 18;
/// `VARLENA_EXTSIZE_MASK`: sizes have 30 bits, the method of compression the two above.
const SIZE_MASK: u32 = (1 << 30) - 1;
/// `VARHDRSZ`.
const LONG_HEADER: u32 = 4;

/// One value of variable length, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Varlena<'a> {
    /// Plain: the payload, without its header.
    Inline(&'a [u8]),
    /// Compressed in place.
    Compressed {
        /// By what.
        method: Compression,
        /// Bytes of the payload once decompressed.
        raw_size: u32,
        /// The compressed bytes.
        data: &'a [u8],
    },
    /// Stored in a TOAST table.
    External(ToastPointer),
}

/// Where a value went (`varatt_external`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct ToastPointer {
    /// Bytes of the original value, its 4-byte header counted.
    pub va_rawsize: i32,
    /// Bytes stored in the TOAST table (30 bits), and the method of compression above them; before
    /// 14 `va_extsize`, whose top bits are 0 and mean pglz.
    pub va_extinfo: u32,
    /// The value's `chunk_id`.
    pub va_valueid: Oid,
    /// The TOAST table.
    pub va_toastrelid: Oid,
}

impl ToastPointer {
    /// Bytes stored in the TOAST table (`VARATT_EXTERNAL_GET_EXTSIZE`).
    pub const fn extsize(&self) -> u32 {
        self.va_extinfo & SIZE_MASK
    }

    /// Whether the stored bytes are compressed (`VARATT_EXTERNAL_IS_COMPRESSED`).
    pub fn is_compressed(&self) -> bool {
        i64::from(self.extsize())
            < i64::from(self.va_rawsize).saturating_sub(i64::from(LONG_HEADER))
    }

    /// By what they are compressed, if they are.
    pub fn compression(&self) -> Option<Compression> {
        self.is_compressed().then(|| Compression::from_bits(self.va_extinfo))
    }

    /// Reads what follows the header and the tag.
    ///
    /// # Errors
    /// [`Fault::Truncated`].
    pub fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, va_rawsize) = super::bytes::i32(input)?;
        let (rest, va_extinfo) = u32(rest)?;
        let (rest, va_valueid) = u32(rest)?;
        let (rest, va_toastrelid) = u32(rest)?;
        let (va_valueid, va_toastrelid) = (Oid(va_valueid), Oid(va_toastrelid));
        Ok((rest, Self { va_rawsize, va_extinfo, va_valueid, va_toastrelid }))
    }
}

impl<'a> Varlena<'a> {
    /// Reads the value that starts `input`. Alignment padding must have been skipped.
    ///
    /// # Errors
    /// [`Fault::Truncated`] if its length goes past the input, [`Fault::Unexpected`] for lengths
    /// shorter than their own header and for tags that exist in memory only.
    pub fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, first) = u8(input)?;
        match first {
            0x01 => Self::external(rest),
            first if first & 1 == 1 => {
                let size = usize::from(first >> 1);
                let (rest, payload) = take(size.saturating_sub(1))(rest)?;
                Ok((rest, Self::Inline(payload)))
            }
            _ => Self::long(input),
        }
    }

    fn external(after_header: &'a [u8]) -> Parse<'a, Self> {
        let (rest, tag) = u8(after_header)?;
        if tag != TAG_ONDISK {
            let fault =
                Fault::Unexpected { field: "va_tag", found: u64::from(tag), expected: "18" };
            return stop(after_header, fault);
        }
        ToastPointer::parse(rest).map(|(rest, pointer)| (rest, Self::External(pointer)))
    }

    fn long(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, header) = u32(input)?;
        let size = header >> 2;
        let compressed = header & 0b11 == 0b10;
        let header_size = if compressed { 2 * LONG_HEADER } else { LONG_HEADER };
        let Some(payload) = size.checked_sub(header_size) else {
            let fault = Fault::Unexpected {
                field: "va_header",
                found: u64::from(header),
                expected: "a length that counts the header",
            };
            return stop(input, fault);
        };
        let payload = usize::try_from(payload).unwrap_or(usize::MAX);
        if !compressed {
            return take(payload)(rest).map(|(rest, payload)| (rest, Self::Inline(payload)));
        }
        let (rest, tcinfo) = u32(rest)?;
        let (rest, data) = take(payload)(rest)?;
        let (method, raw_size) = (Compression::from_bits(tcinfo), tcinfo & SIZE_MASK);
        Ok((rest, Self::Compressed { method, raw_size, data }))
    }

    /// The payload, decompressed if it has to be; `None` for what is in a TOAST table.
    ///
    /// # Errors
    /// Those of [`decompress`].
    pub fn payload(&self) -> Result<Option<Cow<'a, [u8]>>, Fault> {
        match *self {
            Self::Inline(payload) => Ok(Some(Cow::Borrowed(payload))),
            Self::Compressed { method, raw_size, data } => {
                decompress(method, data, raw_size).map(Cow::Owned).map(Some)
            }
            Self::External(_) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Compression, ToastPointer, Varlena};
    use crate::format::error::parse_at;

    fn parse(bytes: &[u8]) -> Result<Varlena<'_>, String> {
        parse_at(bytes, 0, "varlena", Varlena::parse).map_err(|error| error.to_string())
    }

    #[test]
    fn the_lowest_bits_tell_the_headers_apart() {
        assert_eq!(parse(&[0x07, b'a', b'b', b'c']), Ok(Varlena::Inline(b"ab")));
        assert_eq!(parse(&[0x18, 0, 0, 0, b'a', b'b', b'c']), Ok(Varlena::Inline(b"ab")));
        let data = [0x2a, 0, 0, 0, 40, 0, 0, 0x40, 1, 2, 3];
        let compressed =
            Varlena::Compressed { method: Compression::Lz4, raw_size: 40, data: &[1, 2] };
        assert_eq!(parse(&data), Ok(compressed));
    }

    #[test]
    fn a_toast_pointer_names_size_method_and_value() {
        let mut bytes = vec![1, 18];
        for word in [10_004_u32, 0x4000_0384, 16_500, 16_499] {
            bytes.extend(word.to_le_bytes());
        }
        let Ok(Varlena::External(pointer)) = parse(&bytes) else { panic!() };
        assert_eq!((pointer.extsize(), pointer.compression()), (900, Some(Compression::Lz4)));
        assert_eq!((pointer.va_valueid.0, pointer.va_toastrelid.0), (16_500, 16_499));
        let plain = ToastPointer { va_extinfo: 10_000, ..pointer };
        assert_eq!(plain.compression(), None);
    }

    #[test]
    fn impossible_headers_are_errors() {
        let error = |bytes: &[u8]| parse(bytes).unwrap_err();
        assert_eq!(error(&[0xff, 1]), "varlena at 0x1: needs 126 bytes, 1 left");
        assert_eq!(error(&[1, 2, 3]), "varlena at 0x1: va_tag is 2, expected 18");
        assert!(error(&[0x0c, 0, 0, 0]).contains("va_header is 12"));
        assert!(error(&[0x1e, 0, 0, 0]).contains("va_header is 30"));
        assert!(error(&[0xfc, 0xff, 0xff, 0xff]).contains("needs 1073741819 bytes"));
    }
}
