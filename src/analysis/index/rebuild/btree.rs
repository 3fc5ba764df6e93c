//! B-trees as nbtsort.c fills their pages.
use super::{Build, LINE_POINTER};
use crate::analysis::index::rows::{data_tuples, first_data_key, tuples};
use crate::format::index::IndexTuple;
use crate::format::index::btree::Points;
use crate::format::page::{LpFlags, Page};

/// `MAXALIGN(sizeof(BTPageOpaqueData))`.
const OPAQUE: u64 = 16;
/// Bytes of a heap TID in a posting list.
const TID: u64 = 6;
/// Bytes of an index tuple without attributes, which the first on an inner page is.
const BARE: u64 = 8;
/// `BTREE_NONLEAF_FILLFACTOR`.
const NONLEAF_FILLFACTOR: u64 = 70;

/// Leaves of a B-tree, by runs that each began on a page of its own; what was left open at their ends
/// is added up in bytes.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Leaves {
    /// The key that tuples are being merged to, its size, and its rows so far.
    pending: Vec<u8>,
    base: u64,
    tids: u64,
    /// Bytes of high keys, and how many there are.
    high_keys: (u64, u64),
    /// Pages that were finished.
    full: u64,
    /// Bytes on the open page, line pointers included.
    open: u64,
    /// Items on it.
    items: u64,
    /// Bytes of the last, and those of its posting list.
    last: (u64, u64),
    /// Bytes of the very first item; 0 before there is one.
    first: u64,
    /// Bytes on pages that earlier runs left open.
    left: u64,
}

/// Bytes between pd_lower and pd_upper of an empty page, which has a line pointer for its high key
/// (`_bt_blnewpage`).
const fn room(build: &Build) -> u64 {
    build.room(OPAQUE).saturating_sub(LINE_POINTER)
}

/// Bytes that are to stay free on a leaf (`BTGetTargetPageFreeSpace`).
const fn reserve(build: &Build) -> u64 {
    build.block_size as u64 * 100_u64.saturating_sub(build.fillfactor as u64) / 100
}

/// `maxpostingsize` of `_bt_load`.
const fn most_posting(build: &Build) -> u64 {
    (build.block_size as u64 / 10 / 8 * 8).saturating_sub(LINE_POINTER)
}

impl Leaves {
    /// Takes a leaf.
    pub(super) fn page(&mut self, build: &Build, page: &Page<'_>) {
        if first_data_key(page) > 1
            && let Some((_, _, high_key)) = tuples(page).next()
        {
            self.high_keys.0 += u64::from(high_key.size()).next_multiple_of(8);
            self.high_keys.1 += 1;
        }
        for (_, item, tuple) in data_tuples(page) {
            if item.lp_flags() != LpFlags::Dead {
                self.tuple(build, &tuple);
            }
        }
    }

    fn tuple(&mut self, build: &Build, tuple: &IndexTuple<'_>) {
        let Some(points) = Points::of(tuple) else { return };
        let rows = match points {
            Points::Posting(rows) => rows.len() as u64,
            Points::One(_) | Points::Pivot { .. } => 1,
        };
        let end = points.data_end(tuple);
        let size = (end as u64).next_multiple_of(8);
        if !build.deduplicate {
            (0..rows).for_each(|_| self.add(build, size, 0));
            return;
        }
        // From t_info on: whether there are nulls, which, and the values.
        let key = tuple.bytes().get(8..end).unwrap_or_default();
        let same = self.tids > 0
            && self.pending.split_last().is_some_and(|(nulls, pending)| {
                (*nulls == 1) == tuple.has_nulls() && pending == key
            });
        if !same {
            self.finish_pending(build);
            self.pending.clear();
            self.pending.extend_from_slice(key);
            self.pending.push(u8::from(tuple.has_nulls()));
            self.base = size;
        }
        for _ in 0..rows {
            let merged = (self.base + (self.tids + 1) * TID).next_multiple_of(8);
            if self.tids > 0 && merged > most_posting(build) {
                self.finish_pending(build);
            }
            self.tids += 1;
        }
    }

    /// `_bt_sort_dedup_finish_pending`.
    fn finish_pending(&mut self, build: &Build) {
        match std::mem::take(&mut self.tids) {
            0 => {}
            1 => self.add(build, self.base, 0),
            tids => {
                let size = (self.base + tids * TID).next_multiple_of(8);
                self.add(build, size, size - self.base);
            }
        }
    }

    /// `_bt_buildadd`: an item of `size` bytes, `posting` of which are its posting list.
    fn add(&mut self, build: &Build, size: u64, posting: u64) {
        let need = size + LINE_POINTER;
        if self.items > 0 && self.is_full(build, size) {
            self.full += 1;
            // The last item becomes the high key, and goes on as the first of the next page.
            (self.open, self.items) = (self.last.0, 1);
        }
        if self.first == 0 {
            self.first = need;
        }
        self.open += need;
        self.items += 1;
        self.last = (need, posting);
    }

    /// Whether the open page is finished before an item of `size` bytes is added.
    fn is_full(&self, build: &Build, size: u64) -> bool {
        let free = room(build).saturating_sub(self.open).saturating_sub(LINE_POINTER);
        free < size + BARE || (free + self.last.1 < reserve(build) && self.items > 1)
    }

    /// Adds what a later run packed.
    pub(super) fn merge(&mut self, build: &Build, mut later: Self) {
        self.finish_pending(build);
        later.finish_pending(build);
        self.high_keys.0 += later.high_keys.0;
        self.high_keys.1 += later.high_keys.1;
        if later.first == 0 {
            return;
        }
        if self.first == 0 {
            let high_keys = self.high_keys;
            *self = Self { high_keys, ..later };
            return;
        }
        self.full += later.full;
        self.left += later.left;
        if self.is_full(build, later.first.saturating_sub(LINE_POINTER)) {
            self.full += 1;
            self.left += self.last.0;
        } else {
            self.left += self.open;
        }
        (self.open, self.items, self.last) = (later.open, later.items, later.last);
    }

    /// The metapage, the leaves, and the levels above them (`_bt_uppershutdown`).
    pub(super) fn pages(mut self, build: &Build) -> u64 {
        self.finish_pending(build);
        let filled = room(build).saturating_sub(reserve(build)).max(1);
        let mut level = self.full + (self.open.min(filled) + self.left).div_ceil(filled);
        let mut pages = 1 + level;
        // A pivot is as long as the high keys are on average.
        let (bytes, count) = self.high_keys;
        let pivot = bytes.checked_div(count).unwrap_or(BARE * 2).max(BARE) + LINE_POINTER;
        let reserve = u64::from(build.block_size) * (100 - NONLEAF_FILLFACTOR) / 100;
        // The first pivot has no key; the last one moves on to the next page.
        let soft = (room(build).saturating_sub(LINE_POINTER + reserve) + pivot - BARE) / pivot;
        let children = soft.max(2);
        while level > 1 {
            level = level.div_ceil(children);
            pages += level;
        }
        pages
    }
}

#[cfg(test)]
mod tests {
    use super::{Build, Leaves};
    use crate::analysis::index::Method;

    /// pgbench_accounts_pkey of 10 million rows takes 27422 pages (19rc1), at fillfactor 90.
    #[test]
    fn a_tree_of_integers_packs_as_the_server_packs_it() {
        let build = Build {
            method: Method::Btree,
            block_size: 8192,
            table_blocks: 0,
            table_rows: None,
            fillfactor: 90,
            deduplicate: false,
            sorted: false,
            maintenance_work_mem: 0,
        };
        let mut leaves = Leaves { high_keys: (16, 1), ..Leaves::default() };
        (0..10_000_000).for_each(|_| leaves.add(&build, 16, 0));
        assert_eq!(leaves.pages(&build), 27_422);
    }
}
