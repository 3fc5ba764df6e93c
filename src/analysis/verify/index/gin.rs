//! GIN indexes (access/ginblock.h; access/gin/ginpostinglist.c; access/gin/ginentrypage.c).
use super::items::Also;
use super::{Judge, is_row, misplaced};
use crate::finding::rules;
use crate::format::index::IndexTuple;
use crate::format::index::gin::{
    Category, FLAGS, Meta, Opaque, Postings, Rows, column_and_category, leaf_lists, posting_items,
    right_bound,
};
use crate::format::page::HEADER_SIZE;
use crate::types::{BlockNumber, OffsetNumber, Tid};

/// `GIN_LIST_FULLROW`.
const FULLROW: u16 = 1 << 5;
/// The first block that can be below another page: behind the metapage and the root of entries.
const FIRST_BELOW: u32 = 2;
/// Bytes of the right bound on a data page, and of a child there.
const BOUND_AND_CHILD: (usize, usize) = (8, 10);
/// `GIN_CURRENT_VERSION`.
const VERSION: i32 = 2;

impl Judge<'_, '_> {
    pub(super) fn gin(&mut self) {
        let Ok(opaque) = Opaque::of(self.page) else { return };
        let meta = self.flags(opaque.flags, FLAGS, opaque.is_meta());
        for evidence in contradictions(opaque) {
            self.special(evidence);
        }
        if meta {
            return self.gin_meta();
        }
        self.sibling("rightlink", opaque.rightlink, BlockNumber::INVALID);
        match (opaque.is_data(), opaque.is_leaf()) {
            _ if opaque.is_deleted() => {}
            _ if opaque.is_list() => self.pending(opaque),
            (true, true) if opaque.is_compressed() && self.known.rows => self.data_leaf(opaque),
            (true, true) if opaque.is_compressed() => {}
            // As before 9.4, which pg_upgrade may have brought.
            (true, true) => self.room_for(opaque, 6),
            (true, false) => self.data_internal(opaque),
            (false, leaf) => self.index_tuples(Also::Nothing, |judge, number, tuple| {
                judge.entry(number, tuple, leaf);
            }),
        }
    }

    fn gin_meta(&mut self) {
        let Ok(meta) = Meta::of(self.page) else {
            return self.say(&rules::INDEX_METAPAGE, None, "it is cut off");
        };
        let version = u64::from(meta.version.cast_unsigned());
        let (head, tail) = (meta.pending_head, meta.pending_tail);
        if !(0..=VERSION).contains(&meta.version) {
            self.metapage("ginVersion", version, "0 to 2");
        } else if (head == BlockNumber::INVALID) != (tail == BlockNumber::INVALID) {
            self.metapage("tail", tail.0.into(), &format!("the end of the list from {head} on"));
        } else if (head == BlockNumber::INVALID) != (meta.n_pending_pages == 0) {
            let expected = format!("0 if there is no list, which begins at {head}");
            self.metapage("nPendingPages", meta.n_pending_pages.into(), &expected);
        }
    }

    fn pending(&mut self, opaque: Opaque) {
        let count = self.page.item_count();
        if opaque.maxoff > count {
            self.special(format!("maxoff {}, of {count} tuples", opaque.maxoff));
        }
        self.index_tuples(Also::Nothing, |judge, number, tuple| {
            judge.row(number, tuple.t_tid);
            judge.key(number, tuple);
        });
    }

    fn entry(&mut self, number: OffsetNumber, tuple: &IndexTuple<'_>, leaf: bool) {
        self.key(number, tuple);
        if !leaf {
            return self.child(number, tuple.t_tid.block, FIRST_BELOW);
        }
        if let Postings::Tree(root) = Postings::of(tuple) {
            self.child(number, root, FIRST_BELOW);
        } else if self.known.rows {
            let wrong = match Rows::of(tuple) {
                Ok(Rows::Tree(_)) => None,
                Ok(Rows::List(rows)) => misplaced(rows),
                Err(error) => Some(error.to_string()),
            };
            self.posting_list(Some(number), wrong);
        }
    }

    /// Judges the column and the category of a key.
    fn key(&mut self, number: OffsetNumber, tuple: &IndexTuple<'_>) {
        let Some(columns) = self.known.columns else { return };
        match column_and_category(tuple, columns) {
            None => self.tuple(number, "no room for a key"),
            Some((column, _)) if column == 0 || usize::from(column) > columns => {
                self.tuple(number, format!("a key of column {column}, of {columns}"));
            }
            Some((_, Category::Unknown(category))) => {
                self.tuple(number, format!("null category {category} is none"));
            }
            Some(_) => {}
        }
    }

    /// Judges rows by rows, and that their lists end where the page says.
    fn data_leaf(&mut self, opaque: Opaque) {
        let mut last: Option<Tid> = None;
        for (at, list) in leaf_lists(self.page).enumerate() {
            let rows = match list.and_then(|list| list.rows()) {
                Ok(rows) => rows,
                Err(error) => {
                    let evidence = format!("list {} of the page: {error}", at + 1);
                    return self.posting_list(None, Some(evidence));
                }
            };
            let first = rows.first().copied();
            let behind = last.zip(first).filter(|(last, first)| first <= last);
            if let Some((last, first)) = behind {
                let evidence = format!("list {} begins with {first}, behind {last}", at + 1);
                return self.posting_list(None, Some(evidence));
            }
            last = rows.last().copied().or(last);
            if let Some(evidence) = misplaced(rows) {
                return self.posting_list(None, Some(format!("list {}: {evidence}", at + 1)));
            }
        }
        let bound = right_bound(self.page).filter(|_| opaque.rightlink != BlockNumber::INVALID);
        if let Some((last, bound)) = last.zip(bound).filter(|(last, bound)| last > bound) {
            let evidence = format!("its last row is {last}, beyond the right bound {bound}");
            self.posting_list(None, Some(evidence));
        }
    }

    fn data_internal(&mut self, opaque: Opaque) {
        self.room_for(opaque, BOUND_AND_CHILD.1);
        let items = posting_items(self.page, &opaque);
        let mut before: Option<Tid> = None;
        for (at, item) in (1..).zip(&items) {
            self.child(OffsetNumber(at), item.child, FIRST_BELOW);
            // The last one takes what is left, whatever its key.
            if usize::from(at) == items.len() {
                break;
            }
            if let Some(before) = before.filter(|before| *before >= item.key) {
                let evidence = format!("child {at} ends with {}, behind {before}", item.key);
                self.posting_list(None, Some(evidence));
            } else if !is_row(item.key) {
                self.posting_list(None, Some(format!("child {at} ends with {}", item.key)));
            }
            before = Some(item.key);
        }
    }

    /// Whether maxoff things of `size` bytes fit on the page.
    fn room_for(&mut self, opaque: Opaque, size: usize) {
        let start = HEADER_SIZE + BOUND_AND_CHILD.0;
        let room = usize::from(self.page.header().pd_special).saturating_sub(start) / size;
        if usize::from(opaque.maxoff) > room {
            self.special(format!("maxoff {}, and there is room for {room}", opaque.maxoff));
        }
    }

    fn posting_list(&mut self, offset: Option<OffsetNumber>, wrong: Option<String>) {
        if let Some(evidence) = wrong {
            self.say(&rules::INDEX_POSTING_LIST, offset, evidence);
        }
    }
}

/// What cannot be true of one page at once.
fn contradictions(opaque: Opaque) -> Vec<&'static str> {
    let (data, leaf, list) = (opaque.is_data(), opaque.is_leaf(), opaque.is_list());
    let meta = opaque.is_meta();
    let rules = [
        (meta && (data || leaf || list || opaque.is_deleted()), "the metapage, and another page"),
        (list && (data || leaf), "of the pending list, and of a tree"),
        (!list && opaque.flags & FULLROW != 0, "whole rows, and not of the pending list"),
        (opaque.is_compressed() && !(data && leaf), "packed rows, and no leaf of rows"),
        ((list || meta) && opaque.is_incomplete_split(), "an incomplete split outside of trees"),
    ];
    rules.into_iter().filter(|(broken, _)| *broken).map(|(_, evidence)| evidence).collect()
}
