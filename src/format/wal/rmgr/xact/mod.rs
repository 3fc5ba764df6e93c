//! Transaction: how transactions end, and what has to be known of them before (access/xact.h;
//! access/rmgrdesc/xactdesc.c).
mod ending;
mod prepare;
mod stats;

pub use ending::{DbInfo, Ending, Origin};
pub use prepare::Prepare;
pub use stats::StatsItem;

use super::array::Array;
use super::inval::{self, Invalidations};
use super::{Desc, Resource, unknown_type};
use crate::format::bytes::u32;
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use crate::types::{Fork, RelFileLocator, TimestampTz, Xid};
use std::fmt;

/// `XLOG_XACT_OPMASK`: bits of the info that are the type of record.
const OP_MASK: u8 = 0x70;
/// `XLOG_XACT_HAS_INFO`: flags follow the time.
const HAS_INFO: u8 = 0x80;

/// A record of the resource manager Transaction.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Xact<'a> {
    /// `XLOG_XACT_COMMIT`, `XLOG_XACT_COMMIT_PREPARED`.
    Commit(Ending<'a>),
    /// `XLOG_XACT_ABORT`, `XLOG_XACT_ABORT_PREPARED`.
    Abort(Ending<'a>),
    /// `XLOG_XACT_PREPARE`.
    Prepare(Box<Prepare<'a>>),
    /// `XLOG_XACT_ASSIGNMENT`.
    Assignment(Assignment<'a>),
    /// `XLOG_XACT_INVALIDATIONS` (14 and later), for logical decoding.
    Invalidation {
        /// What a command of the transaction made others forget.
        msgs: Invalidations<'a>,
    },
}

/// `xl_xact_assignment`: subtransactions of a transaction that has many.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Assignment<'a> {
    /// The transaction.
    pub xtop: Xid,
    /// Its subtransactions that were not assigned before.
    pub xsub: Array<'a, Xid>,
}

/// How a transaction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It committed.
    Commit,
    /// It was rolled back.
    Abort,
}

/// How and when a transaction ended, if its record says no more than that, as most do; without
/// taking the record apart. `info` is [`Record::info`], `main` the main data.
#[inline]
pub fn plain_end(info: u8, main: &[u8]) -> Option<(Outcome, TimestampTz)> {
    let outcome = match info {
        0x00 => Outcome::Commit,
        0x20 => Outcome::Abort,
        _ => return None,
    };
    Some((outcome, TimestampTz(i64::from_le_bytes(*main.first_chunk()?))))
}

impl<'a> Assignment<'a> {
    fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, xtop) = u32(input)?;
        let (rest, nsubxacts) = u32(rest)?;
        let (rest, xsub) = Array::parse(nsubxacts as usize)(rest)?;
        Ok((rest, Self { xtop: Xid(xtop), xsub }))
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        out.text("xtop ")?;
        out.number(self.xtop.0)?;
        out.text(": subxacts:")?;
        self.xsub.iter().try_for_each(|xid| spaced(xid, out))
    }
}

/// A space and an xid.
fn spaced(xid: Xid, out: &mut Desc<'_>) -> fmt::Result {
    out.text(" ")?;
    out.number(xid.0)
}

/// `xact_desc_relations`: nothing if there are none.
fn relations(
    label: &str,
    locators: impl Iterator<Item = RelFileLocator>,
    out: &mut Desc<'_>,
) -> fmt::Result {
    let mut locators = locators.peekable();
    if locators.peek().is_none() {
        return Ok(());
    }
    out.text("; ")?;
    out.text(label)?;
    out.text(":")?;
    locators.try_for_each(|locator| {
        out.text(" ")?;
        out.relpath(locator, Fork::Main)
    })
}

/// `xact_desc_subxacts`: nothing if there are none.
fn subxacts(xids: impl Iterator<Item = Xid>, out: &mut Desc<'_>) -> fmt::Result {
    let mut xids = xids.peekable();
    if xids.peek().is_none() {
        return Ok(());
    }
    out.text("; subxacts:")?;
    xids.try_for_each(|xid| spaced(xid, out))
}

impl<'a> Resource<'a> for Xact<'a> {
    fn identify(info: u8, layout: &Layout) -> Option<&'static str> {
        match info & OP_MASK {
            0x00 => Some("COMMIT"),
            0x10 => Some("PREPARE"),
            0x20 => Some("ABORT"),
            0x30 => Some("COMMIT_PREPARED"),
            0x40 => Some("ABORT_PREPARED"),
            0x50 => Some("ASSIGNMENT"),
            0x60 => layout.has_xact_invalidations().then_some("INVALIDATION"),
            _ => None,
        }
    }

    #[inline]
    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        let (main, layout) = (record.main, dialect.layout);
        match record.info() & OP_MASK {
            0x00 | 0x30 => Ending::parse(record, "xl_xact_commit", true, layout).map(Self::Commit),
            0x20 | 0x40 => Ending::parse(record, "xl_xact_abort", false, layout).map(Self::Abort),
            0x10 => Prepare::parse(record, layout).map(|of| Self::Prepare(Box::new(of))),
            0x50 => {
                parse_at(main, 0, "xl_xact_assignment", Assignment::parse).map(Self::Assignment)
            }
            0x60 if layout.has_xact_invalidations() => {
                parse_at(main, 0, "xl_xact_invals", inval::counted)
                    .map(|msgs| Self::Invalidation { msgs })
            }
            _ => Err(unknown_type(record)),
        }
    }

    #[inline]
    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::Commit(of) => of.desc_commit(out),
            Self::Abort(of) => of.desc_abort(out),
            Self::Prepare(of) => of.desc(out),
            Self::Assignment(of) => of.desc(out),
            Self::Invalidation { msgs } => inval::desc(msgs.iter(), None, out),
        }
    }
}
