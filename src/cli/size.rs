//! Sizes on the command line, written as in postgresql.conf: `8192`, `8kB`, `1GB`.

/// Reads a size in bytes; without a unit it is bytes. The units are those of PostgreSQL's settings
/// (utils/misc/guc.c), with 1024 to the step.
///
/// # Errors
/// A sentence for the user.
pub(super) fn parse(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let shift = match text.get(digits.len()..).map(str::trim) {
        Some("" | "B") => 0,
        Some("kB") => 10,
        Some("MB") => 20,
        Some("GB") => 30,
        _ => return Err("valid units are \"B\", \"kB\", \"MB\" and \"GB\"".into()),
    };
    let number: u64 = digits.trim().parse().map_err(|_| "expected a number such as 8192 or 8kB")?;
    number.checked_mul(1 << shift).ok_or_else(|| "too large".into())
}

/// The same where no more than 32 bits make sense; what opens the input judges the rest.
///
/// # Errors
/// A sentence for the user.
pub(super) fn parse_32(text: &str) -> Result<u32, String> {
    u32::try_from(parse(text)?).map_err(|_| "too large".into())
}

#[cfg(test)]
mod tests {
    use super::{parse, parse_32};

    #[test]
    fn sizes_are_read_as_postgresql_conf_writes_them() {
        assert_eq!(parse("8192"), Ok(8192));
        assert_eq!(parse("8kB"), Ok(8192));
        assert_eq!(parse("1 GB"), Ok(1 << 30));
        assert!(parse("8KB").is_err() && parse("kB").is_err() && parse("-1").is_err());
        assert!(parse("99999999999GB").is_err());
        assert_eq!(parse_32("32kB"), Ok(32_768));
        assert!(parse_32("4GB").is_err());
    }
}
