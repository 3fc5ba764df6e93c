//! Padded numbers without the machinery of `format!`, which would be half of the time that a listing
//! of records takes.
use crate::types::Lsn;

const DIGITS: [u8; 16] = *b"0123456789ABCDEF";

/// An integer, right-aligned in `width` columns.
#[inline]
pub(super) fn number(out: &mut Vec<u8>, number: impl itoa::Integer, width: usize) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(number);
    spaces(out, width.saturating_sub(digits.len()));
    out.extend_from_slice(digits.as_bytes());
}

/// Spaces.
#[inline]
pub(super) fn spaces(out: &mut Vec<u8>, count: usize) {
    out.resize(out.len().saturating_add(count), b' ');
}

/// An LSN, its lower half padded to eight digits (`%X/%08X`).
#[inline]
pub(super) fn lsn(out: &mut Vec<u8>, lsn: Lsn) {
    hex(out, lsn.0 >> 32, 1);
    out.push(b'/');
    hex(out, lsn.0 & 0xFFFF_FFFF, 8);
}

/// An LSN as PostgreSQL displayed it before 19 (`%X/%X`).
#[inline]
pub(super) fn short_lsn(out: &mut Vec<u8>, lsn: Lsn) {
    hex(out, lsn.0 >> 32, 1);
    out.push(b'/');
    hex(out, lsn.0 & 0xFFFF_FFFF, 1);
}

#[inline]
fn hex(out: &mut Vec<u8>, number: u64, least: u32) {
    let mut digits = [0; 16];
    out.extend_from_slice(hex_digits(number, least, &mut digits));
}

/// Hexadecimal digits in capitals, at least `least` of them.
#[inline]
fn hex_digits(number: u64, least: u32, digits: &mut [u8; 16]) -> &[u8] {
    let wanted = (64 - number.leading_zeros()).div_ceil(4).max(least) as usize;
    for (place, digit) in digits.iter_mut().rev().take(wanted).enumerate() {
        let nibble = (number >> (4 * place)) & 0xF;
        *digit = DIGITS.get(nibble as usize).copied().unwrap_or_default();
    }
    digits.get(digits.len().saturating_sub(wanted)..).unwrap_or_default()
}

/// A part of a line in the making: numbers and labels meet here, and go into the text at once, as
/// each copy into a long text costs more than the digits do.
pub(super) struct Part {
    bytes: [u8; 224],
    len: usize,
}

impl Part {
    pub(super) const fn new() -> Self {
        Self { bytes: [b' '; 224], len: 0 }
    }

    /// Text.
    #[inline]
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        let end = self.len + text.len();
        if let Some(place) = self.bytes.get_mut(self.len..end) {
            place.copy_from_slice(text.as_bytes());
            self.len = end;
        }
        self
    }

    /// Text, left-aligned in `width` columns.
    #[inline]
    pub(super) fn word(&mut self, word: &str, width: usize) -> &mut Self {
        self.text(word);
        // What was not written yet is spaces.
        self.len += width.saturating_sub(word.len());
        self
    }

    /// A number, right-aligned in `width` columns.
    #[inline]
    pub(super) fn number(&mut self, number: u32, width: usize) -> &mut Self {
        let mut digits = [b' '; 10];
        let (mut first, mut rest) = (digits.len(), number);
        for digit in digits.iter_mut().rev() {
            let [low, ..] = (rest % 10).to_le_bytes();
            *digit = b'0' + low;
            rest /= 10;
            first -= 1;
            if rest == 0 {
                break;
            }
        }
        let first = first.min(digits.len().saturating_sub(width));
        self.bytes(digits.get(first..).unwrap_or_default())
    }

    /// An LSN, its lower half padded to eight digits (`%X/%08X`).
    #[inline]
    pub(super) fn lsn(&mut self, lsn: Lsn) -> &mut Self {
        let mut digits = [0; 16];
        let high = hex_digits(lsn.0 >> 32, 1, &mut digits);
        self.bytes(high).text("/");
        let low = hex_digits(lsn.0 & 0xFFFF_FFFF, 8, &mut digits);
        self.bytes(low)
    }

    /// Puts it behind `out`.
    #[inline]
    pub(super) fn end(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.bytes.get(..self.len).unwrap_or(&self.bytes));
    }

    #[inline]
    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        for (place, byte) in self.bytes.iter_mut().skip(self.len).zip(bytes) {
            *place = *byte;
        }
        self.len += bytes.len();
        self
    }
}

#[cfg(test)]
mod tests {
    use crate::types::Lsn;

    #[test]
    fn padding_is_that_of_printf() {
        let put = |put: &dyn Fn(&mut Vec<u8>)| {
            let mut out = Vec::new();
            put(&mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(put(&|out| super::number(out, 42_u32, 6)), "    42");
        assert_eq!(put(&|out| super::number(out, 1_234_567_u32, 6)), "1234567");
        assert_eq!(put(&|out| super::spaces(out, 70)), " ".repeat(70));
        assert_eq!(put(&|out| super::lsn(out, Lsn(0x16_0000_0028))), "16/00000028");
        assert_eq!(put(&|out| super::lsn(out, Lsn(0xB374_D848))), "0/B374D848");
        assert_eq!(put(&|out| super::short_lsn(out, Lsn(0x16_0000_0028))), "16/28");
        assert_eq!(put(&|out| super::short_lsn(out, Lsn(0))), "0/0");
        let part = |out: &mut Vec<u8>| {
            let mut part = super::Part::new();
            part.text("tx: ").number(42, 6).word("Heap", 6).number(u32::MAX, 6);
            part.text(" ").lsn(Lsn(0x16_0000_0028)).end(out);
        };
        assert_eq!(put(&part), "tx:     42Heap  4294967295 16/00000028");
    }
}
