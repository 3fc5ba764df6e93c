//! Records that cannot be read.
use crate::finding::{Finding, Place, rules};
use crate::layout::Layout;
use crate::wal::Gap;

/// Records that cannot be read, as a finding.
pub(in crate::analysis) fn of_gap(gap: &Gap, layout: &Layout) -> Finding {
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
