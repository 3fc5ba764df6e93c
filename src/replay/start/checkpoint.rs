//! The checkpoint record that recovery begins with (`ReadCheckpointRecord`,
//! access/transam/xlogrecovery.c).
use crate::format::control::CheckPoint;
use crate::format::wal::rmgr::Resource as _;
use crate::format::wal::rmgr::xlog::Xlog;
use crate::format::wal::{Failure, Located, Reader, Record, SegmentNumber};
use crate::types::{Lsn, TimelineId};
use crate::wal::{Gap, Log};

/// `RM_XLOG_ID`.
const RM_XLOG: u8 = 0;
/// `SizeOfXLogShortPHD`.
const PAGE_HEADER: u64 = 24;

/// A checkpoint record.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Where it begins.
    pub(super) lsn: Lsn,
    pub(super) checkpoint: CheckPoint,
    /// Whether the server was shut down by it.
    pub(super) shutdown: bool,
    /// Where the next record would begin.
    pub(super) next: Lsn,
}

/// Whether a record can begin there (`XRecOffIsValid`, access/xlog_internal.h).
pub(super) const fn is_place(lsn: Lsn, block_size: u32) -> bool {
    lsn.0 & (block_size as u64).saturating_sub(1) >= PAGE_HEADER
}

/// Reads the checkpoint record at `lsn`, which has to be on a timeline that is `expected`.
///
/// # Errors
/// What the server says of it.
pub(super) fn read(
    log: &Log,
    lsn: Lsn,
    expected: impl Fn(TimelineId) -> bool,
) -> Result<Found, String> {
    if !is_place(lsn, log.shape.block_size) {
        return Err("invalid checkpoint location".into());
    }
    let layout = log.dialect.layout;
    let window = log.window(SegmentNumber::of(lsn, log.shape.segment_size));
    let mut reader = Reader::new(&window, log.shape, lsn);
    let found = reader.advance().map_err(|failure| failure.said(layout))?;
    let located = reader.lend(found);
    check_timeline(log, &located, expected).map_err(|failure| failure.said(layout))?;
    let record = Record::parse(located.bytes, &log.dialect)
        .map_err(|_| "invalid checkpoint record".to_owned())?;
    if record.header.xl_rmid != RM_XLOG {
        return Err("invalid resource manager ID in checkpoint record".into());
    }
    let next = located.next;
    match Xlog::parse(&record, &log.dialect) {
        Ok(Xlog::CheckpointShutdown(of)) => {
            Ok(Found { lsn, checkpoint: *of, shutdown: true, next })
        }
        Ok(Xlog::CheckpointOnline(of)) => Ok(Found { lsn, checkpoint: *of, shutdown: false, next }),
        Ok(_) => Err("invalid xl_info in checkpoint record".into()),
        Err(_) => Err("invalid length of checkpoint record".into()),
    }
}

/// Whether a record on a timeline that is `expected` begins at `redo`, and whether it is one that says
/// that a checkpoint does.
///
/// # Errors
/// Why none does.
pub(super) fn read_redo(
    log: &Log,
    redo: Lsn,
    expected: impl Fn(TimelineId) -> bool,
) -> Result<bool, Failure> {
    let window = log.window(SegmentNumber::of(redo, log.shape.segment_size));
    let mut reader = Reader::new(&window, log.shape, redo);
    let found = reader.advance()?;
    let located = reader.lend(found);
    check_timeline(log, &located, expected)?;
    let Ok(record) = Record::parse(located.bytes, &log.dialect) else { return Ok(false) };
    let is_xlog = record.header.xl_rmid == RM_XLOG;
    Ok(is_xlog && matches!(Xlog::parse(&record, &log.dialect), Ok(Xlog::CheckpointRedo { .. })))
}

fn check_timeline(
    log: &Log,
    located: &Located<'_>,
    expected: impl Fn(TimelineId) -> bool,
) -> Result<(), Failure> {
    let known = expected(located.last_page.1);
    if known { Ok(()) } else { Err(Gap::of_other_timeline(log, located).failure) }
}
