//! Commit and abort (`xl_xact_commit`, `xl_xact_abort`, access/xact.h; `ParseCommitRecord`,
//! `ParseAbortRecord`, access/rmgrdesc/xactdesc.c).
//!
//! ```text
//! xact_time | xinfo | dbinfo | subxacts | relations | statistics | invalidations
//!           | xid of a prepared transaction | its gid | origin, unaligned
//! ```
//! Of these only the time is always there.
use super::stats::{self, StatsItem};
use super::{HAS_INFO, relations, subxacts};
use crate::format::bytes::{i64, u32, u64};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::array::Array;
use crate::format::wal::rmgr::inval::{self, Invalidations};
use crate::format::wal::rmgr::{CStr, Desc};
use crate::layout::Layout;
use crate::layout::shape::TwoPhaseShape;
use crate::layout::wal::XactWords;
use crate::types::{Lsn, Oid, RelFileLocator, TimestampTz, Xid};
use std::fmt;

/// `XACT_XINFO_HAS_DBINFO`.
const HAS_DBINFO: u32 = 1 << 0;
/// `XACT_XINFO_HAS_SUBXACTS`.
const HAS_SUBXACTS: u32 = 1 << 1;
/// `XACT_XINFO_HAS_RELFILELOCATORS`.
const HAS_RELFILELOCATORS: u32 = 1 << 2;
/// `XACT_XINFO_HAS_INVALS`.
const HAS_INVALS: u32 = 1 << 3;
/// `XACT_XINFO_HAS_TWOPHASE`.
const HAS_TWOPHASE: u32 = 1 << 4;
/// `XACT_XINFO_HAS_ORIGIN`.
const HAS_ORIGIN: u32 = 1 << 5;
/// `XACT_XINFO_HAS_GID`.
const HAS_GID: u32 = 1 << 7;
/// `XACT_XINFO_HAS_DROPPED_STATS`.
const HAS_DROPPED_STATS: u32 = 1 << 8;
/// `XACT_COMPLETION_APPLY_FEEDBACK`.
const APPLY_FEEDBACK: u32 = 1 << 29;
/// `XACT_COMPLETION_UPDATE_RELCACHE_FILE`.
const UPDATE_RELCACHE_FILE: u32 = 1 << 30;
/// `XACT_COMPLETION_FORCE_SYNC_COMMIT`.
const FORCE_SYNC_COMMIT: u32 = 1 << 31;

/// The end of a transaction: what the record has of it.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ending<'a> {
    /// When.
    pub xact_time: TimestampTz,
    /// Which parts follow, and what replay has to do: flags.
    pub xinfo: u32,
    /// Its database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dbinfo: Option<DbInfo>,
    /// Its subtransactions that end with it.
    #[serde(skip_serializing_if = "Array::is_empty")]
    pub subxacts: Array<'a, Xid>,
    /// Relations whose files go.
    #[serde(skip_serializing_if = "Array::is_empty")]
    pub xlocators: Array<'a, RelFileLocator>,
    /// Statistics that go (15 and later).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stats: Vec<StatsItem>,
    /// What others must forget; of commits only.
    #[serde(skip_serializing_if = "Array::is_empty")]
    pub msgs: Invalidations<'a>,
    /// The transaction, if it was prepared: the record itself is not of its xid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub twophase_xid: Option<Xid>,
    /// Its name, where wal_level is logical.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub twophase_gid: Option<CStr<'a>>,
    /// Where it came from by replication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// `xl_xact_dbinfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DbInfo {
    /// The database.
    pub db_id: Oid,
    /// Its tablespace.
    pub ts_id: Oid,
}

/// `xl_xact_origin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Origin {
    /// The node, as the record's header has it.
    pub node: u16,
    /// Where the transaction ends there.
    pub origin_lsn: Lsn,
    /// When it ended there.
    pub origin_timestamp: TimestampTz,
}

impl<'a> Ending<'a> {
    pub(super) fn parse(
        record: &Record<'a>,
        what: &'static str,
        commit: bool,
        layout: &Layout,
    ) -> Result<Self, ParseError> {
        parse_at(record.main, 0, what, |input| {
            let (rest, xact_time) = i64(input)?;
            let mut of = Self::at(TimestampTz(xact_time));
            if record.info() & HAS_INFO == 0 {
                return Ok((rest, of));
            }
            let (rest, ()) = of.what_it_did(rest, commit, layout.twophase)?;
            let (rest, ()) = of.where_it_was(rest, record.origin.unwrap_or_default())?;
            Ok((rest, of))
        })
    }

    /// Without any other part.
    const fn at(xact_time: TimestampTz) -> Self {
        Self {
            xact_time,
            xinfo: 0,
            dbinfo: None,
            subxacts: Array::EMPTY,
            xlocators: Array::EMPTY,
            stats: Vec::new(),
            msgs: Array::EMPTY,
            twophase_xid: None,
            twophase_gid: None,
            origin: None,
        }
    }

    const fn has(&self, flag: u32) -> bool {
        self.xinfo & flag != 0
    }

    /// The parts from xinfo to the invalidations.
    fn what_it_did(
        &mut self,
        input: &'a [u8],
        commit: bool,
        shape: TwoPhaseShape,
    ) -> Parse<'a, ()> {
        let (mut rest, count);
        (rest, self.xinfo) = u32(input)?;
        if self.has(HAS_DBINFO) {
            let (db_id, ts_id);
            (rest, db_id) = u32(rest)?;
            (rest, ts_id) = u32(rest)?;
            self.dbinfo = Some(DbInfo { db_id: Oid(db_id), ts_id: Oid(ts_id) });
        }
        if self.has(HAS_SUBXACTS) {
            let count;
            (rest, count) = u32(rest)?;
            (rest, self.subxacts) = Array::parse(count as usize)(rest)?;
        }
        if self.has(HAS_RELFILELOCATORS) {
            let count;
            (rest, count) = u32(rest)?;
            (rest, self.xlocators) = Array::parse(count as usize)(rest)?;
        }
        if self.has(HAS_DROPPED_STATS) && shape != TwoPhaseShape::Plain {
            (rest, count) = u32(rest)?;
            (rest, self.stats) = StatsItem::parse_array(rest, count, shape)?;
        }
        if self.has(HAS_INVALS) && commit {
            (rest, self.msgs) = inval::counted(rest)?;
        }
        Ok((rest, ()))
    }

    /// The parts from the prepared transaction on.
    fn where_it_was(&mut self, input: &'a [u8], node: u16) -> Parse<'a, ()> {
        let mut rest = input;
        if self.has(HAS_TWOPHASE) {
            let xid;
            (rest, xid) = u32(rest)?;
            self.twophase_xid = Some(Xid(xid));
            if self.has(HAS_GID) {
                let gid;
                (rest, gid) = CStr::parse(rest)?;
                self.twophase_gid = Some(gid);
            }
        }
        if self.has(HAS_ORIGIN) {
            let (lsn, time);
            (rest, lsn) = u64(rest)?;
            (rest, time) = i64(rest)?;
            let (origin_lsn, origin_timestamp) = (Lsn(lsn), TimestampTz(time));
            self.origin = Some(Origin { node, origin_lsn, origin_timestamp });
        }
        Ok((rest, ()))
    }

    /// `xact_desc_commit`.
    #[inline]
    pub(super) fn desc_commit(&self, out: &mut Desc<'_>) -> fmt::Result {
        self.desc_head(out)?;
        if self.xinfo == 0 {
            return Ok(());
        }
        stats::desc("", &self.stats, out)?;
        let database = self.dbinfo.map_or((Oid::INVALID, Oid::INVALID), |of| (of.db_id, of.ts_id));
        inval::desc(self.msgs.iter(), self.has(UPDATE_RELCACHE_FILE).then_some(database), out)?;
        if self.has(APPLY_FEEDBACK) && out.layout.xact_words() == XactWords::Whole {
            out.text("; apply_feedback")?;
        }
        if self.has(FORCE_SYNC_COMMIT) {
            out.text("; sync")?;
        }
        self.desc_origin(out)
    }

    /// `xact_desc_abort`.
    pub(super) fn desc_abort(&self, out: &mut Desc<'_>) -> fmt::Result {
        self.desc_head(out)?;
        if out.layout.xact_words() == XactWords::Whole {
            self.desc_origin(out)?;
            stats::desc("", &self.stats, out)?;
        }
        Ok(())
    }

    /// What both begin with.
    fn desc_head(&self, out: &mut Desc<'_>) -> fmt::Result {
        if let Some(xid) = self.twophase_xid.filter(|&xid| xid != Xid::INVALID) {
            out.number(xid.0)?;
            out.text(": ")?;
        }
        out.timestamp(self.xact_time)?;
        relations("rels", self.xlocators.iter(), out)?;
        subxacts(self.subxacts.iter(), out)
    }

    fn desc_origin(&self, out: &mut Desc<'_>) -> fmt::Result {
        self.origin.map_or(Ok(()), |origin| origin.desc(out))
    }
}

impl Origin {
    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        out.text("; origin: node ")?;
        out.number(self.node)?;
        out.text(", lsn ")?;
        out.lsn(self.origin_lsn)?;
        out.text(", at ")?;
        out.timestamp(self.origin_timestamp)
    }
}
