//! Numbers with units, as guc.c reads them (`parse_int`, `convert_to_base_unit`, utils/misc/guc.c).

/// What a setting counts in where its value has no unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A bare number; a unit is refused.
    None,
    /// Bytes.
    Byte,
    /// 1024 bytes.
    Kilobyte,
    /// 1024 × 1024 bytes.
    Megabyte,
    /// Blocks of this many bytes.
    Block(u32),
    /// Milliseconds.
    Millisecond,
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
}

/// Units by what they stand for, largest first: bytes, microseconds.
const MEMORY: [(&str, f64); 5] = [
    ("TB", 1_099_511_627_776.0),
    ("GB", 1_073_741_824.0),
    ("MB", 1_048_576.0),
    ("kB", 1024.0),
    ("B", 1.0),
];
const TIME: [(&str, f64); 6] = [
    ("d", 86_400_000_000.0),
    ("h", 3_600_000_000.0),
    ("min", 60_000_000.0),
    ("s", 1_000_000.0),
    ("ms", 1000.0),
    ("us", 1.0),
];

impl Unit {
    /// Bytes or microseconds in one, and the units that may be written instead.
    fn scale(self) -> (f64, &'static [(&'static str, f64)]) {
        match self {
            Self::None => (1.0, &[]),
            Self::Byte => (1.0, &MEMORY),
            Self::Kilobyte => (1024.0, &MEMORY),
            Self::Megabyte => (1_048_576.0, &MEMORY),
            Self::Block(size) => (f64::from(size.max(1)), &MEMORY),
            Self::Millisecond => (1000.0, &TIME),
            Self::Second => (1_000_000.0, &TIME),
            Self::Minute => (60_000_000.0, &TIME),
        }
    }

    /// Reads a whole number of this unit: decimal, hexadecimal, octal, or a fraction that is
    /// rounded, with a unit of the same kind or none. `None` if the server would refuse it, or
    /// if it does not fit into 32 bits.
    pub fn parse(self, text: &str) -> Option<i64> {
        let (value, unit) = number(text.trim())?;
        let unit = unit.trim_start();
        let value = if unit.is_empty() { value } else { self.convert(value, unit)? };
        let value = value.round_ties_even();
        let fits = value >= f64::from(i32::MIN) && value <= f64::from(i32::MAX);
        #[expect(clippy::cast_possible_truncation, reason = "whole, and checked to fit")]
        fits.then_some(value as i64)
    }

    /// `value` of `unit` in this unit. A fraction is rounded to a multiple of the next smaller unit.
    fn convert(self, value: f64, unit: &str) -> Option<f64> {
        let (base, units) = self.scale();
        let at = units.iter().position(|(name, _)| *name == unit)?;
        let (_, size) = units.get(at)?;
        let converted = value * (size / base);
        Some(match units.get(at.saturating_add(1)) {
            Some((_, smaller)) => {
                (converted / (smaller / base)).round_ties_even() * (smaller / base)
            }
            None => converted,
        })
    }
}

/// The number that a text begins with (strtol and, for fractions and exponents, strtod), and what
/// follows it.
fn number(text: &str) -> Option<(f64, &str)> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let (radix, digits) = match unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X"))
    {
        Some(hex) => (16, hex),
        None if unsigned.starts_with('0') => (8, unsigned),
        None => (10, unsigned),
    };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let (whole, rest) = digits.split_at(end);
    if !rest.starts_with(['.', 'e', 'E']) {
        let value = i64::from_str_radix(whole, radix).ok()?;
        #[expect(
            clippy::cast_precision_loss,
            reason = "what is beyond 32 bits is refused anyway"
        )]
        return Some((sign * value as f64, rest));
    }
    // The longest beginning that is a number: an "e" may also begin what follows.
    let ends = unsigned.char_indices().map(|(at, c)| at.saturating_add(c.len_utf8()));
    let mut ends = ends.filter(|&end| {
        let part = unsigned.get(..end).unwrap_or_default();
        part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
            && part.parse::<f64>().is_ok()
    });
    let (number, rest) = unsigned.split_at(ends.next_back()?);
    Some((sign * number.parse::<f64>().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::Unit;

    /// Each as PostgreSQL 15 answers SET and current_setting, in the setting's own unit.
    #[test]
    fn values_are_read_as_guc_reads_them() {
        for (unit, text, value) in [
            (Unit::None, "0x10", Some(16)),
            (Unit::None, "010", Some(8)),
            (Unit::None, "08", None),
            (Unit::None, "0.9e2", Some(90)),
            (Unit::None, "-1", Some(-1)),
            (Unit::None, "2e8", Some(200_000_000)),
            (Unit::None, "1.5", Some(2)),
            (Unit::None, "2.5", Some(2)),
            (Unit::None, " 7 ", Some(7)),
            (Unit::None, "99999999999", None),
            (Unit::None, "10MB", None),
            (Unit::None, "MB", None),
            (Unit::None, "", None),
            (Unit::Megabyte, "1024", Some(1024)),
            (Unit::Megabyte, "1GB", Some(1024)),
            (Unit::Megabyte, "1 GB", Some(1024)),
            (Unit::Megabyte, "2048kB", Some(2)),
            (Unit::Megabyte, "1gb", None),
            (Unit::Megabyte, "1GB x", None),
            (Unit::Kilobyte, "1.5MB", Some(1536)),
            (Unit::Kilobyte, "30.1GB", Some(30_822 * 1024)),
            (Unit::Block(8192), "128MB", Some(16384)),
            (Unit::Byte, "1kB", Some(1024)),
            (Unit::Second, "5min", Some(300)),
            (Unit::Second, "1500ms", Some(2)),
            (Unit::Second, "1d", Some(86_400)),
            (Unit::Millisecond, "2s", Some(2000)),
            (Unit::Millisecond, "1.5h", Some(5_400_000)),
            (Unit::Minute, "1d", Some(1440)),
            (Unit::Minute, "1kB", None),
        ] {
            assert_eq!(unit.parse(text), value, "{unit:?} {text:?}");
        }
    }
}
