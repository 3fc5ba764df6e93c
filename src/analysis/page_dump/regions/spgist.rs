//! Pages of SP-GiST indexes (access/spgist_private.h).
use super::claims::{Claims, Row};
use super::value::cut;
use super::{Column, Subject, index, page, words};
use crate::format::index::spgist::{Inner, Leaf, Meta, Opaque, State, node_label};
use crate::format::page::{HEADER_SIZE, ItemId};
use crate::report::key::Key;
use crate::report::page::Use;
use crate::types::{BlockNumber, OffsetNumber};

const HEADER: &str = "access/spgist_private.h";

pub(super) fn claim(subject: &Subject<'_>, claims: &mut Claims) {
    let page = subject.page;
    let Ok(opaque) = Opaque::of(page) else { return super::unknown(page, claims) };
    special(opaque, page.header().pd_special.into(), claims);
    if opaque.is_meta() {
        if let Ok(meta) = Meta::of(page) {
            metapage(&meta, claims);
        }
        return;
    }
    page::pointers(page, false, claims);
    for (number, item, bytes) in page::stored(page) {
        let live = matches!(State::of(bytes), Ok((_, State::Live)));
        let known = if live && !opaque.is_leaf() {
            inner(subject, (number, item), bytes, claims)
        } else {
            let columns = if opaque.stores_nulls() { &[] } else { subject.columns };
            leaf(subject, columns, (number, item), bytes, claims)
        };
        if known.is_none() {
            page::unreadable(number, item, bytes, claims);
        }
    }
}

fn special(opaque: Opaque, at: usize, claims: &mut Claims) {
    claims
        .part(Use::Special, "special space (SpGistPageOpaqueData)", HEADER, at)
        .field(2, "flags", words(opaque.flags, opaque.flag_names()), "What kind of page it is.")
        .field(2, "nRedirection", opaque.nRedirection, "Redirections on the page.")
        .field(2, "nPlaceholder", opaque.nPlaceholder, "Placeholders on the page.")
        .field(
            2,
            "spgist_page_id",
            format!("{:#06x}", opaque.spgist_page_id),
            "Says that this is \
            a page of an SP-GiST index: 0xff82.",
        );
}

fn metapage(meta: &Meta, claims: &mut Claims) {
    let mut row = claims.part(Use::Meta, "metapage (SpGistMetaPageData)", HEADER, HEADER_SIZE);
    row.field(
        4,
        "magicNumber",
        format!("{:#010x}", meta.magic),
        "Says that this is an SP-GiST \
        index: 0xba0babee.",
    );
    for (number, (block, free)) in meta.last_used.iter().enumerate() {
        let value = match *block {
            BlockNumber::INVALID => "none".to_owned(),
            block => format!("block {block}"),
        };
        row.field(
            4,
            format!("cachedPage[{number}].blkno"),
            value,
            "A page that had room when it \
            was last used; one for each kind of page.",
        );
        row.field(4, format!("cachedPage[{number}].freeSpace"), free, "Free bytes on it.");
    }
}

/// An inner tuple: what all below it have in common, and its nodes.
fn inner(
    subject: &Subject<'_>,
    (number, item): (OffsetNumber, ItemId),
    bytes: &[u8],
    claims: &mut Claims,
) -> Option<()> {
    let (_, tuple) = Inner::parse(bytes).ok()?;
    let start = usize::from(item.lp_off());
    let name = format!("tuple {number}: inner tuple (SpGistInnerTupleData)");
    let mut row = claims.numbered((Use::Child, number.0), name, HEADER, start);
    let same = if tuple.all_the_same { ", allTheSame" } else { "" };
    let bits = format!("live{same}, nNodes {}, prefixSize {}", tuple.nodes, tuple.prefix.len());
    row.field(
        4,
        "tupstate nNodes prefixSize",
        bits,
        "Bit fields: what became of it, whether all \
            its nodes are alike, how many it has, and bytes of the prefix.",
    )
    .field(2, "size", bytes.len(), "Bytes of the tuple.")
    .padding(start + 8);
    if !tuple.prefix.is_empty() {
        let value = match subject.index {
            Some(shape) => shape.spgist_prefix(tuple.prefix),
            None => Key::Hex(hex::encode(tuple.prefix)),
        };
        row.field(
            tuple.prefix.len(),
            "prefix",
            cut(value.to_string()),
            "What all values below have in common, as \
            the operator class keeps it, aligned to 8.",
        );
    }
    for node in tuple.nodes() {
        let Ok(node) = node else { break };
        let child = match node.t_tid.block {
            BlockNumber::INVALID => "none".to_owned(),
            _ => node.t_tid.to_string(),
        };
        let end = row.at + node.bytes().len();
        index::header(
            &node,
            (
                child,
                "A node (SpGistNodeTupleData): the inner tuple or chain of \
            leaves that it leads to.",
            ),
            &mut row,
        );
        if let Some((shape, label)) = subject.index.zip(node_label(&node)) {
            let meaning = "The node's label, as the operator class keeps it, aligned to 8.";
            row.field(label.len(), "label", cut(shape.spgist_label(label).to_string()), meaning);
        }
        row.rest(end, "label", "The node's label, as the operator class keeps it.");
    }
    row.padding(start + bytes.len());
    Some(())
}

/// A leaf, or what was put in the place of a tuple.
fn leaf(
    subject: &Subject<'_>,
    columns: &[Column],
    (number, item): (OffsetNumber, ItemId),
    bytes: &[u8],
    claims: &mut Claims,
) -> Option<()> {
    let (_, leaf) = Leaf::parse(bytes).ok()?;
    let start = usize::from(item.lp_off());
    let (of, name, state) = match leaf.state {
        State::Live => (Use::Entry, "leaf (SpGistLeafTupleData)", "live"),
        State::Redirect => (Use::Placeholder, "redirect (SpGistDeadTupleData)", "redirect"),
        State::Dead => (Use::DeadEntry, "dead (SpGistDeadTupleData)", "dead"),
        State::Placeholder => {
            (Use::Placeholder, "placeholder (SpGistDeadTupleData)", "placeholder")
        }
    };
    let name = format!("tuple {number}: {name}");
    let mut row = claims.numbered((of, number.0), name, HEADER, start);
    row.field(
        4,
        "tupstate size",
        format!("{state}, size {}", leaf.size),
        "Bit fields: what \
        became of it, and bytes of the tuple.",
    );
    let next = match leaf.next_offset.0 {
        0 => "last".to_owned(),
        next => format!("next {next}"),
    };
    let nulls = if leaf.has_nulls { ", with a null bitmap" } else { "" };
    row.field(
        2,
        "t_info",
        next + nulls,
        "The next tuple of its chain on this page, and whether \
        there is a null bitmap.",
    );
    if leaf.state == State::Live {
        row.field(6, "heapPtr", leaf.pointer, "The row in the table.");
        values(subject, columns, &leaf, start, &mut row);
    } else {
        let pointer = match leaf.state {
            State::Redirect => "Where searches on the way here go on.",
            _ => "Not used.",
        };
        row.field(6, "pointer", leaf.pointer, pointer);
        if let Some(xid) = leaf.xid {
            row.field(
                4,
                "xid",
                xid,
                "The transaction that moved the tuples; when nobody can be \
                on the way any more, this becomes a placeholder.",
            );
        }
    }
    row.padding(start + bytes.len());
    Some(())
}

/// The values of a live leaf.
fn values(
    subject: &Subject<'_>,
    columns: &[Column],
    leaf: &Leaf<'_>,
    start: usize,
    row: &mut Row<'_>,
) {
    if !leaf.bitmap.is_empty() {
        let bits = leaf.bitmap.iter().map(|byte| format!("{:08b}", byte.reverse_bits()));
        row.field(
            leaf.bitmap.len(),
            "bits",
            bits.collect::<Vec<_>>().join(" "),
            "Null bitmap: 1 \
            for each column that has a value, 0 for a null.",
        );
    }
    row.padding(start + 16);
    let mut from = 0;
    for ((number, column), at) in (1..).zip(columns).zip(0..) {
        if !leaf.bitmap.is_empty() && crate::format::heap::is_null(leaf.bitmap, at) {
            continue;
        }
        let Some((datum, place)) = column.storage.placed(leaf.data, from, leaf.data.len()) else {
            break;
        };
        let value = column.text(&datum, subject);
        row.padding(start + 16 + place.start);
        row.field(place.len(), column.name.clone(), value, column.meaning(number));
        from = place.end;
    }
    let end = start + 16 + leaf.data.len();
    if columns.is_empty() || end.saturating_sub(row.at) >= 8 {
        row.rest(end, "value", "The value, or what the path does not say of it.");
    }
}
