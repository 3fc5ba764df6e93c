//! Tuples of tables and sequences (access/htup_details.h).
use super::claims::{Claims, Row};
use super::{Column, Subject, page, words};
use crate::format::heap::{Attr, HeapTuple, deform};
use crate::format::page::{ItemId, LpFlags};
use crate::layout::catalog::Align;
use crate::report::page::{Item, Status, Tuple, TupleFate, Use};
use crate::types::{OffsetNumber, Oid};

const HEADER: &str = "access/htup_details.h";

/// The line pointers and tuples; `items` are what became of them.
pub(super) fn claim(subject: &Subject<'_>, items: &[Item], claims: &mut Claims) {
    page::pointers(subject.page, true, claims);
    for (number, id, bytes) in page::stored(subject.page) {
        let decoded = items.get(usize::from(number.0.saturating_sub(1)));
        let decoded = decoded.and_then(|item| item.tuple.as_ref());
        match (HeapTuple::behind(id, subject.page), decoded) {
            (Some(tuple), Some(decoded)) => {
                self::tuple(subject, (number, id), &tuple, decoded, claims);
            }
            _ => page::unreadable(number, id, bytes, claims),
        }
    }
}

fn tuple(
    subject: &Subject<'_>,
    (number, id): (OffsetNumber, ItemId),
    tuple: &HeapTuple<'_>,
    decoded: &Tuple,
    claims: &mut Claims,
) {
    let start = usize::from(id.lp_off());
    let of = match decoded.fate {
        _ if id.lp_flags() == LpFlags::Dead => Use::Dead,
        TupleFate::Live => Use::Live,
        TupleFate::Dead | TupleFate::Deleted => Use::Dead,
        _ => Use::Unsure,
    };
    let name = format!("tuple {number}, {}", decoded.fate.name());
    let mut row = claims.numbered((of, number.0), name, HEADER, start);
    fixed(tuple, decoded, (subject, number), &mut row);
    let bits = tuple.null_bitmap().map_or(0, <[u8]>::len);
    if let Some(t_bits) = &decoded.t_bits {
        row.field(
            bits,
            "t_bits",
            t_bits,
            "Null bitmap: 1 for each attribute that has a value, 0 \
            for one that is null.",
        );
    }
    let end = start + tuple.bytes.len();
    let Some(data) = tuple.data() else {
        row.rest(end, "t_data", "t_hoff makes no sense, so it cannot be told where values begin.");
        return;
    };
    let data = end - data.len();
    let before = decoded.t_oid.map(|oid| {
        (
            4,
            "t_oid",
            oid.to_string(),
            "The row's oid, of a table \
        made WITH OIDS before PostgreSQL 12.",
        )
    });
    let rowid = decoded.rowid.as_ref();
    let before = before.or(rowid.map(|id| (8, "rowid", id.clone(), "The row's ROWID.")));
    if let Some((size, name, value, meaning)) = before {
        row.padding(data - size).field(size, name, value, meaning);
    }
    row.padding(data);
    attributes(subject, tuple, start, &mut row);
    row.rest(end, "t_data", "Values of columns that are not known.");
}

/// The 23 bytes that every tuple begins with.
fn fixed(
    tuple: &HeapTuple<'_>,
    decoded: &Tuple,
    (subject, number): (&Subject<'_>, OffsetNumber),
    row: &mut Row<'_>,
) {
    let header = &tuple.header;
    let xmax = match (&decoded.multixact, decoded.xmax_status) {
        (Some(_), _) => "The multixact that locked or changed it.".to_owned(),
        (None, Some(status)) => {
            format!("The transaction that deleted, replaced or locked it: {}.", status.name())
        }
        (None, None) => "No transaction deleted, replaced or locked it.".to_owned(),
    };
    let xmin = match decoded.xmin_status {
        Status::Frozen => "The transaction that inserted it: frozen, so that everyone sees it.",
        Status::Committed => "The transaction that inserted it: committed.",
        Status::Aborted => "The transaction that inserted it: aborted.",
        Status::InProgress => "The transaction that inserted it: in progress.",
        Status::Unknown => "The transaction that inserted it; what became of it is not known.",
    };
    let own = header.t_ctid.block == subject.block && header.t_ctid.offset == number;
    let ctid = match (own, header.hot_updated()) {
        (true, _) => "Its own place: there is no newer version.",
        (false, true) => "Where the newer version of the row is, on this page (HOT).",
        (false, false) => "Where the newer version of the row is, or a mark in its place.",
    };
    let infomask2 = words(header.t_infomask2.0, header.t_infomask2.names());
    let meaning = if decoded.meaning.is_empty() {
        "Flags.".to_owned()
    } else {
        format!("Flags; with t_infomask2 and t_ctid they say: {}.", decoded.meaning.join(", "))
    };
    row.field(4, "t_xmin", header.t_xmin, xmin)
        .field(4, "t_xmax", header.t_xmax, xmax)
        .field(
            4,
            "t_field3",
            header.t_field3,
            "The command in its transaction that inserted or \
            deleted it, or a combo command id for both (t_cid).",
        )
        .field(6, "t_ctid", header.t_ctid, ctid)
        .field(
            2,
            "t_infomask2",
            infomask2,
            format!("Flags, and in the low 11 bits the number of attributes: {}.", decoded.natts),
        )
        .field(2, "t_infomask", words(header.t_infomask.0, header.t_infomask.names()), meaning)
        .field(
            1,
            "t_hoff",
            header.t_hoff,
            "Where the values begin, in bytes from the start of \
            the tuple.",
        );
}

/// Each value, as far as the columns are known.
fn attributes(subject: &Subject<'_>, tuple: &HeapTuple<'_>, start: usize, row: &mut Row<'_>) {
    let mut values = deform(subject.columns.iter().map(|column| column.storage), tuple);
    for (number, column) in (1..).zip(subject.columns) {
        let Some(Ok(datum)) = values.next() else { return };
        let place = values.place();
        if place.is_empty() {
            continue;
        }
        let value = column.text(&datum, subject);
        row.padding(start + place.start);
        row.field(place.len(), column.name.clone(), value, column.meaning(number));
    }
}

/// A sequence's one row, and what says that it is one.
pub(super) fn sequence(subject: &Subject<'_>, items: &[Item], claims: &mut Claims) {
    let column = |name: &str, (len, align): (i16, Align), oid, type_name: &str| Column {
        name: name.to_owned(),
        storage: Attr { len, align, by_val: true },
        type_oid: Oid(oid),
        type_name: type_name.to_owned(),
    };
    let columns = [
        column("last_value", (8, Align::Double), 20, "bigint"),
        column("log_cnt", (8, Align::Double), 20, "bigint"),
        column("is_called", (1, Align::Char), 16, "boolean"),
    ];
    claim(&Subject { columns: &columns, ..*subject }, items, claims);
    let start = usize::from(subject.page.header().pd_special);
    if let Some(magic) = subject.page.special().first_chunk::<4>() {
        let magic = format!("{:#06x}", u32::from_le_bytes(*magic));
        claims
            .part(Use::Special, "special space (sequence_magic)", "commands/sequence.c", start)
            .field(4, "magic", magic, "Says that this is a sequence: 0x1717.")
            .padding(start + subject.page.special().len());
    }
}
