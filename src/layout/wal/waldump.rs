//! How pg_waldump words what it prints around a record's description (bin/pg_waldump/pg_waldump.c).
use crate::layout::{Layout, PgVersion};

/// Words of pg_waldump that majors disagree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one change of one major")]
pub struct WaldumpWords {
    /// How grave the end of WAL is: "fatal", from 15 "error".
    pub grave: &'static str,
    /// From 17: that bytes before the first record were skipped is said on standard error, and no
    /// more among the records.
    pub skipping_on_stderr: bool,
    /// To 14: what is wrong inside a record is said of this record; later, of the one before it.
    pub names_record_itself: bool,
    /// From 15: the details of a compressed image name the method.
    pub names_method: bool,
    /// From 15: statistics begin with the part of WAL that they are of.
    pub stats_name_range: bool,
    /// From 19: "could not find a valid record after" gives the reason.
    pub says_why_none: bool,
}

impl Layout {
    /// How pg_waldump of this major words things.
    pub const fn waldump_words(&self) -> WaldumpWords {
        let to_14 = WaldumpWords {
            grave: "fatal",
            skipping_on_stderr: false,
            names_record_itself: true,
            names_method: false,
            stats_name_range: false,
            says_why_none: false,
        };
        let to_16 = WaldumpWords {
            grave: "error",
            names_record_itself: false,
            names_method: true,
            stats_name_range: true,
            ..to_14
        };
        let to_18 = WaldumpWords { skipping_on_stderr: true, ..to_16 };
        match self.version {
            PgVersion::V12 | PgVersion::V13 | PgVersion::V14 => to_14,
            PgVersion::V15 | PgVersion::V16 => to_16,
            PgVersion::V17 | PgVersion::V18 => to_18,
            PgVersion::V19 => WaldumpWords { says_why_none: true, ..to_18 },
        }
    }
}
