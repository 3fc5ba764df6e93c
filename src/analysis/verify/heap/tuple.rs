//! Tuple headers (`check_tuple_header`, contrib/amcheck/verify_heapam.c).
use super::sound::ahead;
use super::{Found, Known, MAX_ATTRIBUTES, Shape, Slot, State, numbered, values};
use crate::analysis::visibility::Transactions;
use crate::cluster::TxStatus;
use crate::finding::{Finding, Place, rules};
use crate::format::bytes::align;
use crate::format::heap::{HeapTuple, HeapTupleHeader, TUPLE_HEADER_SIZE};
use crate::format::page::Page;
use crate::types::{FullXid, OffsetNumber, Xid};
use std::ops::RangeInclusive;

/// Where the data of a tuple may begin. There is one such place, unless an oid (4 bytes) or an
/// IvorySQL ROWID (8 bytes) lies before it: the header does not say which.
#[inline]
pub(in crate::analysis::verify) fn data_offset(header: &HeapTupleHeader) -> RangeInclusive<u32> {
    let bare = TUPLE_HEADER_SIZE + header.bitmap_len();
    let (least, most) =
        if header.t_infomask.has_oid_old() { (bare + 4, bare + 8) } else { (bare, bare) };
    // A bitmap of 2047 attributes has 256 bytes.
    #[expect(clippy::cast_possible_truncation, reason = "at most 23 + 256 + 8, aligned")]
    let aligned = |size| align(size, 8) as u32;
    aligned(least)..=aligned(most)
}

/// Judges every tuple header by itself.
pub(super) fn judge<X: Transactions>(
    page: &Page<'_>,
    known: &Known<'_, X>,
    slots: &[Slot],
    found: &mut Found<'_>,
) {
    for (number, slot) in numbered(slots) {
        if let State::Tuple(header) = slot.state {
            let mut push = |finding| found(Some(OffsetNumber(number)), finding);
            let (begins, shape) = (data(&header, slot.len, &mut push), known.shape);
            // The table's own columns count only for rows that are certain to be of its present
            // shape: ALTER TABLE may have been rolled back.
            let shape = shape.filter(|_| is_certain(known, &header));
            let fits = attributes(&header, shape.map(Shape::natts), &mut push);
            let tuple = page.item(OffsetNumber(number)).and_then(|i| HeapTuple::behind(i, page));
            if let (true, true, Some(shape), Some(tuple)) = (begins, fits, shape, tuple) {
                values::judge(shape, &tuple, &mut push);
            }
            flags(&header, &mut push);
            if let Some(next) = known.next_xid {
                xids(&header, next, &mut push);
            }
        }
    }
}

/// Whether a transaction that certainly committed wrote the tuple. Hints are not enough: the catalogs
/// are read by the log.
fn is_certain<X: Transactions>(known: &Known<'_, X>, header: &HeapTupleHeader) -> bool {
    header.t_infomask.xmin_frozen()
        || known.transactions.status(header.t_xmin) == TxStatus::Committed
}

/// Whether the data begins where it should.
fn data(header: &HeapTupleHeader, len: u16, push: &mut dyn FnMut(Finding)) -> bool {
    let (hoff, natts) = (u32::from(header.t_hoff), header.t_infomask2.natts());
    let (infomask, expected) = (header.t_infomask, data_offset(header));
    let evidence =
        format!("t_hoff {hoff}, lp_len {len}, {natts} attributes, t_infomask {:#06x}", infomask.0);
    let mut sound = true;
    let mut finding = |says| {
        sound = false;
        let finding = Finding::new(&rules::TUPLE_DATA_OFFSET, Place::default(), evidence.clone());
        push(finding.says(says));
    };
    if hoff > u32::from(len) {
        finding(format!("data begins at offset {hoff} beyond the tuple length {len}"));
    }
    if !expected.contains(&hoff) || !hoff.is_multiple_of(8) {
        let attributes = if natts == 1 { "attribute" } else { "attributes" };
        let nulls = if infomask.has_null() { "has nulls" } else { "no nulls" };
        finding(format!(
            "tuple data should begin at byte {}, but actually begins at byte {hoff} \
             ({natts} {attributes}, {nulls})",
            expected.start()
        ));
    }
    sound
}

/// Whether there are no more attributes than can be.
fn attributes(
    header: &HeapTupleHeader,
    of_table: Option<u16>,
    push: &mut dyn FnMut(Finding),
) -> bool {
    let natts = header.t_infomask2.natts();
    let most = of_table.unwrap_or(MAX_ATTRIBUTES).min(MAX_ATTRIBUTES);
    if natts > most {
        let evidence = format!("{natts} attributes, at most {most} are possible");
        let finding = Finding::new(&rules::TUPLE_ATTRIBUTES, Place::default(), evidence);
        let says =
            format!("number of attributes {natts} exceeds maximum expected for table {most}");
        push(finding.says(says));
    }
    natts <= most
}

fn flags(header: &HeapTupleHeader, push: &mut dyn FnMut(Finding)) {
    let (infomask, infomask2) = (header.t_infomask, header.t_infomask2);
    let mut finding = |says: &str| {
        let evidence = format!(
            "t_infomask {:#06x}, t_infomask2 {:#06x}, t_xmax {}",
            infomask.0, infomask2.0, header.t_xmax
        );
        push(Finding::new(&rules::TUPLE_FLAGS, Place::default(), evidence).says(says));
    };
    if infomask.xmax_committed() && infomask.xmax_is_multi() {
        finding("multixact should not be marked committed");
    }
    if header.hot_updated() && header.t_xmax == Xid::INVALID {
        finding("tuple has been HOT updated, but xmax is 0");
    }
    if infomask2.only_tuple() && !infomask.updated() {
        finding("tuple is heap only, but not the result of an update");
    }
}

fn xids(header: &HeapTupleHeader, next: FullXid, push: &mut dyn FnMut(Finding)) {
    let infomask = header.t_infomask;
    let (epoch, next_xid) = (next.epoch(), next.xid());
    let mut finding = |field: &str, xid: Xid| {
        let evidence = format!("{field} {xid}, the next transaction id is {next_xid}");
        let finding = Finding::new(&rules::XID_IN_FUTURE, Place::default(), evidence);
        push(finding.says(format!(
            "{field} {xid} equals or exceeds next valid transaction ID {epoch}:{next_xid}"
        )));
    };
    if !infomask.xmin_frozen() && ahead(header.t_xmin, Some(next)) {
        finding("xmin", header.t_xmin);
    }
    if !infomask.xmax_is_multi() && !infomask.xmax_invalid() && ahead(header.t_xmax, Some(next)) {
        finding("xmax", header.t_xmax);
    }
}
