//! What kind of end the WAL has.
use super::log::Log;
use crate::format::page::is_zeroed;
use crate::format::wal::{Failure, Pages as _, SegmentNumber, WalFault};
use crate::report::wal::check::EndClass;
use crate::types::Lsn;

/// What can be read behind the place where PostgreSQL stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// Nothing.
    Nothing,
    /// Records that are left from before a crash.
    Leftover,
    /// Records that are newer than those before.
    Records,
}

/// What kind of end `failure` is, behind a shutdown checkpoint if `shutdown`.
pub fn end_class(log: &Log, failure: &Failure, shutdown: bool, behind: Behind) -> EndClass {
    let mask = !u64::from(log.shape.block_size.saturating_sub(1));
    let begun = failure.page.0 > failure.record.0 & mask;
    match (behind, failure.fault) {
        (Behind::Leftover, _) => EndClass::Leftover,
        (Behind::Records, _) => EndClass::Damage,
        (_, WalFault::Missing) => EndClass::NoSegment,
        (_, WalFault::Short { .. }) => EndClass::Cut,
        (_, WalFault::SystemIdentifier { .. }) => EndClass::Foreign,
        (_, WalFault::Magic { xlp_magic: 1.. }) => EndClass::NotWal,
        // The record began on a page before, and this one was not written any more.
        _ if begun => EndClass::Torn,
        (_, WalFault::TooShort { xl_tot_len: 0 }) if is_unwritten(log, failure.record) => {
            EndClass::Clean
        }
        _ if shutdown => EndClass::Clean,
        (_, WalFault::Magic { xlp_magic: 0 }) => EndClass::Preallocated,
        (_, WalFault::PageAddress { xlp_pageaddr }) if xlp_pageaddr < failure.page => {
            EndClass::Recycled
        }
        _ => EndClass::Torn,
    }
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
