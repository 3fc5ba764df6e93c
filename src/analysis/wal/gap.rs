//! Records that cannot be read.
use crate::finding::{Finding, Place, rules};
use crate::format::wal::{Failure, Located, WalFault};
use crate::layout::Layout;
use crate::types::Lsn;
use crate::wal::{Gap, Log};

/// Records that cannot be read, as a finding.
pub(super) fn of_gap(gap: &Gap, layout: &Layout) -> Finding {
    let failure = &gap.failure;
    let place = Place {
        byte: Some(failure.page_offset().into()),
        timeline: Some(failure.timeline),
        lsn: Some(failure.record),
        ..Place::file(failure.segment())
    };
    let evidence = format!("records go on at {}", layout.lsn_text(gap.resumed));
    let rule = if failure.fault.is_of_record_only() {
        &rules::WAL_RECORD_UNDECODABLE
    } else {
        &rules::WAL_GAP
    };
    Finding::new(rule, place, evidence).says(failure.said(layout))
}

/// A record whose bytes are whole and cannot be taken apart.
pub(super) fn undecodable(log: &Log, located: &Located<'_>, fault: WalFault) -> Gap {
    let shape = &log.shape;
    let page = Lsn(located.lsn.0 & !u64::from(shape.block_size.saturating_sub(1)));
    let (record, timeline) = (located.lsn, located.timeline);
    let segment_size = shape.segment_size;
    let failure = Failure { fault, record, page, timeline, segment_size };
    Gap { after: Some(located.header.xl_prev), failure, resumed: located.next }
}
