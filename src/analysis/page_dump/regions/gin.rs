//! Pages of GIN indexes (access/ginblock.h): entries, trees of the rows of frequent entries, and
//! the list of rows that are still to be entered.
use super::claims::{Claims, Row};
use super::index::{self, Found};
use super::{Subject, words};
use crate::format::index::gin::{
    Category, Meta, Opaque, PostingList, Postings, column_and_category, leaf_lists, posting_items,
    right_bound,
};
use crate::format::page::HEADER_SIZE;
use crate::report::page::Use;
use crate::types::{BlockNumber, Tid};

const HEADER: &str = "access/ginblock.h";

pub(super) fn claim(subject: &Subject<'_>, claims: &mut Claims) {
    let page = subject.page;
    let Ok(opaque) = Opaque::of(page) else { return super::unknown(page, claims) };
    special(opaque, page.header().pd_special.into(), claims);
    if opaque.is_meta() {
        if let Ok(meta) = Meta::of(page) {
            metapage(&meta, claims);
        }
    } else if opaque.is_data() {
        data(subject, opaque, claims);
    } else {
        index::tuples(subject, claims, |found, claims| {
            if opaque.is_list() {
                let row = (found.tuple.t_tid, "The row that is still to be entered.");
                let mut row = found.begin(Use::Entry, "pending entry", row, claims);
                key(subject, found, found.tuple.bytes().len(), &mut row);
            } else if opaque.is_leaf() {
                entry(subject, found, claims);
            } else {
                let child = (
                    format!("block {}", found.tuple.t_tid.block),
                    "The child, all of \
                    whose keys are at most this one.",
                );
                let mut row = found.begin(Use::Child, "link to a child", child, claims);
                key(subject, found, found.tuple.bytes().len(), &mut row);
            }
        });
    }
}

fn special(opaque: Opaque, at: usize, claims: &mut Claims) {
    let maxoff = if opaque.is_list() {
        "Rows whose entries begin on this page of the pending list."
    } else {
        "Children, on an inner page of a posting tree; else 0."
    };
    claims
        .part(Use::Special, "special space (GinPageOpaqueData)", HEADER, at)
        .field(
            4,
            "rightlink",
            block(opaque.rightlink),
            "The page's right sibling; on the pending \
            list the next page.",
        )
        .field(2, "maxoff", opaque.maxoff, maxoff)
        .field(
            2,
            "flags",
            words(opaque.flags, opaque.flag_names()),
            "What kind of page it is, \
            and its state.",
        );
}

fn block(block: BlockNumber) -> String {
    match block {
        BlockNumber::INVALID => "none".to_owned(),
        block => format!("block {block}"),
    }
}

fn metapage(meta: &Meta, claims: &mut Claims) {
    claims
        .part(Use::Meta, "metapage (GinMetaPageData)", HEADER, HEADER_SIZE)
        .field(4, "head", block(meta.pending_head), "First page of the pending list.")
        .field(4, "tail", block(meta.pending_tail), "Last page of the pending list.")
        .field(4, "tailFreeSize", meta.tail_free_size, "Free bytes on that last page.")
        .field(4, "nPendingPages", meta.n_pending_pages, "Pages of the pending list.")
        .field(8, "nPendingHeapTuples", meta.n_pending_tuples, "Rows in the pending list.")
        .field(4, "nTotalPages", meta.n_total_pages, "Pages of the index at the last VACUUM.")
        .field(4, "nEntryPages", meta.n_entry_pages, "Of these, pages of the tree of entries.")
        .field(4, "nDataPages", meta.n_data_pages, "Of these, pages of posting trees.")
        .padding(HEADER_SIZE + 40)
        .field(8, "nEntries", meta.n_entries, "Entries at the last VACUUM.")
        .field(
            4,
            "ginVersion",
            meta.version,
            "Version of the index: 2 since PostgreSQL 9.4, \
            whose posting lists are compressed.",
        );
}

/// A key with its rows, or with the root of the tree that has them.
fn entry(subject: &Subject<'_>, found: &Found<'_>, claims: &mut Claims) {
    let tuple = &found.tuple;
    let end = tuple.bytes().len();
    match Postings::of(tuple) {
        Postings::Tree(root) => {
            let root = (format!("block {root}"), "Root of the posting tree that has the rows.");
            let mut row = found.begin(Use::Child, "entry with a posting tree", root, claims);
            key(subject, found, end, &mut row);
        }
        Postings::List { at, count, compressed } => {
            let list = (
                format!("{count} rows from byte {at}"),
                "In place of a row: how many, and \
                where in the tuple their list begins.",
            );
            let mut row = found.begin(Use::Entry, "entry", list, claims);
            key(subject, found, at.min(end), &mut row);
            let bytes = tuple.bytes().get(at..).unwrap_or_default();
            if count == 0 {
                row.padding(found.end());
            } else if compressed && let Ok((rest, list)) = PostingList::parse(bytes) {
                let end = found.end() - rest.len();
                posting_list(&list, end, &mut row);
            } else {
                row.rest(found.end(), "posting list", "Rows, six bytes each.");
            }
            row.padding(found.end());
        }
    }
}

/// The column's number in an index of several, the key, and why there is none.
fn key(subject: &Subject<'_>, found: &Found<'_>, end: usize, row: &mut Row<'_>) {
    let tuple = &found.tuple;
    let columns = subject.columns.len();
    let column = column_and_category(tuple, columns).filter(|_| columns > 0);
    let (number, category) = column.unwrap_or((0, Category::Key));
    if number > 0 && columns > 1 {
        row.field(2, "column", number, "Which of the index' columns the key is of.");
    }
    let of = usize::from(number).checked_sub(1).and_then(|at| subject.columns.get(at));
    let datum = subject.index.and_then(|shape| shape.gin_datum(tuple, number, end));
    match (category, of, datum) {
        (Category::Key, Some(column), Some(Ok((datum, place)))) => {
            let value = column.text(&datum, subject);
            row.padding(found.at() + place.start);
            let meaning = column.meaning(number.into());
            row.field(place.len(), column.name.clone(), value, meaning);
        }
        (Category::Key, ..) => {
            row.rest(found.at() + end, "key", "The key, of a type that is not known.");
        }
        _ => {
            row.field(1, "null category", category, "Why there is no key.");
        }
    }
    row.padding(found.at() + end);
}

/// A compressed list that ends, with its padding, at byte `end` of the page.
fn posting_list(list: &PostingList<'_>, end: usize, row: &mut Row<'_>) {
    row.field(6, "first", list.first, "The first row of the list.").field(
        2,
        "nbytes",
        list.bytes.len(),
        "Bytes that follow.",
    );
    let rows = list.rows().unwrap_or_default();
    let rest: Vec<_> = rows.iter().skip(1).map(ToString::to_string).collect();
    let (value, meaning) = if rows.is_empty() {
        (String::new(), "Distances that lead to no row: damaged.")
    } else {
        (
            rest.join(" "),
            "The other rows, each as its distance from the one before it, seven bits \
            to a byte.",
        )
    };
    if !list.bytes.is_empty() {
        row.field(list.bytes.len(), "bytes", value, meaning);
    }
    row.padding(end);
}

/// A page of the tree that has the rows of one entry.
fn data(subject: &Subject<'_>, opaque: Opaque, claims: &mut Claims) {
    let bound = right_bound(subject.page).unwrap_or_default();
    let bound = if bound == Tid::default() { "none".to_owned() } else { bound.to_string() };
    let mut row = claims.part(Use::Meta, "right bound", HEADER, HEADER_SIZE);
    row.field(
        6,
        "right bound",
        bound,
        "The highest row that can be on this page; none on the \
        rightmost one.",
    );
    row.padding(HEADER_SIZE + 8);
    let mut at = row.at;
    if !opaque.is_leaf() {
        for (number, item) in (1..).zip(posting_items(subject.page, &opaque)) {
            claims
                .numbered((Use::Child, number), format!("child {number} (PostingItem)"), HEADER, at)
                .field(4, "child_blkno", block(item.child), "The child.")
                .field(6, "key", item.key, "The highest row below it.");
            at += 10;
        }
    } else if opaque.is_compressed() {
        for (number, list) in (1..).zip(leaf_lists(subject.page)) {
            let Ok(list) = list else { break };
            let end = at + 8 + list.bytes.len().next_multiple_of(2);
            let rows = list.rows().map_or(0, |rows| rows.len());
            let name = format!("posting list {number} (GinPostingList), {rows} rows");
            let mut row = claims.numbered((Use::Posting, number), name, HEADER, at);
            posting_list(&list, end, &mut row);
            at = end;
        }
    } else {
        let end = at + 6 * usize::from(opaque.maxoff);
        let mut row = claims.part(Use::Posting, "rows", HEADER, at);
        row.rest(end, "rows", "Rows, six bytes each, as before PostgreSQL 9.4.");
    }
}
