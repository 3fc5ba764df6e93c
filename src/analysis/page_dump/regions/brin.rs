//! Pages of BRIN indexes (access/brin_page.h, access/brin_tuple.h).
use super::claims::{Claims, Row};
use super::value::cut;
use super::{Subject, page};
use crate::format::index::brin::{Kind, Meta, Summary, flags, revmap};
use crate::format::page::{HEADER_SIZE, Page};
use crate::report::page::Use;
use crate::types::Tid;

const HEADER: &str = "access/brin_page.h";

pub(super) fn claim(subject: &Subject<'_>, claims: &mut Claims) {
    let page = subject.page;
    let Some(kind) = Kind::of(page) else { return super::unknown(page, claims) };
    special(subject, kind, claims);
    match kind {
        Kind::Meta => {
            if let Ok(meta) = Meta::of(page) {
                metapage(&meta, claims);
            }
        }
        Kind::Revmap => map(subject, claims),
        Kind::Regular => {
            page::pointers(page, false, claims);
            summaries(subject, claims);
        }
        Kind::Unknown(_) => super::unknown(page, claims),
    }
}

fn special(subject: &Subject<'_>, kind: Kind, claims: &mut Claims) {
    let page = subject.page;
    let (start, end) = (usize::from(page.header().pd_special), page.bytes().len());
    let mut row = claims.part(Use::Special, "special space (BrinSpecialSpace)", HEADER, start);
    row.padding(end.saturating_sub(4))
        .field(
            2,
            "flags",
            flags(page).unwrap_or(0),
            "1 while the page is being emptied to become \
            part of the map.",
        )
        .field(
            2,
            "type",
            kind,
            "What kind of page it is: 0xf091 meta, 0xf092 map, 0xf093 \
            regular.",
        );
}

fn metapage(meta: &Meta, claims: &mut Claims) {
    claims
        .part(Use::Meta, "metapage (BrinMetaPageData)", HEADER, HEADER_SIZE)
        .field(
            4,
            "brinMagic",
            format!("{:#010x}", meta.brinMagic),
            "Says that this is a BRIN \
            index: 0xa8109cfa.",
        )
        .field(4, "brinVersion", meta.brinVersion, "Version of the index: 1.")
        .field(4, "pagesPerRange", meta.pagesPerRange, "Blocks of the table in a range.")
        .field(4, "lastRevmapPage", meta.lastRevmapPage, "The last block of the map.");
}

/// Where the summary of each range is: of runs of ranges without one, as many as there are.
fn map(subject: &Subject<'_>, claims: &mut Claims) {
    let mut at = HEADER_SIZE;
    let mut entries = revmap(subject.page).enumerate().peekable();
    while let Some((first, tid)) = entries.next() {
        let none = tid == Tid::default();
        let mut last = first;
        while let Some((next, _)) = entries.next_if(|(_, next)| none && *next == tid) {
            last = next;
        }
        let (of, name) = match (none, last - first) {
            (true, 1..) => (Use::EmptyMap, format!("rm_tids[{first}..{last}]")),
            (true, 0) => (Use::EmptyMap, format!("rm_tids[{first}]")),
            (false, _) => (Use::Map, format!("rm_tids[{first}]")),
        };
        let (value, meaning) = if none {
            ("(0,0)".to_owned(), "Ranges without a summary, counted from the first of this page.")
        } else {
            (
                tid.to_string(),
                "Where the summary of the range is, counted from the first of this \
                page.",
            )
        };
        let size = 6 * (last - first + 1);
        claims
            .part(of, "map of ranges (RevmapContents)", HEADER, at)
            .field(size, name, value, meaning);
        at += size;
    }
}

fn summaries(subject: &Subject<'_>, claims: &mut Claims) {
    for (number, item, bytes) in page::stored(subject.page) {
        let Ok((_, summary)) = Summary::parse(bytes) else {
            page::unreadable(number, item, bytes, claims);
            continue;
        };
        let start = usize::from(item.lp_off());
        let name = format!("tuple {number}: summary (BrinTuple)");
        let of = (Use::Summary, number.0);
        let mut row = claims.numbered(of, name, "access/brin_tuple.h", start);
        let data = summary.data_offset();
        let marks = [
            (summary.has_nulls(), ", nulls"),
            (summary.is_placeholder(), ", placeholder"),
            (summary.is_empty_range(), ", empty range"),
        ];
        let marks: String =
            marks.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect();
        let info = format!("{:#04x}: values from byte {data}{marks}", summary.bt_info);
        row.field(4, "bt_blkno", summary.bt_blkno, "First block of the range in the table.").field(
            1,
            "bt_info",
            info,
            "Flags, and where in the tuple the values begin.",
        );
        if summary.has_nulls() {
            let size = (2 * subject.columns.len()).div_ceil(8).max(1);
            let bits = bytes.iter().skip(5).take(size);
            let bits: Vec<_> = bits.map(|byte| format!("{:08b}", byte.reverse_bits())).collect();
            row.field(
                size,
                "null bits",
                bits.join(" "),
                "For each column whether all rows are \
                null, and then for each whether some are.",
            );
        }
        row.padding(start + data.min(bytes.len()));
        values(subject, &summary, start, &mut row);
        let (end, left) = (start + bytes.len(), (start + bytes.len()).saturating_sub(row.at));
        if subject.index.is_none() || left >= 8 {
            let meaning = "What the operator class keeps of the range, as bytes.";
            row.field(left, "bt_columns", hexadecimal(subject.page, row.at, end), meaning);
        }
        row.padding(end);
    }
}

/// What is kept of each column.
fn values(subject: &Subject<'_>, summary: &Summary<'_>, start: usize, row: &mut Row<'_>) {
    let Some(shape) = subject.index else { return };
    for (column, of) in shape.brin(summary).into_iter().zip(&shape.columns) {
        for value in column.values {
            let Some(name) = value.name.filter(|_| !value.place.is_empty()) else { continue };
            row.padding(start + value.place.start);
            let meaning = format!(
                "Column {} of the summary, {}: what the operator class keeps of the range.",
                column.attnum, of.type_name
            );
            row.field(value.place.len(), format!("{} {name}", of.name), cut(value.text), meaning);
        }
    }
}

fn hexadecimal(page: &Page<'_>, start: usize, end: usize) -> String {
    let bytes = page.bytes().get(start..end).unwrap_or_default();
    cut(format!("\\x{}", hex::encode(bytes)))
}
