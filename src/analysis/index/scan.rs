//! One pass over the pages of an index: what pgstatindex and its kin count (contrib/pgstattuple), and
//! what pages hold by their roles.
use super::heap::Heap;
use super::rebuild::{Build, Rebuild, Span};
use super::role::{Method, Role};
use super::rows;
use crate::analysis::scan::{Items, Observer, PageView, Sink, TupleView};
use crate::analysis::verify;
use crate::finding::rules;
use crate::format::index::{bloom, brin, btree, gin, gist, hash};
use crate::format::page::{HEADER_SIZE, LpFlags, Page};
use crate::layout::Layout;
use crate::layout::shape::FreeSpace;
use crate::report::index::{HeapCheck, Items as IndexItems, PgStatTuple};
use crate::types::BlockNumber;
use std::collections::BTreeMap;

/// What the counting depends on; the same for every unit of an index.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// How the index would be built anew; says the access method as well.
    pub build: Build,
    /// How its pages are laid out.
    pub layout: &'static Layout,
    /// How many columns it has, if pg_class says.
    pub columns: Option<usize>,
    /// Whether rows are counted one by one.
    pub rows: bool,
    /// The table, if rows are to be looked up.
    pub heap: Option<Heap<'a>>,
}

/// Counts one index.
pub struct IndexScan<'a> {
    rules: Rules<'a>,
    pub(super) seen: Seen,
    rebuild: Rebuild,
    scratch: Vec<u8>,
}

/// What was seen of an index.
#[derive(Default)]
pub(super) struct Seen {
    /// Pages that could not be read or are damaged.
    pub(super) lost: u64,
    pub(super) meta: Option<Meta>,
    pub(super) pages: BTreeMap<Role, Count>,
    /// Of a B-tree: leaves whose right sibling lies before them.
    pub(super) fragments: u64,
    /// Of a B-tree: free space of leaves as pgstatindex counts it.
    pub(super) leaf_free: u64,
    pub(super) tuples: PgStatTuple,
    pub(super) items: IndexItems,
    pub(super) heap: HeapCheck,
    /// Of a BRIN index.
    pub(super) placeholders: u64,
    pub(super) empty: u64,
}

/// What some pages add up to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    pub(super) pages: u64,
    pub(super) items: u64,
    pub(super) dead_items: u64,
    pub(super) free: u64,
    pub(super) room: u64,
}

/// A metapage.
pub(super) enum Meta {
    Btree(btree::Meta),
    Gin(gin::Meta),
    Hash(Box<hash::Meta>),
    Brin(brin::Meta),
}

impl Count {
    /// A page.
    pub(super) fn of(method: Method, role: Role, page: &Page<'_>) -> Self {
        let header = page.header();
        let free = u64::from(header.pd_upper.saturating_sub(header.pd_lower));
        let room = u64::from(header.pd_special).saturating_sub(HEADER_SIZE as u64);
        let mut count = Self { pages: 1, free, room, ..Self::default() };
        match role {
            // Its rows have no line pointers.
            Role::Regular if method == Method::Bloom => {
                count.items = bloom::Opaque::of(page).map_or(0, |opaque| opaque.maxoff.into());
            }
            // Their contents are no items.
            Role::Meta | Role::Revmap | Role::Bitmap | Role::Deleted | Role::DataLeaf => {}
            Role::DataInternal => {
                let opaque = gin::Opaque::of(page);
                count.items = opaque.map_or(0, |opaque| opaque.maxoff.into());
            }
            _ => {
                let first = if method == Method::Btree { rows::first_data_key(page) } else { 1 };
                let items = page.items().filter(|(number, _)| number.0 >= first);
                for (_, item) in items {
                    count.items += 1;
                    count.dead_items += u64::from(item.lp_flags() == LpFlags::Dead);
                }
            }
        }
        count
    }

    pub(super) fn add(&mut self, more: Self) {
        self.pages += more.pages;
        self.items += more.items;
        self.dead_items += more.dead_items;
        self.free += more.free;
        self.room += more.room;
    }

    /// Percent of the room that is used.
    pub(super) fn fill_percent(&self) -> Option<f64> {
        (self.room > 0)
            .then(|| crate::report::bloat::percent(self.room.saturating_sub(self.free), self.room))
    }
}

impl<'a> IndexScan<'a> {
    /// Nothing seen yet.
    pub fn new(rules: Rules<'a>) -> Self {
        Self {
            rules,
            seen: Seen::default(),
            rebuild: Rebuild::of(rules.build.method),
            scratch: Vec::new(),
        }
    }

    /// Pages that could not be read or are damaged.
    pub fn lost_pages(&self) -> u64 {
        self.seen.lost
    }

    /// Bytes of the index built anew, if that can be estimated, and what was seen.
    pub(super) fn finish(self) -> (Option<Span>, Seen) {
        let ranges_of = match &self.seen.meta {
            Some(Meta::Brin(meta)) => Some(meta.pagesPerRange.0),
            _ => None,
        };
        let heap = self.rules.heap.map(|_| self.seen.heap.tuples + self.seen.heap.redirects);
        (self.rebuild.len(&self.rules.build, ranges_of, heap), self.seen)
    }

    /// Why that cannot be estimated, if it cannot.
    pub fn not_estimated(&self) -> Option<&'static str> {
        self.rules.build.not_estimated()
    }

    /// Bytes of the index built anew, if that can be estimated.
    pub fn rebuilt_len(self) -> Option<Span> {
        self.finish().0
    }

    /// `PageGetFreeSpace` or `PageGetExactFreeSpace`, as this major's pgstattuple.
    fn free_space(&self, free: u64) -> u64 {
        match self.rules.layout.free_space {
            FreeSpace::Exact => free,
            FreeSpace::ForOneMoreTuple => free.saturating_sub(4),
        }
    }

    /// Keeps what the metapage says, if it is one.
    fn meta(&mut self, page: &Page<'_>) {
        self.seen.meta = match self.rules.build.method {
            Method::Btree => btree::Meta::of(page, self.rules.layout)
                .ok()
                .filter(btree::Meta::has_magic)
                .map(Meta::Btree),
            Method::Gin => gin::Meta::of(page).ok().map(Meta::Gin),
            Method::Hash => hash::Meta::of(page)
                .ok()
                .filter(hash::Meta::has_magic)
                .map(|meta| Meta::Hash(Box::new(meta))),
            Method::Brin => brin::Meta::of(page).ok().filter(brin::Meta::has_magic).map(Meta::Brin),
            Method::Gist | Method::Spgist | Method::Bloom | Method::Other => None,
        };
    }

    /// Of items that lead to rows: what pgstattuple counts, and the rows.
    fn leads_to_rows(&mut self, role: Role, view: &PageView<'_>, count: Count) {
        let page = &view.page;
        let method = self.rules.build.method;
        self.seen.items.items += count.items;
        self.seen.items.dead_items += count.dead_items;
        if matches!(method, Method::Btree | Method::Hash | Method::Gist) {
            self.pgstattuple(page, count.free);
        }
        if method == Method::Btree {
            self.seen.leaf_free += self.free_space(count.free);
            let next = btree::Opaque::of(page).map_or(btree::NONE, |opaque| opaque.btpo_next);
            self.seen.fragments += u64::from(next != btree::NONE && next.0 < view.block);
        }
        if role == Role::Leaf && method == Method::Btree && self.rules.rows {
            for (_, _, tuple) in rows::data_tuples(page) {
                if let Some(btree::Points::Posting(list)) = btree::Points::of(&tuple) {
                    self.seen.items.posting_lists += 1;
                    self.seen.items.posting_rows += list.len() as u64;
                }
            }
        }
    }

    fn pgstattuple(&mut self, page: &Page<'_>, free: u64) {
        let btree = self.rules.build.method == Method::Btree;
        let first = if btree { rows::first_data_key(page) } else { 1 };
        let free = self.free_space(free);
        let tuples = &mut self.seen.tuples;
        tuples.free_space += free;
        for (_, item) in page.items().filter(|(number, _)| number.0 >= first) {
            let (count, len) = if item.lp_flags() == LpFlags::Dead {
                (&mut tuples.dead_tuple_count, &mut tuples.dead_tuple_len)
            } else {
                (&mut tuples.tuple_count, &mut tuples.tuple_len)
            };
            *count += 1;
            *len += u64::from(item.lp_len());
        }
    }

    /// Counts the rows of a page, and looks them up if that was asked for.
    fn rows(&mut self, role: Role, view: &PageView<'_>, sink: &mut Sink<'_>) {
        let (seen, scratch) = (&mut self.seen, &mut self.scratch);
        let heap = self.rules.heap;
        rows::rows(self.rules.build.method, role, &view.page, &mut |offset, dead, row| {
            seen.items.rows += 1;
            let Some(heap) = heap else { return };
            if let Some(found) = heap.check(row, dead, view.settled, scratch, &mut seen.heap) {
                sink.push(view.block, Some(offset.0).filter(|&offset| offset > 0), found);
            }
        });
    }

    fn summaries(&mut self, page: &Page<'_>) {
        for (_, item) in page.items().filter(|(_, item)| item.lp_flags() == LpFlags::Normal) {
            let summary = page.slice(item.storage()).map(brin::Summary::parse);
            if let Some(Ok((_, summary))) = summary {
                self.seen.placeholders += u64::from(summary.is_placeholder());
                self.seen.empty += u64::from(summary.is_empty_range());
            }
        }
    }
}

impl Observer for IndexScan<'_> {
    fn tuple(&mut self, _: &PageView<'_>, _: &TupleView<'_>, _: &mut Sink<'_>) {}

    fn page(&mut self, _: &PageView<'_>, _: &Items, _: &mut Sink<'_>) {}

    fn index_page(&mut self, view: &PageView<'_>, sink: &mut Sink<'_>) {
        let method = self.rules.build.method;
        let known = verify::index::Known {
            method,
            block: BlockNumber(view.block),
            layout: self.rules.layout,
            columns: self.rules.columns,
            rows: self.rules.rows,
        };
        let role = verify::index::judge(&view.page, known, &mut |offset, finding| {
            // What recovery will write anew is said only if it is missing in the answer.
            let left_out = [&rules::INDEX_FOREIGN_PAGE, &rules::INDEX_METAPAGE];
            if view.settled || left_out.contains(&finding.rule) {
                sink.push(view.block, offset.map(|offset| offset.0), finding);
            }
        });
        let Some(role) = role else { return self.lost_page(view.block) };
        let count = Count::of(method, role, &view.page);
        self.seen.pages.entry(role).or_default().add(count);
        self.rebuild.page(&self.rules.build, role, &view.page);
        let block_size = u64::from(self.rules.build.block_size);
        match role {
            Role::Meta if view.block == 0 => self.meta(&view.page),
            Role::HalfDead | Role::Deleted if method == Method::Btree => {
                self.seen.tuples.free_space += block_size;
            }
            // pgstattuple takes a deleted leaf for a leaf, and what lies there for line pointers.
            Role::Deleted if gist::Opaque::of(&view.page).is_ok_and(|of| of.is_leaf()) => {
                self.pgstattuple(&view.page, count.free);
            }
            Role::Unused => self.seen.tuples.free_space += block_size,
            Role::Regular if method == Method::Brin => self.summaries(&view.page),
            // pgstattuple leaves the root of a GiST index out.
            role if role.leads_to_rows() => {
                let before = self.seen.tuples.clone();
                self.leads_to_rows(role, view, count);
                if method == Method::Gist && view.block == 0 {
                    self.seen.tuples = before;
                }
                if self.rules.rows {
                    self.rows(role, view, sink);
                }
            }
            _ => {}
        }
    }

    fn new_page(&mut self, view: &PageView<'_>) {
        self.seen.pages.entry(Role::New).or_default().pages += 1;
        // That function begins behind the first page.
        if view.block > 0 {
            self.seen.tuples.free_space += u64::from(self.rules.build.block_size);
        }
    }

    fn lost_page(&mut self, _: u32) {
        self.seen.lost += 1;
    }

    fn merge(&mut self, later: Self) {
        self.rebuild.merge(&self.rules.build, later.rebuild);
        self.seen.merge(later.seen);
    }
}

impl Seen {
    fn merge(&mut self, later: Self) {
        self.lost += later.lost;
        self.meta = self.meta.take().or(later.meta);
        for (role, count) in later.pages {
            self.pages.entry(role).or_default().add(count);
        }
        self.fragments += later.fragments;
        self.leaf_free += later.leaf_free;
        self.placeholders += later.placeholders;
        self.empty += later.empty;
        let (mine, more) = (&mut self.tuples, later.tuples);
        mine.tuple_count += more.tuple_count;
        mine.tuple_len += more.tuple_len;
        mine.dead_tuple_count += more.dead_tuple_count;
        mine.dead_tuple_len += more.dead_tuple_len;
        mine.free_space += more.free_space;
        let (mine, more) = (&mut self.items, later.items);
        mine.items += more.items;
        mine.dead_items += more.dead_items;
        mine.posting_lists += more.posting_lists;
        mine.rows += more.rows;
        mine.posting_rows += more.posting_rows;
        let (mine, more) = (&mut self.heap, later.heap);
        mine.tuples += more.tuples;
        mine.redirects += more.redirects;
        mine.dead += more.dead;
        mine.unused += more.unused;
        mine.absent += more.absent;
        mine.heap_only += more.heap_only;
        mine.unreadable += more.unreadable;
    }
}
