//! What kind of end the WAL has.
use crate::format::page::is_zeroed;
use crate::format::wal::{Failure, Pages as _, SegmentNumber, WalFault};
use crate::report::wal::check::{End, EndClass, Stretch};
use crate::types::Lsn;
use crate::wal::Log;

/// Judges the place where PostgreSQL stops reading, with the records before it and those behind.
pub(super) fn end(log: &Log, failure: &Failure, valid: &Stretch, beyond: &Stretch) -> End {
    let class = class(log, failure, valid, beyond);
    let segment = SegmentNumber::of(failure.page, failure.segment_size);
    let file = log.segments().get(&segment).map(|file| file.path.clone());
    End {
        lsn: failure.record,
        page_lsn: failure.page,
        segment: failure.segment(),
        file,
        offset: failure.page_offset(),
        class,
        explanation: explanation(class, valid, beyond),
        postgres_says: failure.said(log.dialect.layout),
    }
}

fn class(log: &Log, failure: &Failure, valid: &Stretch, beyond: &Stretch) -> EndClass {
    if beyond.records > 0 {
        return if is_older(valid, beyond) { EndClass::Leftover } else { EndClass::Damage };
    }
    let mask = !u64::from(log.shape.block_size.saturating_sub(1));
    let begun = failure.page.0 > failure.record.0 & mask;
    match failure.fault {
        WalFault::Missing => EndClass::NoSegment,
        WalFault::Short { .. } => EndClass::Cut,
        WalFault::SystemIdentifier { .. } => EndClass::Foreign,
        // The record began on a page before, and this one was not written any more.
        _ if begun => EndClass::Torn,
        WalFault::TooShort { xl_tot_len: 0 } if is_unwritten(log, failure.record) => {
            EndClass::Clean
        }
        _ if valid.shutdown => EndClass::Clean,
        WalFault::Magic { xlp_magic: 0 } => EndClass::Preallocated,
        WalFault::PageAddress { xlp_pageaddr } if xlp_pageaddr < failure.page => EndClass::Recycled,
        _ => EndClass::Torn,
    }
}

/// Whether the last commit before is later than the first one behind: these records are what a
/// server wrote before a crash, and recovery went on writing where they could not be read.
fn is_older(valid: &Stretch, beyond: &Stretch) -> bool {
    matches!((valid.until, beyond.since), (Some(until), Some(since)) if since < until)
}

/// Whether the rest of the page is zero.
fn is_unwritten(log: &Log, at: Lsn) -> bool {
    let block = u64::from(log.shape.block_size);
    let page = Lsn(at.0 & !(block - 1));
    let window = log.window(SegmentNumber::of(at, log.shape.segment_size));
    let bytes = window.page(page).unwrap_or_default();
    let inside = usize::try_from(at.0 - page.0).unwrap_or(usize::MAX);
    bytes.get(inside..).is_some_and(is_zeroed)
}

fn explanation(class: EndClass, valid: &Stretch, beyond: &Stretch) -> String {
    let records = beyond.records;
    match class {
        EndClass::Clean if valid.shutdown => {
            "The last record is a shutdown checkpoint: the server was stopped, and nothing is missing.".into()
        }
        EndClass::Clean => {
            "The rest of the page is zero: nothing was written behind the last record. This is how the WAL of a killed server usually ends, and the message says no more than that.".into()
        }
        EndClass::Torn => {
            "A record begins here that was not written to its end, as at a crash: it was not flushed, so nothing in it was promised to any client. No valid record is behind it.".into()
        }
        EndClass::Recycled => {
            "What follows is an old segment under a new name that was not written over yet. This is a normal end of WAL.".into()
        }
        EndClass::Preallocated => {
            "What follows is zero: a page that was not written yet. This is a normal end of WAL.".into()
        }
        EndClass::NoSegment => {
            "The segment in which WAL would go on is not there. If it should be, look for it in the archive.".into()
        }
        EndClass::Cut => {
            "The file ends before its segment does: it is being written or copied, or was cut. No valid record is behind it.".into()
        }
        EndClass::Foreign => {
            "The next segment is of another cluster.".into()
        }
        EndClass::Damage => format!(
            "This is not the end of WAL but damage: {records} records with {} commits are behind it. PostgreSQL does not see them, and a server that recovers from this copy loses them. Look for the segment elsewhere before any server is started.",
            beyond.commits
        ),
        EndClass::Leftover => format!(
            "{records} records behind it can be read too, but they are older than the last ones before it: a server wrote them before a crash, and recovery went on writing from an earlier place. This is a normal end of WAL."
        ),
    }
}
