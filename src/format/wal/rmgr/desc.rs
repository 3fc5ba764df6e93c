//! Where descriptions of records are written, and how pg_waldump writes what they share.
use crate::layout::Layout;
use crate::types::{Fork, Lsn, Oid, RelFileLocator, TimestampTz};
use jiff::tz::TimeZone;
use std::fmt::{self, Write};

/// A text that grows, in bytes because some words come from the server in whatever encoding they were; and what
/// wording depends on.
pub struct Desc<'o> {
    out: &'o mut Vec<u8>,
    /// The major that the words are of.
    pub layout: &'static Layout,
    zone: &'o TimeZone,
}

impl<'o> Desc<'o> {
    /// Writes to the end of `out`, times in `zone`.
    pub const fn new(out: &'o mut Vec<u8>, layout: &'static Layout, zone: &'o TimeZone) -> Self {
        Self { out, layout, zone }
    }

    /// Writes `text` as it is.
    ///
    /// # Errors
    /// Never; fits where `?` is used.
    #[inline]
    pub fn text(&mut self, text: &str) -> fmt::Result {
        self.bytes(text.as_bytes())
    }

    /// Writes text of the server, in whatever encoding it was, as it is.
    ///
    /// # Errors
    /// Never; fits where `?` is used.
    #[inline]
    pub fn bytes(&mut self, text: &[u8]) -> fmt::Result {
        self.out.extend_from_slice(text);
        Ok(())
    }

    /// Writes an integer in decimal, quicker than `write!`.
    ///
    /// # Errors
    /// Never; fits where `?` is used.
    #[inline]
    pub fn number(&mut self, number: impl itoa::Integer) -> fmt::Result {
        self.text(itoa::Buffer::new().format(number))
    }

    /// Writes a label and a number: most of what descriptions are made of.
    ///
    /// # Errors
    /// Never; fits where `?` is used.
    #[inline]
    pub fn pair(&mut self, label: &str, number: impl itoa::Integer) -> fmt::Result {
        self.text(label)?;
        self.number(number)
    }

    /// Writes a label and a byte as `0x%02X`.
    ///
    /// # Errors
    /// Never; fits where `?` is used.
    #[inline]
    pub fn flags(&mut self, label: &str, flags: u8) -> fmt::Result {
        self.text(label)?;
        self.text("0x")?;
        for nibble in [flags >> 4, flags & 0x0F] {
            let digit = char::from_digit(nibble.into(), 16).unwrap_or_default();
            self.write_char(digit.to_ascii_uppercase())?;
        }
        Ok(())
    }

    /// Writes an LSN: padded from 19 on.
    ///
    /// # Errors
    /// Never; fits where `?` is used.
    pub fn lsn(&mut self, lsn: Lsn) -> fmt::Result {
        if self.layout.controldata.padded_lsn {
            write!(self, "{lsn:#}")
        } else {
            write!(self, "{lsn}")
        }
    }

    /// Writes a time as `timestamptz_to_str` (bin/pg_waldump/compat.c) does, in local time.
    ///
    /// # Errors
    /// Never; fits where `?` is used.
    pub fn timestamp(&mut self, time: TimestampTz) -> fmt::Result {
        // C's % keeps the sign of what is divided, and so does this.
        let micros = time.0 % 1_000_000;
        match time.whole_second() {
            Some(at) => {
                let zone = self.zone.to_offset_info(at);
                let local = zone.offset().to_datetime(at);
                write!(self, "{:04}", local.year())?;
                self.two_digits("-", local.month())?;
                self.two_digits("-", local.day())?;
                self.two_digits(" ", local.hour())?;
                self.two_digits(":", local.minute())?;
                self.two_digits(":", local.second())?;
                write!(self, ".{micros:06} {}", zone.abbreviation())
            }
            None => write!(self, "{time}"),
        }
    }

    /// Writes a separator and a number below 100: every commit has five of them.
    #[inline]
    fn two_digits(&mut self, separator: &str, number: i8) -> fmt::Result {
        self.text(separator)?;
        self.text(if number < 10 { "0" } else { "" })?;
        self.number(number)
    }

    /// Writes the path of a relation's first file (`relpathperm`, common/relpath.h).
    ///
    /// # Errors
    /// Never; fits where `?` is used.
    pub fn relpath(&mut self, locator: RelFileLocator, fork: Fork) -> fmt::Result {
        let RelFileLocator { tablespace, database, number } = locator;
        match tablespace {
            Oid::GLOBAL_TABLESPACE => write!(self, "global/{number}"),
            Oid::DEFAULT_TABLESPACE => write!(self, "base/{database}/{number}"),
            _ => {
                let directory = self.layout.tablespace_directory();
                write!(self, "pg_tblspc/{tablespace}/{directory}/{database}/{number}")
            }
        }?;
        self.text(fork.suffix())
    }
}

impl Write for Desc<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Desc;
    use crate::layout::PgVersion;
    use crate::types::{Fork, Oid, RelFileLocator, RelFileNumber, TimestampTz};
    use jiff::tz::TimeZone;

    #[test]
    fn times_and_paths_are_as_pg_waldump_prints_them() {
        let (mut out, zone) = (Vec::new(), TimeZone::UTC);
        let mut desc = Desc::new(&mut out, PgVersion::V18.layout(), &zone);
        desc.timestamp(TimestampTz(848_534_400_120_000)).unwrap();
        desc.text("; ").unwrap();
        let (tablespace, database) = (Oid(16_500), Oid(5));
        let locator = RelFileLocator { tablespace, database, number: RelFileNumber(16_501) };
        desc.relpath(locator, Fork::Vm).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "2026-11-21 00:00:00.120000 UTC; pg_tblspc/16500/PG_18_202506291/5/16501_vm"
        );
    }

    #[test]
    fn times_are_local_and_zones_have_their_abbreviation() {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let in_zone = |micros| {
            let mut out = Vec::new();
            let mut desc = Desc::new(&mut out, PgVersion::V18.layout(), &zone);
            desc.timestamp(TimestampTz(micros)).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(in_zone(848_534_400_120_000), "2026-11-21 01:00:00.120000 CET");
        assert_eq!(in_zone(836_179_265_000_001), "2026-07-01 02:01:05.000001 CEST");
        // Before 2000 C cuts seconds towards 2000, and printf gives the sign a place.
        assert_eq!(in_zone(-1_000_123), "2000-01-01 00:59:59.-00123 CET");
    }
}
