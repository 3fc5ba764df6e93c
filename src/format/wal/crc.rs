//! The CRC-32C of a record (`ValidXLogRecord`, access/transam/xlogreader.c): of what follows the
//! header, and then of the header up to the CRC itself.
//!
//! Most records have about a hundred bytes, for which [`crc32c`] takes longer to get ready than to
//! add up: on x86-64 they are added up here, by the same instruction of the processor.
use super::record::RecordHeader;

/// Bytes of the header before its CRC.
const BEFORE_CRC: usize = 20;

/// The CRC-32C of a whole record; `None` if it is shorter than a header.
#[inline]
pub fn checksum(record: &[u8]) -> Option<u32> {
    #[cfg(target_arch = "x86_64")]
    if record.len() <= short::MOST && is_x86_feature_detected!("sse4.2") {
        #[expect(unsafe_code, reason = "the processor may lack the instruction: it was asked")]
        // SAFETY: the function asks for nothing but SSE 4.2, which was found just before.
        return unsafe { short::checksum(record) };
    }
    whole(record)
}

fn whole(record: &[u8]) -> Option<u32> {
    let (header, rest) = record.split_at_checked(RecordHeader::LEN)?;
    let of_rest = crc32c::crc32c(rest);
    Some(crc32c::crc32c_append(of_rest, header.get(..BEFORE_CRC)?))
}

#[cfg(target_arch = "x86_64")]
mod short {
    use super::{BEFORE_CRC, RecordHeader};
    use std::arch::x86_64::{_mm_crc32_u32, _mm_crc32_u64};

    /// Bytes of the longest record for which this is the faster way: three additions at a time,
    /// as the crate does them, begin to pay at 768 bytes.
    pub(super) const MOST: usize = 768;

    #[target_feature(enable = "sse4.2")]
    pub(super) fn checksum(record: &[u8]) -> Option<u32> {
        let (header, rest) = record.split_first_chunk::<{ RecordHeader::LEN }>()?;
        let (words, left) = rest.as_chunks();
        let mut crc = u64::from(u32::MAX);
        for word in words {
            crc = _mm_crc32_u64(crc, u64::from_le_bytes(*word));
        }
        crc = add_left(crc, left.len(), u64::from_le_bytes(*record.last_chunk()?));
        let (words, left) = header.first_chunk::<BEFORE_CRC>()?.as_chunks();
        for word in words {
            crc = _mm_crc32_u64(crc, u64::from_le_bytes(*word));
        }
        let left = u32::from_le_bytes(*left.first_chunk()?);
        Some(!_mm_crc32_u32((crc & 0xFFFF_FFFF) as u32, left))
    }

    /// Adds the last `count` bytes, fewer than eight, of the eight in `last`, without asking how
    /// many they are. Zeros added to a CRC of zero leave it zero, so bytes can be put behind as
    /// many zeros as make them eight; of a CRC that is longer than they are, the rest is only moved.
    #[target_feature(enable = "sse4.2")]
    fn add_left(crc: u64, count: usize, last: u64) -> u64 {
        let bits = u32::try_from(count).unwrap_or(0).wrapping_mul(8);
        let left = last.checked_shr(u64::BITS.wrapping_sub(bits)).unwrap_or(0);
        let behind_zeros = (crc ^ left).checked_shl(u64::BITS.wrapping_sub(bits)).unwrap_or(0);
        crc.wrapping_shr(bits) ^ _mm_crc32_u64(0, behind_zeros)
    }
}

#[cfg(test)]
mod tests {
    use super::{checksum, whole};

    #[test]
    fn records_of_every_length_add_up_as_the_crate_adds_them() {
        let byte = |at: u32| at.wrapping_mul(0x9E37_79B1).to_le_bytes()[3];
        let bytes: Vec<u8> = (0..1000).map(byte).collect();
        for len in 0..bytes.len() {
            for start in 0..8.min(bytes.len() - len) {
                let record = &bytes[start..start + len];
                assert_eq!(checksum(record), whole(record), "{len} bytes from {start}");
            }
        }
        assert_eq!((checksum(&bytes[..23]), checksum(&[])), (None, None));
    }
}
