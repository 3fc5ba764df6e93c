//! Standby: what hot standbys must know: running transactions, exclusive locks, caches to
//! invalidate (storage/standbydefs.h, storage/lockdefs.h; access/rmgrdesc/standbydesc.c).
use super::array::{Array, Element};
use super::inval::{self, Invalidations};
use super::{Desc, Resource, unknown_type};
use crate::format::bytes::{flag, skip, u32};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::layout::wal::RunningWords;
use crate::layout::{Dialect, Layout};
use crate::types::{Oid, Xid};
use std::fmt::{self, Write};

/// A record of the resource manager Standby.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Standby<'a> {
    /// `XLOG_STANDBY_LOCK` (`xl_standby_locks`).
    Lock {
        /// AccessExclusiveLocks that are held.
        locks: Array<'a, Lock>,
    },
    /// `XLOG_RUNNING_XACTS`.
    RunningXacts(RunningXacts<'a>),
    /// `XLOG_INVALIDATIONS`.
    Invalidations(CacheInvalidations<'a>),
}

/// `xl_standby_lock`: an AccessExclusiveLock on a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Lock {
    /// The transaction that holds it.
    pub xid: Xid,
    /// The relation's database, 0 for a shared relation.
    pub db_oid: Oid,
    /// The relation.
    pub rel_oid: Oid,
}

/// `xl_running_xacts`: a snapshot.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RunningXacts<'a> {
    /// Whether subtransactions are missing from it because there were too many.
    pub subxid_overflow: bool,
    /// The next transaction.
    pub next_xid: Xid,
    /// The oldest that runs.
    pub oldest_running_xid: Xid,
    /// The newest that has ended.
    pub latest_completed_xid: Xid,
    /// Transactions that run: the first `xcnt` of xids.
    pub xids: Array<'a, Xid>,
    /// Their subtransactions: the `subxcnt` after them.
    pub subxids: Array<'a, Xid>,
}

/// `xl_invalidations`: of transactions that have no xid and so no commit record.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CacheInvalidations<'a> {
    /// The database.
    pub db_id: Oid,
    /// Its tablespace.
    pub ts_id: Oid,
    /// Whether the file with which the relation cache begins is removed.
    pub relcache_init_file_inval: bool,
    /// What others must forget.
    pub msgs: Invalidations<'a>,
}

impl Element for Lock {
    const SIZE: usize = 12;

    fn read(bytes: &[u8]) -> Option<Self> {
        let (rest, xid) = u32(bytes).ok()?;
        let (rest, db_oid) = u32(rest).ok()?;
        let (_, rel_oid) = u32(rest).ok()?;
        Some(Self { xid: Xid(xid), db_oid: Oid(db_oid), rel_oid: Oid(rel_oid) })
    }
}

impl<'a> RunningXacts<'a> {
    fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, xcnt) = u32(input)?;
        let (rest, subxcnt) = u32(rest)?;
        let (rest, subxid_overflow) = flag(rest)?;
        let (rest, ()) = skip(3)(rest)?;
        let (rest, next_xid) = u32(rest)?;
        let (rest, oldest_running_xid) = u32(rest)?;
        let (rest, latest_completed_xid) = u32(rest)?;
        let (rest, xids) = Array::parse(xcnt as usize)(rest)?;
        let (rest, subxids) = Array::parse(subxcnt as usize)(rest)?;
        let running = Self {
            subxid_overflow,
            next_xid: Xid(next_xid),
            oldest_running_xid: Xid(oldest_running_xid),
            latest_completed_xid: Xid(latest_completed_xid),
            xids,
            subxids,
        };
        Ok((rest, running))
    }

    /// `standby_desc_running_xacts`.
    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        out.text("nextXid ")?;
        out.number(self.next_xid.0)?;
        out.text(" latestCompletedXid ")?;
        out.number(self.latest_completed_xid.0)?;
        out.text(" oldestRunningXid ")?;
        out.number(self.oldest_running_xid.0)?;
        list(self.xids, " xacts:", out)?;
        let words = out.layout.running_words();
        if self.subxid_overflow {
            out.text(match words {
                RunningWords::Short => "; subxid ovf",
                RunningWords::Subxacts => "; subxid overflowed",
            })?;
        }
        match words {
            RunningWords::Short => Ok(()),
            RunningWords::Subxacts => list(self.subxids, " subxacts:", out),
        }
    }
}

/// How many there are, and which; nothing if there are none.
fn list(xids: Array<'_, Xid>, label: &str, out: &mut Desc<'_>) -> fmt::Result {
    if xids.is_empty() {
        return Ok(());
    }
    out.text("; ")?;
    out.number(xids.len())?;
    out.text(label)?;
    xids.iter().try_for_each(|xid| {
        out.text(" ")?;
        out.number(xid.0)
    })
}

impl<'a> CacheInvalidations<'a> {
    fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, db_id) = u32(input)?;
        let (rest, ts_id) = u32(rest)?;
        let (rest, relcache_init_file_inval) = flag(rest)?;
        let (rest, ()) = skip(3)(rest)?;
        let (rest, nmsgs) = u32(rest)?;
        let (rest, msgs) = Array::parse(nmsgs as usize)(rest)?;
        let (db_id, ts_id) = (Oid(db_id), Oid(ts_id));
        Ok((rest, Self { db_id, ts_id, relcache_init_file_inval, msgs }))
    }
}

impl<'a> Resource<'a> for Standby<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        match info {
            0x00 => Some("LOCK"),
            0x10 => Some("RUNNING_XACTS"),
            0x20 => Some("INVALIDATIONS"),
            _ => None,
        }
    }

    fn parse(record: &Record<'a>, _: &Dialect) -> Result<Self, ParseError> {
        match record.info() {
            0x00 => parse_at(record.main, 0, "xl_standby_locks", |input| {
                let (rest, nlocks) = u32(input)?;
                let (rest, locks) = Array::parse(nlocks as usize)(rest)?;
                Ok((rest, Self::Lock { locks }))
            }),
            0x10 => parse_at(record.main, 0, "xl_running_xacts", RunningXacts::parse)
                .map(Self::RunningXacts),
            0x20 => parse_at(record.main, 0, "xl_invalidations", CacheInvalidations::parse)
                .map(Self::Invalidations),
            _ => Err(unknown_type(record)),
        }
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::Lock { locks } => locks.iter().try_for_each(|Lock { xid, db_oid, rel_oid }| {
                write!(out, "xid {xid} db {db_oid} rel {rel_oid} ")
            }),
            Self::RunningXacts(running) => running.desc(out),
            Self::Invalidations(of) => {
                let init_file = of.relcache_init_file_inval.then_some((of.db_id, of.ts_id));
                inval::desc(of.msgs.iter(), init_file, out)
            }
        }
    }
}
