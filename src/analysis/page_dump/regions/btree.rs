//! B-tree pages (access/nbtree.h).
use super::claims::{Claims, Row};
use super::index::{self, Found};
use super::{Subject, words};
use crate::format::index::btree::{self, Cleanup, DeleteXid, Meta, Opaque, Points};
use crate::format::page::HEADER_SIZE;
use crate::report::page::Use;
use crate::types::{BlockNumber, Tid};

const HEADER: &str = "access/nbtree.h";

pub(super) fn claim(subject: &Subject<'_>, claims: &mut Claims) {
    let page = subject.page;
    let Ok(opaque) = Opaque::of(page) else { return super::unknown(page, claims) };
    special(&opaque, page.header().pd_special.into(), claims);
    if opaque.is_meta() {
        if let Ok(meta) = Meta::of(page, subject.layout) {
            metapage(&meta, claims);
        }
    } else if let Some(DeleteXid::Full(xid)) = opaque.delete_xid(page) {
        claims.part(Use::Meta, "deleted page (BTDeletedPageData)", HEADER, HEADER_SIZE).field(
            8,
            "safexid",
            xid,
            "The page can be used again once no snapshot is older than this transaction.",
        );
    } else {
        index::tuples(subject, claims, |found, claims| tuple(subject, &opaque, found, claims));
    }
}

fn special(opaque: &Opaque, at: usize, claims: &mut Claims) {
    let sibling = |block: BlockNumber| match block {
        btree::NONE => "none".to_owned(),
        block => format!("block {block}"),
    };
    let level = if opaque.is_deleted() && !opaque.has_full_xid() {
        "Of a page deleted before PostgreSQL 14: the transaction until whose end it was kept."
    } else {
        "Level of the page in the tree; leaves are on level 0."
    };
    claims
        .part(Use::Special, "special space (BTPageOpaqueData)", HEADER, at)
        .field(4, "btpo_prev", sibling(opaque.btpo_prev), "The page's left sibling.")
        .field(4, "btpo_next", sibling(opaque.btpo_next), "The page's right sibling.")
        .field(4, "btpo_level", opaque.btpo_level, level)
        .field(
            2,
            "btpo_flags",
            words(opaque.btpo_flags, opaque.flag_names()),
            "What kind of page \
            it is, and its state.",
        )
        .field(
            2,
            "btpo_cycleid",
            opaque.btpo_cycleid,
            "The VACUUM during which it was last \
            split, so that it misses no tuple; 0 for none.",
        );
}

fn metapage(meta: &Meta, claims: &mut Claims) {
    let mut row = claims.part(Use::Meta, "metapage (BTMetaPageData)", HEADER, HEADER_SIZE);
    row.field(
        4,
        "btm_magic",
        format!("{:#08x}", meta.btm_magic),
        "Says that this is a B-tree: \
            0x053162.",
    )
    .field(
        4,
        "btm_version",
        meta.btm_version,
        "Version of the index: 4 since PostgreSQL 12, \
            whose keys are unique by their heap TIDs.",
    )
    .field(4, "btm_root", block(meta.btm_root), "The root.")
    .field(4, "btm_level", meta.btm_level, "Its level.")
    .field(
        4,
        "btm_fastroot",
        block(meta.btm_fastroot),
        "Where searches begin: the only page \
            of the lowest level that has only one.",
    )
    .field(4, "btm_fastlevel", meta.btm_fastlevel, "Its level.");
    if let Some(cleanup) = meta.cleanup {
        last_cleanup(cleanup, &mut row);
    }
}

fn last_cleanup(cleanup: Cleanup, row: &mut Row<'_>) {
    match cleanup {
        Cleanup { last_cleanup_num_delpages: Some(pages), .. } => {
            row.field(
                4,
                "btm_last_cleanup_num_delpages",
                pages,
                "Deleted pages that could not be \
                used again at the last cleanup.",
            );
        }
        Cleanup { oldest_btpo_xact, .. } => {
            let xid = oldest_btpo_xact.unwrap_or_default();
            row.field(
                4,
                "btm_oldest_btpo_xact",
                xid,
                "Oldest transaction in any deleted page; \
                decides whether a cleanup is due.",
            );
        }
    }
    row.padding(row.at + 4).field(
        8,
        "btm_last_cleanup_num_heap_tuples",
        cleanup.last_cleanup_num_tuples,
        "Rows of the table at the last cleanup; -1 if that is not known.",
    );
    if let Some(equal) = cleanup.allequalimage {
        row.field(
            1,
            "btm_allequalimage",
            equal,
            "Whether equal keys are equal in all bytes, so \
            that duplicates can be merged.",
        );
    }
}

fn block(block: BlockNumber) -> String {
    format!("block {block}")
}

fn tuple(subject: &Subject<'_>, opaque: &Opaque, found: &Found<'_>, claims: &mut Claims) {
    let high_key = !opaque.is_rightmost() && found.number == btree::HIGH_KEY;
    let points = Points::of(&found.tuple);
    let end = points.map_or(found.tuple.bytes().len(), |points| points.data_end(&found.tuple));
    let columns = match points {
        Some(Points::Pivot { natts, .. }) => {
            subject.columns.get(..usize::from(natts)).unwrap_or(subject.columns)
        }
        _ => subject.columns,
    };
    let (of, name, value, meaning) = shown(opaque, high_key, points, found.tuple.t_tid);
    let mut row = found.begin(of, name, (value, meaning), claims);
    found.keys(columns, end, subject, &mut row);
    match points {
        Some(points @ Points::Posting(list)) => {
            let tids = points.posting().into_iter().flatten().map(|tid| tid.to_string());
            let tids = tids.collect::<Vec<_>>().join(" ");
            row.field(6 * list.len(), "posting list", tids, "The rows with this key, in order.");
            row.padding(found.end());
        }
        Some(Points::Pivot { heap_tid: Some(tid), .. }) => {
            row.padding(found.end() - 6).field(
                6,
                "heap TID",
                tid,
                "Tells keys apart that are \
                equal in all columns.",
            );
        }
        _ => {}
    }
}

/// What is drawn, what it is called, its t_tid, and what that means.
type Shown = (Use, &'static str, String, String);

fn shown(opaque: &Opaque, high_key: bool, points: Option<Points<'_>>, tid: Tid) -> Shown {
    match points {
        Some(Points::One(_)) if high_key => (
            Use::HighKey,
            "high key",
            tid.to_string(),
            "Upper bound of the keys here; where it leads to does not count.".to_owned(),
        ),
        Some(Points::One(_)) if opaque.is_leaf() => {
            (Use::Entry, "entry", tid.to_string(), "The row in the table.".to_owned())
        }
        Some(Points::One(_)) => (
            Use::Child,
            "link to a child",
            tid.to_string(),
            "The child, in the block number.".to_owned(),
        ),
        Some(Points::Posting(list)) => (
            Use::Posting,
            "posting list",
            format!("{} rows from byte {}", list.len(), tid.block),
            "In place of a row: the number of rows with this key, and where their list begins in \
             the tuple."
                .to_owned(),
        ),
        Some(Points::Pivot { natts, heap_tid, .. }) => {
            let with = if heap_tid.is_some() { " and the heap TID" } else { "" };
            pivot((opaque, high_key), (tid.block, natts), with)
        }
        None => (
            Use::Storage,
            "out of bounds",
            tid.to_string(),
            "Says that a list or TID lies outside of the tuple.".to_owned(),
        ),
    }
}

fn pivot(
    (opaque, high_key): (&Opaque, bool),
    (child, natts): (BlockNumber, u16),
    with: &str,
) -> Shown {
    let kept = match natts {
        0 => "no attribute".to_owned(),
        1 => "1 attribute".to_owned(),
        natts => format!("{natts} attributes"),
    };
    if opaque.is_leaf() && opaque.is_half_dead() {
        let meaning = "Of a half-dead page: the topmost page to be deleted with it; 4294967295 if \
            that is this page.";
        return (Use::HighKey, "of a half-dead page", child.to_string(), meaning.to_owned());
    }
    if high_key {
        let meaning = format!("Upper bound of the keys here, cut down to {kept}{with}.");
        return (Use::HighKey, "high key", format!("{kept}{with}"), meaning);
    }
    let bound = match natts {
        0 => "less than all keys".to_owned(),
        _ => format!("lower bound of its keys, cut down to {kept}{with}"),
    };
    let meaning = format!("The child; this tuple is the {bound}.").replace("the less", "less");
    (Use::Child, "link to a child", format!("block {child}, {kept}{with}"), meaning)
}
