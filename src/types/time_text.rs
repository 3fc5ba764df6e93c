//! Times as people and settings write them.
use super::TimestampTz;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

impl TimestampTz {
    /// Reads `2026-11-21`, `2026-11-21 14:00`, `2026-11-21 14:00:00.5`; with `Z`, `UTC` or an offset
    /// such as `+01` behind it, else in `local`.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn parse(text: &str, local: &TimeZone) -> Result<Self, String> {
        let (text, zone) = zone(text.trim(), local)
            .ok_or_else(|| "expected an offset such as +01 or +01:30".to_owned())?;
        let time: DateTime = text.trim().parse().map_err(|_| {
            "expected a time such as '2026-11-21 14:00:00', with +01 or UTC behind it if it is not local"
                .to_owned()
        })?;
        let instant = time.to_zoned(zone).map_err(|error| error.to_string())?.timestamp();
        Ok(Self::from(instant))
    }
}

/// The text before what names a zone, and the zone; `None` if that is no zone.
fn zone<'t>(text: &'t str, local: &TimeZone) -> Option<(&'t str, TimeZone)> {
    for utc in ["Z", "z", "UTC", "GMT"] {
        if let Some(rest) = text.strip_suffix(utc) {
            return Some((rest, TimeZone::UTC));
        }
    }
    // The date has hyphens too: only behind a time does one begin an offset.
    let time = text.find(':').unwrap_or(text.len());
    let at = text.get(time..)?.find(['+', '-']).map(|at| at + time);
    let Some((rest, offset)) = at.and_then(|at| text.split_at_checked(at)) else {
        return Some((text, local.clone()));
    };
    let (hours, minutes) = offset.get(1..)?.split_once(':').unwrap_or((offset.get(1..)?, "0"));
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?;
    let seconds = if offset.starts_with('-') { -seconds } else { seconds };
    Some((rest, TimeZone::fixed(jiff::tz::Offset::from_seconds(seconds).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::TimestampTz;
    use jiff::tz::TimeZone;

    #[test]
    fn times_are_read_in_the_forms_that_postgresql_writes() {
        let parse = |text: &str| TimestampTz::parse(text, &TimeZone::UTC);
        let text = |time: &str| parse(time).unwrap().to_string();
        assert_eq!(text("2026-11-21 14:00 UTC"), "2026-11-21 14:00:00+00");
        assert_eq!(text("2026-11-21 14:00:00.25+01"), "2026-11-21 13:00:00.25+00");
        assert_eq!(text("2026-11-21T14:00:00-01:30"), "2026-11-21 15:30:00+00");
        assert_eq!(text("2026-11-21Z"), "2026-11-21 00:00:00+00");
        assert!(parse("2026-11-21").is_ok());
        for bad in ["", "now", "2026-13-01", "14:00", "2026-11-21 14:00+x"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
