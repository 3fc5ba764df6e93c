//! Bit strings and uuid (utils/adt/{varbit,uuid}.c).
use super::exactly;
use crate::layout::Layout;

/// `bit_out`: the number of bits, then the bits, the first highest.
pub(super) fn bit(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    let (count, bits) = value.split_first_chunk()?;
    let count = usize::try_from(i32::from_le_bytes(*count)).ok()?;
    if count.div_ceil(8) != bits.len() {
        return None;
    }
    let all = bits.iter().flat_map(|byte| (0..8_u32).map(move |at| (byte << at) & 0x80 != 0));
    out.extend(all.take(count).map(|bit| if bit { '1' } else { '0' }));
    Some(())
}

/// `uuid_out`.
pub(super) fn uuid(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    let bytes: [u8; 16] = exactly(value)?;
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        out.push_str(&hex::encode([*byte]));
    }
    Some(())
}
