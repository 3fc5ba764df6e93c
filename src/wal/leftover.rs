//! Records left from before a crash. Recovery goes on writing behind the last record that it could
//! read. What the server had written further on stays in the file until it is written over: records
//! in their places and with the right CRC, so that only when they were written tells that they are
//! no WAL any more. No server reads them, and nothing of them is lost.
//!
//! Two things tell:
//! * An xid that is older than a shutdown checkpoint before it: behind such a checkpoint, which
//!   recovery writes at its end too (`CreateCheckPoint`, access/transam/xlog.c), no transaction goes
//!   on that was there before it.
//! * Ends of transactions that are all older than the last one before, by so much that no order of
//!   commits explains it.
use super::log::Log;
use super::segment::{Event, SegmentReader};
use super::walk::Range;
use crate::format::wal::rmgr::Resource as _;
use crate::format::wal::rmgr::xact::Xact;
use crate::format::wal::rmgr::xlog::Xlog;
use crate::format::wal::{Record, SegmentNumber};
use crate::types::{Lsn, TimestampTz, Xid};

/// `RM_XLOG_ID`.
const RM_XLOG: u8 = 0;
/// `RM_XACT_ID`.
const RM_XACT: u8 = 1;
/// Ends of transactions behind a gap that are looked at.
const SAMPLE: usize = 64;
/// Segments behind a gap that are looked into.
const AHEAD: usize = 4;
/// In microseconds.
const SECOND: i64 = 1_000_000;
/// How much later in WAL a transaction can end than another that ended after it, in microseconds.
const DISORDER: i64 = 1_000_000;

/// What a record says of when it was written.
#[derive(Debug, Default)]
struct Dated {
    /// When a transaction ended, or a server began to write behind what it had recovered.
    time: Option<TimestampTz>,
    /// The next xid of a shutdown checkpoint.
    next_xid: Option<Xid>,
    xid: Xid,
}

/// Whether the records from `resumed` on are older than the one at `after`, with nothing between
/// them that can be read.
pub(super) fn is_leftover(log: &Log, after: Lsn, resumed: Lsn) -> bool {
    let (time, next_xid) = before(log, after);
    let (mut ended, mut latest) = (0, TimestampTz::NEG_INFINITY);
    let mut reused = false;
    let segments = log.segments().range(SegmentNumber::of(resumed, log.shape.segment_size)..);
    for (segment, _) in segments.take(AHEAD) {
        each(log, *segment, |lsn, dated| {
            if lsn < resumed {
                return true;
            }
            reused |=
                next_xid.is_some_and(|next| dated.xid.is_normal() && dated.xid.precedes(next));
            // Times of checkpoints are those of their begin, long before the record.
            if let Some(time) = dated.time.filter(|_| dated.next_xid.is_none()) {
                (ended, latest) = (ended + 1, latest.max(time));
            }
            !reused && ended < SAMPLE
        });
        if reused || ended >= SAMPLE {
            break;
        }
    }
    let is_older = |time: TimestampTz| ended > 0 && latest.0 < time.0.saturating_sub(DISORDER);
    reused || time.is_some_and(is_older)
}

/// The latest time up to the record at `after`, and what the last shutdown checkpoint says is the
/// next xid: of the last segment that has a time.
fn before(log: &Log, after: Lsn) -> (Option<TimestampTz>, Option<Xid>) {
    let (mut time, mut next_xid, mut opened) = (None, None, None);
    let segments = log.segments().range(..=SegmentNumber::of(after, log.shape.segment_size));
    for (segment, _) in segments.rev() {
        each(log, *segment, |lsn, dated| {
            if lsn <= after {
                next_xid = dated.next_xid.or(next_xid);
                if dated.next_xid.is_some() {
                    opened = dated.time;
                } else if dated.time.is_some() {
                    (time, opened) = (time.max(dated.time), None);
                }
            }
            lsn < after
        });
        if time.is_some() || opened.is_some() {
            break;
        }
    }
    // A server that wrote no more than the checkpoint of its start: all before is from before the
    // end of the second that this names, and out of order with nothing.
    let opened = opened.map(|at| TimestampTz(at.0.saturating_add(SECOND + DISORDER)));
    (time.max(opened), next_xid)
}

/// Shows what dates the records of a segment, until `look` has seen enough.
fn each(log: &Log, segment: SegmentNumber, mut look: impl FnMut(Lsn, Dated) -> bool) {
    let window = log.window(segment);
    let mut reader = SegmentReader::all(&window, log.shape, segment, Range::default());
    while let Some(event) = reader.read() {
        let Event::Record(located) = event else { continue };
        let Ok(record) = Record::parse(located.bytes, &log.dialect) else { continue };
        if !look(located.lsn, dated(log, &record)) {
            return;
        }
    }
}

fn dated(log: &Log, record: &Record<'_>) -> Dated {
    let xid = record.header.xl_xid;
    let mut dated = Dated { xid, ..Dated::default() };
    match record.header.xl_rmid {
        RM_XACT => {
            if let Ok(Xact::Commit(of) | Xact::Abort(of)) = Xact::parse(record, &log.dialect) {
                dated.time = Some(of.xact_time);
            }
        }
        RM_XLOG => {
            if let Ok(Xlog::CheckpointShutdown(of)) = Xlog::parse(record, &log.dialect) {
                dated.time = TimestampTz::of_unix(of.time);
                dated.next_xid = Some(of.next_xid.xid());
            }
        }
        _ => {}
    }
    dated
}
