//! numeric (utils/adt/numeric.c): digits to base 10000, a weight, a sign, and how many decimal
//! places to show.
//!
//! ```text
//! short: 16 bits 10s dddddd w wwwwww | digits     sign, display scale, weight in 7 bits
//! long:  16 bits ss dddddddddddddd | i16 weight | digits          11 in the top: NaN, infinity
//! ```
use crate::layout::Layout;
use std::fmt::Write as _;

/// `DEC_DIGITS`: decimal digits in one of base 10000.
const DEC_DIGITS: i32 = 4;

struct Numeric {
    negative: bool,
    /// Place of the first digit: it counts 10000 to this power.
    weight: i32,
    /// Decimal places to show.
    dscale: i32,
    digits: Vec<u16>,
}

/// `numeric_out`.
pub(super) fn numeric(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    let (header, rest) = value.split_first_chunk()?;
    let header = u16::from_le_bytes(*header);
    let number = match header >> 14 {
        0b11 => {
            out.push_str(match header & 0xF000 {
                0xC000 => "NaN",
                0xD000 => "Infinity",
                0xF000 => "-Infinity",
                _ => return None,
            });
            return Some(());
        }
        0b10 => Numeric {
            negative: header & 0x2000 != 0,
            weight: short_weight(header),
            dscale: i32::from(header & 0x1F80) >> 7,
            digits: digits(rest)?,
        },
        sign => {
            let (weight, rest) = rest.split_first_chunk()?;
            Numeric {
                negative: sign == 0b01,
                weight: i16::from_le_bytes(*weight).into(),
                dscale: i32::from(header & 0x3FFF),
                digits: digits(rest)?,
            }
        }
    };
    number.write(out)
}

/// Six bits, and one above them that is the sign.
fn short_weight(header: u16) -> i32 {
    let low = i32::from(header & 0x3F);
    if header & 0x40 == 0 { low } else { low | !0x3F }
}

fn digits(bytes: &[u8]) -> Option<Vec<u16>> {
    let (chunks, rest) = bytes.as_chunks();
    let digits: Vec<_> = chunks.iter().map(|chunk| u16::from_le_bytes(*chunk)).collect();
    (rest.is_empty() && digits.iter().all(|&digit| digit < 10_000)).then_some(digits)
}

impl Numeric {
    /// The digit that counts 10000 to the power of `place`; 0 where none is stored.
    fn digit(&self, place: i32) -> u16 {
        let at = usize::try_from(self.weight.saturating_sub(place)).ok();
        at.and_then(|at| self.digits.get(at)).copied().unwrap_or(0)
    }

    /// `get_str_from_var`.
    fn write(&self, out: &mut String) -> Option<()> {
        if self.negative {
            out.push('-');
        }
        let first = self.digit(self.weight.max(0));
        write!(out, "{first}").ok()?;
        for place in (0..self.weight.max(0)).rev() {
            write!(out, "{:04}", self.digit(place)).ok()?;
        }
        if self.dscale > 0 {
            let mut part = String::new();
            let places = self.dscale.saturating_add(DEC_DIGITS).saturating_sub(1) / DEC_DIGITS;
            for place in 1..=places {
                write!(part, "{:04}", self.digit(place.saturating_neg())).ok()?;
            }
            part.truncate(usize::try_from(self.dscale).ok()?);
            write!(out, ".{part}").ok()?;
        }
        Some(())
    }
}
