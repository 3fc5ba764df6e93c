//! Padded numbers without the machinery of `format!`, which would be half of the time that a listing
//! of records takes.
use crate::types::Lsn;

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// An integer, right-aligned in `width` columns.
#[inline]
pub(super) fn number(out: &mut String, number: impl itoa::Integer, width: usize) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(number);
    spaces(out, width.saturating_sub(digits.len()));
    out.push_str(digits);
}

/// Text, left-aligned in `width` columns.
#[inline]
pub(super) fn word(out: &mut String, word: &str, width: usize) {
    out.push_str(word);
    spaces(out, width.saturating_sub(word.len()));
}

/// Spaces.
#[inline]
pub(super) fn spaces(out: &mut String, count: usize) {
    const MANY: &str = "                                ";
    let mut left = count;
    while let Some(most) = MANY.get(..left.min(MANY.len())).filter(|_| left > 0) {
        out.push_str(most);
        left -= most.len();
    }
}

/// An LSN, its lower half padded to eight digits (`%X/%08X`).
#[inline]
pub(super) fn lsn(out: &mut String, lsn: Lsn) {
    hex(out, lsn.0 >> 32, 1);
    out.push('/');
    hex(out, lsn.0 & 0xFFFF_FFFF, 8);
}

/// Hexadecimal digits in capitals, at least `least` of them.
#[inline]
fn hex(out: &mut String, number: u64, least: u32) {
    let wanted = (64 - number.leading_zeros()).div_ceil(4).max(least);
    for place in (0..wanted).rev() {
        let nibble = (number >> (4 * place)) & 0xF;
        let digit = usize::try_from(nibble).ok().and_then(|nibble| DIGITS.get(nibble));
        out.push(char::from(digit.copied().unwrap_or(b'?')));
    }
}

#[cfg(test)]
mod tests {
    use crate::types::Lsn;

    #[test]
    fn padding_is_that_of_printf() {
        let put = |put: &dyn Fn(&mut String)| {
            let mut out = String::new();
            put(&mut out);
            out
        };
        assert_eq!(put(&|out| super::number(out, 42_u32, 6)), "    42");
        assert_eq!(put(&|out| super::number(out, 1_234_567_u32, 6)), "1234567");
        assert_eq!(put(&|out| super::word(out, "Heap", 11)), "Heap       ");
        assert_eq!(put(&|out| super::spaces(out, 70)), " ".repeat(70));
        assert_eq!(put(&|out| super::lsn(out, Lsn(0x16_0000_0028))), "16/00000028");
        assert_eq!(put(&|out| super::lsn(out, Lsn(0xB374_D848))), "0/B374D848");
    }
}
