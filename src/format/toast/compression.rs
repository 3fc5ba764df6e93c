//! Decompressing one value (access/common/toast_compression.c).
use crate::format::error::Fault;
use crate::format::pglz;

/// `ToastCompressionId`: two bits, of which two values are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// PostgreSQL's own, and the only one before 14.
    Pglz,
    /// LZ4, from 14 on.
    Lz4,
    /// Not assigned: 2 or 3.
    Unknown(u8),
}

impl std::fmt::Display for Compression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pglz => f.pad("pglz"),
            Self::Lz4 => f.pad("lz4"),
            Self::Unknown(method) => write!(f, "method {method}"),
        }
    }
}

impl Compression {
    /// From the two highest bits of a size word.
    pub(super) const fn from_bits(word: u32) -> Self {
        match word >> 30 {
            0 => Self::Pglz,
            1 => Self::Lz4,
            2 => Self::Unknown(2),
            _ => Self::Unknown(3),
        }
    }

    /// The most bytes that one compressed byte can stand for.
    const fn best_ratio(self) -> usize {
        match self {
            // A 3-byte tag copies 273 bytes, and every eighth item costs a byte of control bits.
            Self::Pglz => 91,
            // Each further length byte of a match adds 255.
            Self::Lz4 | Self::Unknown(_) => 255,
        }
    }
}

/// Decompresses `data` to exactly `raw_size` bytes.
///
/// # Errors
/// [`Fault::OutOfRange`] before anything is allocated, if so many bytes cannot come out of so few;
/// [`Fault::Unexpected`] if the bytes are no such stream or give another size.
pub fn decompress(method: Compression, data: &[u8], raw_size: u32) -> Result<Vec<u8>, Fault> {
    let size = usize::try_from(raw_size).unwrap_or(usize::MAX);
    let most = data.len().saturating_add(1).saturating_mul(method.best_ratio());
    if size > most {
        let area = 0..u32::try_from(most).unwrap_or(u32::MAX);
        return Err(Fault::OutOfRange { field: "raw size", range: raw_size..raw_size, area });
    }
    let decompressed = match method {
        Compression::Pglz => pglz::decompress(data, size),
        Compression::Lz4 => {
            lz4_flex::block::decompress(data, size).ok().filter(|bytes| bytes.len() == size)
        }
        Compression::Unknown(id) => {
            let (found, expected) = (u64::from(id), "0 (pglz) or 1 (lz4)");
            return Err(Fault::Unexpected { field: "compression method", found, expected });
        }
    };
    decompressed.ok_or(Fault::Unexpected {
        field: "raw size",
        found: u64::from(raw_size),
        expected: "what the compressed bytes give",
    })
}

#[cfg(test)]
mod tests {
    use super::{Compression, decompress};

    #[test]
    fn pglz_repeats_from_its_own_output() {
        // Two literals, then a match 3 + 9 long, 2 back: control bits 0, 0, 1.
        let data = [0b0000_0100, b'a', b'b', 0x09, 0x02];
        assert_eq!(decompress(Compression::Pglz, &data, 14).unwrap(), b"abababababababab"[..14]);
        // An 18 in the length nibble brings a further byte.
        let data = [0b0000_0010, b'a', 0x0f, 0x01, 0xff];
        assert_eq!(decompress(Compression::Pglz, &data, 274).unwrap(), [b'a'; 274]);
    }

    #[test]
    fn lz4_gives_back_what_went_in() {
        let text = b"to be or not to be, that is to be asked, to be or not to be".repeat(9);
        let size = u32::try_from(text.len()).unwrap();
        let data = lz4_flex::block::compress(&text);
        assert_eq!(decompress(Compression::Lz4, &data, size).unwrap(), text);
        assert!(decompress(Compression::Lz4, &data, size - 1).is_err());
        assert!(decompress(Compression::Lz4, &data, size + 1).is_err());
        assert!(decompress(Compression::Lz4, &data[1..], size).is_err());
    }

    #[test]
    fn damage_is_an_error_and_nothing_is_allocated_for_a_claim() {
        let far = [0b0000_0010, b'a', 0x00, 0x09];
        assert!(decompress(Compression::Pglz, &far, 4).is_err(), "a match before the start");
        let cut = [0b0000_0010, b'a', 0x0f, 0x01];
        assert!(decompress(Compression::Pglz, &cut, 30).is_err(), "no length byte");
        let rest = [0, b'a', b'b'];
        assert!(decompress(Compression::Pglz, &rest, 1).is_err(), "bytes left over");
        let claim = decompress(Compression::Pglz, &rest, 1 << 29).unwrap_err();
        assert_eq!(claim.to_string(), "raw size is 536870912..536870912, outside 0..364");
        assert!(decompress(Compression::Unknown(3), &rest, 2).is_err());
    }
}
