//! Integers, floats, money and what is stored as integers (utils/adt/{int,int8,float,cash,oid,xid,
//! tid,pg_lsn}.c).
use super::exactly;
use crate::layout::Layout;
use crate::types::Lsn;
use std::fmt::{Display, Write as _};

fn put(value: impl Display, out: &mut String) -> Option<()> {
    write!(out, "{value}").ok()
}

pub(super) fn int2(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    put(i16::from_le_bytes(exactly(value)?), out)
}

pub(super) fn int4(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    put(i32::from_le_bytes(exactly(value)?), out)
}

pub(super) fn int8(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    put(i64::from_le_bytes(exactly(value)?), out)
}

pub(super) fn oid(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    put(u32::from_le_bytes(exactly(value)?), out)
}

pub(super) fn xid8(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    put(u64::from_le_bytes(exactly(value)?), out)
}

pub(super) fn pg_lsn(value: &[u8], layout: &Layout, out: &mut String) -> Option<()> {
    out.push_str(&layout.lsn_text(Lsn(u64::from_le_bytes(exactly(value)?))));
    Some(())
}

/// Block in two halves, the high one first, and offset number.
pub(super) fn tid(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    let bytes: [u8; 6] = exactly(value)?;
    let [high, low, offset] = bytes.as_chunks().0 else { return None };
    let block = u32::from(u16::from_le_bytes(*high)) << 16 | u32::from(u16::from_le_bytes(*low));
    write!(out, "({block},{})", u16::from_le_bytes(*offset)).ok()
}

pub(super) fn int2vector(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    spaced(&crate::format::datum::int2s(value).ok()?, out)
}

pub(super) fn oidvector(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    spaced(&crate::format::datum::oids(value).ok()?, out)
}

fn spaced(values: &[impl Display], out: &mut String) -> Option<()> {
    values.iter().enumerate().try_for_each(|(at, value)| {
        let space = if at == 0 { "" } else { " " };
        write!(out, "{space}{value}").ok()
    })
}

/// `cash_out` in the C locale.
pub(super) fn money(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    let cents = i64::from_le_bytes(exactly(value)?);
    let amount = cents.unsigned_abs();
    let (whole, part) = ((amount / 100).to_string(), amount % 100);
    out.push_str(if cents < 0 { "-$" } else { "$" });
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && whole.len().saturating_sub(at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    write!(out, ".{part:02}").ok()
}

/// `float4out` with extra_float_digits 1: the shortest digits that give the value back.
pub(super) fn float4(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    let value = f32::from_le_bytes(exactly(value)?);
    let bits = value.to_bits();
    let halves = Halves::around(u64::from(bits & 0x7F_FFFF), bits >> 23 & 0xFF, 23, 150);
    let shortest = format!("{value:e}");
    if !halves.contain(&shortest) {
        return float(&shortest, value.is_finite(), 6, out);
    }
    let inside = |text: &String| text.parse() == Ok(value) && !halves.contain(text);
    let longer = (0..9).map(|places| format!("{value:.places$e}")).find(inside);
    float(&longer.unwrap_or(shortest), value.is_finite(), 6, out)
}

/// `float8out`, likewise.
pub(super) fn float8(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    let value = f64::from_le_bytes(exactly(value)?);
    let shortest = format!("{value:e}");
    let bits = value.to_bits();
    let exponent = u32::try_from(bits >> 52 & 0x7FF).ok()?;
    let halves = Halves::around(bits & 0xF_FFFF_FFFF_FFFF, exponent, 52, 1075);
    if !halves.contain(&shortest) {
        return float(&shortest, value.is_finite(), 15, out);
    }
    let inside = |text: &String| text.parse() == Ok(value) && !halves.contain(text);
    let longer = (0..17).map(|places| format!("{value:.places$e}")).find(inside);
    float(&longer.unwrap_or(shortest), value.is_finite(), 15, out)
}

/// The two numbers halfway between a float and its neighbours, each an odd number and a power of
/// two. Rust's shortest digits may be such a number, where it would be rounded to the float;
/// PostgreSQL's never are (`acceptBounds` in common/d2s.c).
struct Halves([(u128, i32); 2]);

impl Halves {
    /// Of the float with these stored bits; `bias` makes the mantissa an integer.
    fn around(stored: u64, exponent: u32, mantissa_bits: u32, bias: i32) -> Self {
        let hidden = 1_u128.unbounded_shl(mantissa_bits);
        let normal = exponent != 0;
        let mantissa = u128::from(stored) | if normal { hidden } else { 0 };
        let power = i32::try_from(exponent.max(1)).unwrap_or(0).saturating_sub(bias);
        let above = (mantissa.saturating_mul(2).saturating_add(1), power.saturating_sub(1));
        // Below a power of two, floats lie twice as close.
        let closer = stored == 0 && exponent > 1;
        let (times, power) = if closer { (4, power.saturating_sub(1)) } else { (2, power) };
        let below = mantissa.saturating_mul(times).saturating_sub(1);
        Self([above, (below, power.saturating_sub(1))])
    }

    /// Whether `text`, digits and exponent as Rust writes them, is exactly one of the two.
    fn contain(&self, text: &str) -> bool {
        let Some((mantissa, exponent)) = text.split_once('e') else { return false };
        let (_, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let (Ok(digits), Ok(exponent)) = (digits.parse::<u128>(), exponent.parse::<i32>()) else {
            return false;
        };
        let tens = exponent.saturating_sub(i32::try_from(part.len()).unwrap_or(i32::MAX));
        if digits == 0 {
            return false;
        }
        let twos = digits.trailing_zeros();
        let odd = digits.unbounded_shr(twos);
        let twos = i32::try_from(twos).unwrap_or(0).saturating_add(tens);
        let fives = 5_u128.checked_pow(tens.unsigned_abs());
        self.0.iter().any(|&(half, power)| {
            let (left, right) = if tens >= 0 { (odd, half) } else { (half, odd) };
            power == twos && fives.and_then(|fives| left.checked_mul(fives)) == Some(right)
        })
    }
}

/// From digits and exponent as Rust writes them: plain notation for exponents from -4 up to
/// `plain` (`to_chars`, common/d2s.c and f2s.c), else the exponent with a sign and two digits.
fn float(shortest: &str, finite: bool, plain: i32, out: &mut String) -> Option<()> {
    if !finite {
        out.push_str(match shortest {
            "inf" => "Infinity",
            "-inf" => "-Infinity",
            _ => "NaN",
        });
        return Some(());
    }
    let (mantissa, exponent) = shortest.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    out.push_str(sign);
    if (-4..plain).contains(&exponent) {
        let places = usize::try_from(exponent.unsigned_abs()).ok()?;
        if exponent < 0 {
            let zeros = "0".repeat(places.saturating_sub(1));
            return write!(out, "0.{zeros}{digits}").ok();
        }
        let whole = places.saturating_add(1);
        match digits.split_at_checked(whole) {
            Some((whole, "")) => out.push_str(whole),
            Some((whole, part)) => write!(out, "{whole}.{part}").ok()?,
            None => {
                let zeros = "0".repeat(whole.saturating_sub(digits.len()));
                write!(out, "{digits}{zeros}").ok()?;
            }
        }
        return Some(());
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(out, "{mantissa}e{sign}{:02}", exponent.unsigned_abs()).ok()
}
