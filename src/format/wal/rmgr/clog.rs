//! CLOG: pages of pg_xact begun and removed (access/clog.h; access/rmgrdesc/clogdesc.c).
use super::{Desc, Resource, as_text, unknown_type};
use crate::format::bytes::{i32, i64, u32};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::layout::wal::SlruPageNumber;
use crate::layout::{Dialect, Layout};
use crate::types::{Oid, Xid};
use std::fmt::{self, Write};

/// As the list of managers asks for it: these records borrow nothing.
pub type Clog<'a> = ClogRecord;

/// A record of the resource manager CLOG.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ClogRecord {
    /// `CLOG_ZEROPAGE`: a new page.
    Zeropage {
        /// The page, from 0.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(test, schemars(with = "String"))]
        pageno: i64,
    },
    /// `CLOG_TRUNCATE` (`xl_clog_truncate`): older pages are not needed any more.
    Truncate {
        /// The first page that is.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(test, schemars(with = "String"))]
        pageno: i64,
        /// The oldest transaction whose status is kept.
        oldest_xact: Xid,
        /// The database that still needs it.
        oldest_xact_db: Oid,
    },
}

/// The number of an SLRU page.
///
/// # Errors
/// [`crate::format::Fault::Truncated`].
pub(super) fn page_number(input: &[u8], width: SlruPageNumber) -> Parse<'_, i64> {
    match width {
        SlruPageNumber::Narrow => i32(input).map(|(rest, pageno)| (rest, pageno.into())),
        SlruPageNumber::Wide => i64(input),
    }
}

impl<'a> Resource<'a> for Clog<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        match info {
            0x00 => Some("ZEROPAGE"),
            0x10 => Some("TRUNCATE"),
            _ => None,
        }
    }

    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        let width = dialect.layout.slru_page_number();
        match record.info() {
            0x00 => parse_at(record.main, 0, "CLOG_ZEROPAGE", |input| {
                page_number(input, width).map(|(rest, pageno)| (rest, Self::Zeropage { pageno }))
            }),
            0x10 => parse_at(record.main, 0, "xl_clog_truncate", |input| {
                let (rest, pageno) = page_number(input, width)?;
                let (rest, xid) = u32(rest)?;
                let (rest, database) = u32(rest)?;
                let (oldest_xact, oldest_xact_db) = (Xid(xid), Oid(database));
                Ok((rest, Self::Truncate { pageno, oldest_xact, oldest_xact_db }))
            }),
            _ => Err(unknown_type(record)),
        }
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::Zeropage { pageno } => write!(out, "page {pageno}"),
            Self::Truncate { pageno, oldest_xact, .. } => {
                write!(out, "page {pageno}; oldestXact {oldest_xact}")
            }
        }
    }
}
