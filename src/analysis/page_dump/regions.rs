//! Every byte of a page beside the field it belongs to. The regions tile the page: those that a
//! damaged page lets overlap are cut where the one before them ends.
use crate::format::heap::{HeapTuple, TUPLE_HEADER_SIZE};
use crate::format::page::{HEADER_SIZE, ITEM_ID_SIZE, ItemId, LpFlags, Page};
use crate::report::page::Region;
use crate::types::OffsetNumber;

/// The regions of `page`; line pointers and tuples are told apart on heap pages only.
pub(super) fn of(page: &Page<'_>, heap: bool) -> Vec<Region> {
    let mut fields = header(page);
    if heap {
        for (number, item) in page.items() {
            fields.push(pointer(number, item));
            if matches!(item.lp_flags(), LpFlags::Normal | LpFlags::Dead) {
                tuple(page, number, item, &mut fields);
            }
        }
    }
    fields.sort_by_key(|field| (field.0, field.1));
    tiled(page, fields, heap)
}

/// Start, end, what it is.
type Field = (usize, usize, String);

fn header(page: &Page<'_>) -> Vec<Field> {
    let header = page.header();
    let version = format!("{} {}", header.page_size(), header.layout_version());
    let flags: Vec<_> = header.flag_names().collect();
    let fields = [
        (8, "pd_lsn", header.pd_lsn.to_string()),
        (2, "pd_checksum", header.pd_checksum.to_string()),
        (2, "pd_flags", flags.join(" ")),
        (2, "pd_lower", header.pd_lower.to_string()),
        (2, "pd_upper", header.pd_upper.to_string()),
        (2, "pd_special", header.pd_special.to_string()),
        (2, "pd_pagesize_version", version),
        (4, "pd_prune_xid", header.pd_prune_xid.to_string()),
    ];
    in_a_row(0, fields)
}

/// Fields that follow each other from `start`.
fn in_a_row<const N: usize>(start: usize, fields: [(usize, &str, String); N]) -> Vec<Field> {
    let mut at = start;
    let place = |(size, name, value): (usize, &str, String)| {
        let from = at;
        at += size;
        (from, at, format!("{name} {value}").trim_end().to_owned())
    };
    fields.into_iter().map(place).collect()
}

fn pointer(number: OffsetNumber, item: ItemId) -> Field {
    let start = HEADER_SIZE + (usize::from(number.0) - 1) * ITEM_ID_SIZE;
    let (off, name, len) = (item.lp_off(), item.lp_flags().name(), item.lp_len());
    let what = format!("lp {number}: lp_off {off}, {name}, lp_len {len}");
    (start, start + ITEM_ID_SIZE, what)
}

fn tuple(page: &Page<'_>, number: OffsetNumber, item: ItemId, fields: &mut Vec<Field>) {
    let start = usize::from(item.lp_off());
    let end = start + usize::from(item.lp_len());
    let Some(tuple) = HeapTuple::behind(item, page) else {
        if item.lp_len() > 0 {
            fields.push((start, end, format!("lp {number}: storage that holds no tuple")));
        }
        return;
    };
    let header = &tuple.header;
    let names = |names: Vec<&str>, word: u16| format!("{word:#06x} {}", names.join(" "));
    let infomask2 = names(header.t_infomask2.names().collect(), header.t_infomask2.0);
    let natts = header.t_infomask2.natts();
    fields.extend(in_a_row(
        start,
        [
            (4, &format!("lp {number}: t_xmin"), header.t_xmin.to_string()),
            (4, "t_xmax", header.t_xmax.to_string()),
            (4, "t_field3", header.t_field3.to_string()),
            (6, "t_ctid", header.t_ctid.to_string()),
            (2, "t_infomask2", format!("{infomask2} ({natts} attributes)")),
            (2, "t_infomask", names(header.t_infomask.names().collect(), header.t_infomask.0)),
            (1, "t_hoff", header.t_hoff.to_string()),
        ],
    ));
    let data = end - tuple.data().map_or(0, <[u8]>::len);
    let bitmap = start + TUPLE_HEADER_SIZE;
    let bits = tuple.null_bitmap().map_or(0, <[u8]>::len);
    if let Some(t_bits) = tuple.t_bits() {
        fields.push((bitmap, bitmap + bits, format!("t_bits {t_bits}")));
    }
    if tuple.data().is_some() {
        fields.push((bitmap + bits, data, "before t_hoff".to_owned()));
        fields.push((data, end, "t_data".to_owned()));
    }
}

/// Cuts overlaps and fills gaps.
fn tiled(page: &Page<'_>, fields: Vec<Field>, heap: bool) -> Vec<Region> {
    let len = page.bytes().len();
    let (lower, upper) = (usize::from(page.header().pd_lower), usize::from(page.header().pd_upper));
    let special = usize::from(page.header().pd_special);
    let gap = |start: usize, end: usize| {
        let what = if !heap {
            "content"
        } else if start >= special {
            "special space"
        } else if start >= lower && end <= upper {
            "hole"
        } else if end - start < 8 {
            "padding"
        } else {
            "unclaimed"
        };
        (start, end, what.to_owned())
    };
    let mut regions = Vec::new();
    let mut at = 0;
    let mut push = |(start, end, field): Field| {
        let bytes = page.bytes().get(start..end).map(hex::encode).unwrap_or_default();
        regions.push(Region { at: u32::try_from(start).unwrap_or(u32::MAX), bytes, field });
    };
    for (start, end, field) in fields {
        let (start, end) = (start.max(at).min(len), end.min(len));
        if start > at {
            push(gap(at, start));
            at = start;
        }
        if end > at {
            push((at, end, field));
            at = end;
        }
    }
    if at < len {
        push(gap(at, len));
    }
    regions
}
