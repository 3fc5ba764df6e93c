//! Dates, times and intervals (utils/adt/{date,timestamp,datetime}.c). The calendar is the
//! proleptic Gregorian one over all years that PostgreSQL has, far more than other libraries do.
use super::exactly;
use crate::layout::Layout;
use std::fmt::Write as _;

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;
/// Days from 0000-03-01 to 2000-01-01.
const DAYS_TO_2000: i64 = 730_425;
/// Days in 400 years.
const DAYS_PER_ERA: i64 = 146_097;

/// `date_out`.
pub(super) fn date(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    match i32::from_le_bytes(exactly(value)?) {
        i32::MIN => out.push_str("-infinity"),
        i32::MAX => out.push_str("infinity"),
        days => {
            let era = calendar(days.into(), out)?;
            out.push_str(era);
        }
    }
    Some(())
}

/// `time_out`.
pub(super) fn time(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    clock(i64::from_le_bytes(exactly(value)?), out)
}

/// `timetz_out`: micros, then seconds west of Greenwich.
pub(super) fn timetz(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    let (micros, zone) = value.split_first_chunk()?;
    clock(i64::from_le_bytes(*micros), out)?;
    let west = i32::from_le_bytes(exactly(zone)?);
    // A zone is less than a day.
    if west.unsigned_abs() >= 86_400 {
        return None;
    }
    let (sign, seconds) = (if west <= 0 { '+' } else { '-' }, west.unsigned_abs());
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    write!(out, "{sign}{hours:02}").ok()?;
    if minutes != 0 || seconds != 0 {
        write!(out, ":{minutes:02}").ok()?;
    }
    if seconds != 0 {
        write!(out, ":{seconds:02}").ok()?;
    }
    Some(())
}

/// `timestamp_out`.
pub(super) fn timestamp(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    instant(value, "", out)
}

/// `timestamptz_out` in UTC.
pub(super) fn timestamptz(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    instant(value, "+00", out)
}

fn instant(value: &[u8], zone: &str, out: &mut String) -> Option<()> {
    let micros = i64::from_le_bytes(exactly(value)?);
    if matches!(micros, i64::MIN | i64::MAX) {
        out.push_str(if micros < 0 { "-infinity" } else { "infinity" });
        return Some(());
    }
    let era = calendar(micros.div_euclid(MICROS_PER_DAY), out)?;
    out.push(' ');
    clock(micros.rem_euclid(MICROS_PER_DAY), out)?;
    out.push_str(zone);
    out.push_str(era);
    Some(())
}

/// Writes year, month and day of the day that lies `days` after 2000-01-01; gives " BC" for years
/// before 1.
fn calendar(days: i64, out: &mut String) -> Option<&'static str> {
    let days = days.checked_add(DAYS_TO_2000)?;
    let (era, day) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
    // Years of the era begin in March, so that the leap day is their last.
    let year = day.checked_sub(day / 1460)?.checked_add(day / 36_524)?;
    let year = year.checked_sub(day / 146_096)? / 365;
    let before = year.checked_mul(365)?.checked_add(year / 4)?.checked_sub(year / 100)?;
    let day = day.checked_sub(before)?;
    let month = day.checked_mul(5)?.checked_add(2)? / 153;
    let first = month.checked_mul(153)?.checked_add(2)? / 5;
    let day = day.checked_sub(first)?.checked_add(1)?;
    let after_new_year = month >= 10;
    let month = month.checked_add(if after_new_year { -9 } else { 3 })?;
    let year = era.checked_mul(400)?.checked_add(year)?.checked_add(after_new_year.into())?;
    let (year, era) = if year > 0 { (year, "") } else { (1_i64.checked_sub(year)?, " BC") };
    write!(out, "{year:04}-{month:02}-{day:02}").ok()?;
    Some(era)
}

/// Writes a time of day; 24:00:00 is one.
fn clock(micros: i64, out: &mut String) -> Option<()> {
    if !(0..=MICROS_PER_DAY).contains(&micros) {
        return None;
    }
    hours_and_less(micros.unsigned_abs(), out)
}

/// Hours, minutes, seconds, and as much of the fraction as there is.
fn hours_and_less(micros: u64, out: &mut String) -> Option<()> {
    let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    write!(out, "{hours:02}:{minutes:02}:{:02}", seconds % 60).ok()?;
    if fraction != 0 {
        let digits = format!("{fraction:06}");
        write!(out, ".{}", digits.trim_end_matches('0')).ok()?;
    }
    Some(())
}

/// `interval_out` (`EncodeInterval`, IntervalStyle postgres): micros, days, months.
pub(super) fn interval(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    let (micros, rest) = value.split_first_chunk()?;
    let (days, months) = rest.split_first_chunk()?;
    let micros = i64::from_le_bytes(*micros);
    let (days, months) = (i32::from_le_bytes(*days), i32::from_le_bytes(exactly(months)?));
    match (micros, days, months) {
        (i64::MIN, i32::MIN, i32::MIN) => out.push_str("-infinity"),
        (i64::MAX, i32::MAX, i32::MAX) => out.push_str("infinity"),
        _ => return parts(micros, days, months, out),
    }
    Some(())
}

fn parts(micros: i64, days: i32, months: i32, out: &mut String) -> Option<()> {
    let (mut empty, mut after_negative) = (true, false);
    for (count, unit) in [(months / 12, "year"), (months % 12, "mon"), (days, "day")] {
        if count == 0 {
            continue;
        }
        let space = if empty { "" } else { " " };
        let sign = if after_negative && count > 0 { "+" } else { "" };
        let plural = if count == 1 { "" } else { "s" };
        write!(out, "{space}{sign}{count} {unit}{plural}").ok()?;
        // Each part says its sign only to the next one.
        after_negative = count < 0;
        empty = false;
    }
    if empty || micros != 0 {
        let sign = match micros {
            ..0 => "-",
            _ if after_negative => "+",
            _ => "",
        };
        write!(out, "{}{sign}", if empty { "" } else { " " }).ok()?;
        hours_and_less(micros.unsigned_abs(), out)?;
    }
    Some(())
}
