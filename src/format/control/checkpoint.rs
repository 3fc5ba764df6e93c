//! `CheckPoint` (catalog/pg_control.h): what a checkpoint record says, and pg_control's copy of it.
use crate::format::bytes::{flag, i32, i64, skip, u32, u64};
use crate::format::error::Parse;
use crate::layout::shape::CheckPointShape;
use crate::types::{FullXid, Lsn, MultiXactId, MultiXactOffset, Oid, TimelineId, UnixTime, Xid};

/// A checkpoint, under its C names. What some majors do not record is an `Option`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CheckPoint {
    /// Where recovery from this checkpoint starts.
    pub redo: Lsn,
    /// Timeline.
    pub this_timeline_id: TimelineId,
    /// The timeline before, if the record begins a new one; else the same.
    pub prev_timeline_id: TimelineId,
    /// full_page_writes.
    pub full_page_writes: bool,
    /// wal_level (17 and later).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wal_level: Option<i32>,
    /// Whether WAL carries what logical decoding needs (19 and later).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logical_decoding_enabled: Option<bool>,
    /// Next free transaction id.
    pub next_xid: FullXid,
    /// Next free oid.
    pub next_oid: Oid,
    /// Next free multixact.
    pub next_multi: MultiXactId,
    /// Next free place for multixact members.
    pub next_multi_offset: MultiXactOffset,
    /// Oldest datfrozenxid of all databases.
    pub oldest_xid: Xid,
    /// The database that has it.
    pub oldest_xid_db: Oid,
    /// Oldest datminmxid of all databases.
    pub oldest_multi: MultiXactId,
    /// The database that has it.
    pub oldest_multi_db: Oid,
    /// When the checkpoint was made.
    pub time: UnixTime,
    /// Oldest transaction with a commit timestamp, invalid if none.
    pub oldest_commit_ts_xid: Xid,
    /// Newest transaction with a commit timestamp, invalid if none.
    pub newest_commit_ts_xid: Xid,
    /// Oldest transaction still running; invalid in a shutdown checkpoint or below `replica`.
    pub oldest_active_xid: Xid,
}

/// What precedes the counters: all that changed place between majors.
struct Head {
    redo: Lsn,
    this_timeline_id: TimelineId,
    prev_timeline_id: TimelineId,
    full_page_writes: bool,
    wal_level: Option<i32>,
    logical_decoding_enabled: Option<bool>,
}

impl CheckPoint {
    /// Reads one; in memory and in WAL it has the same bytes.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`] only.
    pub fn parse(input: &[u8], shape: CheckPointShape) -> Parse<'_, Self> {
        let (rest, head) = Head::parse(input, shape)?;
        let (rest, full_xid) = u64(rest)?;
        let (rest, next_oid) = u32(rest)?;
        let (rest, next_multi) = u32(rest)?;
        let (rest, next_multi_offset) = match shape {
            CheckPointShape::Plain | CheckPointShape::WalLevel => {
                u32(rest).map(|(rest, offset)| (rest, u64::from(offset)))?
            }
            CheckPointShape::LogicalDecoding => u64(rest)?,
        };
        let (rest, oldest_xid) = u32(rest)?;
        let (rest, oldest_xid_db) = u32(rest)?;
        let (rest, oldest_multi) = u32(rest)?;
        let (rest, oldest_multi_db) = u32(rest)?;
        let (rest, ()) = match shape {
            CheckPointShape::Plain | CheckPointShape::WalLevel => skip(4)(rest)?,
            CheckPointShape::LogicalDecoding => (rest, ()),
        };
        let (rest, time) = i64(rest)?;
        let (rest, oldest_commit_ts_xid) = u32(rest)?;
        let (rest, newest_commit_ts_xid) = u32(rest)?;
        let (rest, oldest_active_xid) = u32(rest)?;
        let (rest, ()) = skip(4)(rest)?;
        let checkpoint = Self {
            redo: head.redo,
            this_timeline_id: head.this_timeline_id,
            prev_timeline_id: head.prev_timeline_id,
            full_page_writes: head.full_page_writes,
            wal_level: head.wal_level,
            logical_decoding_enabled: head.logical_decoding_enabled,
            next_xid: FullXid(full_xid),
            next_oid: Oid(next_oid),
            next_multi: MultiXactId(next_multi),
            next_multi_offset: MultiXactOffset(next_multi_offset),
            oldest_xid: Xid(oldest_xid),
            oldest_xid_db: Oid(oldest_xid_db),
            oldest_multi: MultiXactId(oldest_multi),
            oldest_multi_db: Oid(oldest_multi_db),
            time: UnixTime(time),
            oldest_commit_ts_xid: Xid(oldest_commit_ts_xid),
            newest_commit_ts_xid: Xid(newest_commit_ts_xid),
            oldest_active_xid: Xid(oldest_active_xid),
        };
        Ok((rest, checkpoint))
    }
}

impl Head {
    fn parse(input: &[u8], shape: CheckPointShape) -> Parse<'_, Self> {
        let (rest, redo) = u64(input)?;
        let (rest, this_timeline_id) = u32(rest)?;
        let (rest, prev_timeline_id) = u32(rest)?;
        let (rest, full_page_writes) = flag(rest)?;
        let (rest, ()) = skip(3)(rest)?;
        let (rest, level) = i32(rest)?;
        let (rest, wal_level, logical_decoding_enabled) = match shape {
            CheckPointShape::Plain => (rest, None, None),
            CheckPointShape::WalLevel => (rest, Some(level), None),
            CheckPointShape::LogicalDecoding => {
                let (rest, enabled) = flag(rest)?;
                let (rest, ()) = skip(7)(rest)?;
                (rest, Some(level), Some(enabled))
            }
        };
        let head = Self {
            redo: Lsn(redo),
            this_timeline_id: TimelineId(this_timeline_id),
            prev_timeline_id: TimelineId(prev_timeline_id),
            full_page_writes,
            wal_level,
            logical_decoding_enabled,
        };
        Ok((rest, head))
    }
}
