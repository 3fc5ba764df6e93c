//! CommitTs: pages of pg_commit_ts begun and removed, and to 13 times of commits
//! (access/commit_ts.h; access/rmgrdesc/committsdesc.c).
use super::array::Array;
use super::clog::page_number;
use super::{Desc, Resource, as_text, unknown_type};
use crate::format::bytes::{i64, u16, u32};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use crate::types::{TimestampTz, Xid};
use std::fmt::{self, Write};

/// A record of the resource manager CommitTs.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum CommitTs<'a> {
    /// `COMMIT_TS_ZEROPAGE`: a new page.
    Zeropage {
        /// The page, from 0.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(test, schemars(with = "String"))]
        pageno: i64,
    },
    /// `COMMIT_TS_TRUNCATE` (`xl_commit_ts_truncate`): older pages are not needed any more.
    Truncate {
        /// The first page that is.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(test, schemars(with = "String"))]
        pageno: i64,
        /// The oldest transaction whose time is kept.
        oldest_xid: Xid,
    },
    /// `COMMIT_TS_SETTS` (`xl_commit_ts_set`; to 13).
    Set(Set<'a>),
}

/// `xl_commit_ts_set`: the time of a commit, written apart from the commit.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Set<'a> {
    /// When it committed.
    pub timestamp: TimestampTz,
    /// The node that it came from by replication, 0 for this one.
    pub nodeid: u16,
    /// The transaction.
    pub mainxid: Xid,
    /// Its subtransactions.
    pub subxids: Array<'a, Xid>,
}

impl<'a> Set<'a> {
    /// `SizeOfCommitTsSet` is 16: there is padding before `mainxid`.
    fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, timestamp) = i64(input)?;
        let (rest, nodeid) = u16(rest)?;
        let (rest, _) = u16(rest)?;
        let (rest, mainxid) = u32(rest)?;
        let subxids = Array::new(rest);
        let timestamp = TimestampTz(timestamp);
        Ok((&[], Self { timestamp, nodeid, mainxid: Xid(mainxid), subxids }))
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        out.text("set ")?;
        out.timestamp(self.timestamp)?;
        write!(out, "/{} for: {}", self.nodeid, self.mainxid)?;
        self.subxids.iter().try_for_each(|xid| write!(out, ", {xid}"))
    }
}

impl<'a> Resource<'a> for CommitTs<'a> {
    fn identify(info: u8, layout: &Layout) -> Option<&'static str> {
        match info {
            0x00 => Some("ZEROPAGE"),
            0x10 => Some("TRUNCATE"),
            0x20 => layout.logs_commit_times().then_some("SETTS"),
            _ => None,
        }
    }

    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        let width = dialect.layout.slru_page_number();
        match record.info() {
            0x00 => parse_at(record.main, 0, "COMMIT_TS_ZEROPAGE", |input| {
                page_number(input, width).map(|(rest, pageno)| (rest, Self::Zeropage { pageno }))
            }),
            0x10 => parse_at(record.main, 0, "xl_commit_ts_truncate", |input| {
                let (rest, pageno) = page_number(input, width)?;
                let (rest, oldest_xid) = u32(rest)?;
                Ok((rest, Self::Truncate { pageno, oldest_xid: Xid(oldest_xid) }))
            }),
            0x20 if dialect.layout.logs_commit_times() => {
                parse_at(record.main, 0, "xl_commit_ts_set", Set::parse).map(Self::Set)
            }
            _ => Err(unknown_type(record)),
        }
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::Zeropage { pageno } => write!(out, "{pageno}"),
            Self::Truncate { pageno, oldest_xid } => {
                write!(out, "pageno {pageno}, oldestXid {oldest_xid}")
            }
            Self::Set(set) => set.desc(out),
        }
    }
}
