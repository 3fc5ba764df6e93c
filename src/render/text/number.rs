//! Numbers for people, without locale: `1,234,567`, `1331 MB`, `12.50`.
use crate::report::doc::Value;
pub use crate::types::pretty_size;

/// The text of a value.
pub(super) fn show(value: &Value) -> String {
    match value {
        Value::Text(text) => super::escape(text),
        Value::Count(count) => grouped(*count),
        Value::Number(number) => number.to_string(),
        Value::Bytes(bytes) => pretty_size(*bytes),
        Value::Percent(percent) if percent.is_finite() => format!("{percent:.2}"),
        Value::None | Value::Percent(_) => String::new(),
    }
}

/// Whether a value is aligned to the right, and its column with it.
pub(super) const fn is_number(value: &Value) -> bool {
    !matches!(value, Value::None | Value::Text(_))
}

/// Decimal digits in groups of three.
pub(super) fn grouped(number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{grouped, pretty_size, show};
    use crate::report::doc::Value;

    #[test]
    fn digits_are_grouped_by_three() {
        let cases =
            [(0, "0"), (999, "999"), (1000, "1,000"), (-123_456, "-123,456"), (12_345, "12,345")];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(grouped(i128::MIN).len(), 52);
    }

    /// The right column is what pg_size_pretty(bigint) of PostgreSQL 18 answers.
    #[test]
    fn sizes_are_those_of_pg_size_pretty() {
        let answers = PG_SIZE_PRETTY.lines().filter_map(|line| line.split_once('|'));
        for (bytes, text) in answers {
            assert_eq!(pretty_size(bytes.parse().unwrap()), text);
        }
    }

    const PG_SIZE_PRETTY: &str = "\
0|0 bytes
1|1 bytes
1023|1023 bytes
8192|8192 bytes
10239|10239 bytes
10240|10 kB
10752|11 kB
16384|16 kB
10485247|10239 kB
10485248|10 MB
1363148800|1300 MB
10736893951|10239 MB
10736893952|10 GB
10994579406847|10239 GB
10994579406848|10 TB
11258449312612351|10239 TB
11258449312612352|10 PB
9223372036854775807|8192 PB";

    #[test]
    fn what_is_no_number_is_blank() {
        for percent in [f64::NAN, f64::INFINITY] {
            assert_eq!(show(&Value::Percent(percent)), "");
        }
        assert_eq!(show(&Value::Percent(12.5)), "12.50");
    }
}
