//! Bloat: what pgstattuple counts (`pgstat_heap`, contrib/pgstattuple/pgstattuple.c), what VACUUM
//! would free, and what writing the table anew would.
mod packing;

use super::scan::{Items, Observer, PageView, Sink, TupleView};
use super::space;
use crate::layout::shape::FreeSpace;
use crate::report::bloat::{Bloat, percent};
use crate::types::Xid;
use packing::{Fill, Packing};

/// Counts one relation's space.
#[derive(Debug, Clone)]
pub struct BloatScan {
    rules: Rules,
    fill: Fill,
    seen: Bloat,
    packing: Packing,
    /// One more than the last block that VACUUM could not cut off.
    nonempty: u32,
    /// Pages that could not be read or are damaged.
    lost: u64,
}

/// What the counting depends on; the same for every unit of a relation.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// What pgstattuple takes for free space.
    pub free_space: FreeSpace,
    /// Bytes in a block.
    pub block_size: u32,
    /// The table's fillfactor, 10 to 100.
    pub fillfactor: u32,
    /// No transaction older than this can still see anything.
    pub horizon: Xid,
}

impl BloatScan {
    /// Nothing seen yet.
    pub fn new(rules: Rules) -> Self {
        let fill = Fill::new(rules.block_size, rules.fillfactor);
        Self {
            rules,
            fill,
            seen: Bloat::default(),
            packing: Packing::default(),
            nonempty: 0,
            lost: 0,
        }
    }

    /// Pages that could not be read or are damaged.
    pub fn lost_pages(&self) -> u64 {
        self.lost
    }

    /// The counts, once all `blocks` of the relation were seen.
    pub fn finish(self, blocks: u64, end: u32) -> Bloat {
        let block_size = u64::from(self.rules.block_size);
        let table_len = blocks * block_size;
        let rewritten_len = self.fill.len(&self.packing);
        let seen = self.seen;
        Bloat {
            table_len,
            tuple_percent: percent(seen.tuple_len, table_len),
            dead_tuple_percent: percent(seen.dead_tuple_len, table_len),
            free_percent: percent(seen.free_space, table_len),
            truncatable_len: u64::from(end.saturating_sub(self.nonempty)) * block_size,
            rewritten_len,
            rewrite_frees: table_len.saturating_sub(rewritten_len),
            ..seen
        }
    }

    /// Free space of a page by this major's rule (storage/page/bufpage.c).
    fn free_space(&self, page: &PageView<'_>, items: &Items) -> u64 {
        let header = &page.header;
        match self.rules.free_space {
            FreeSpace::Exact => u64::from(header.pd_upper.saturating_sub(header.pd_lower)),
            FreeSpace::ForOneMoreTuple => {
                space::heap_free_space(header, items, self.rules.block_size)
            }
        }
    }
}

impl Observer for BloatScan {
    #[inline]
    fn tuple(&mut self, page: &PageView<'_>, tuple: &TupleView<'_>, _: &mut Sink<'_>) {
        let len = tuple.lp_len();
        if tuple.fate.is_visible_to_dirty() {
            self.seen.tuple_count += 1;
            self.seen.tuple_len += len;
        } else {
            self.seen.dead_tuple_count += 1;
            self.seen.dead_tuple_len += len;
        }
        if tuple.fate.is_removable(self.rules.horizon) {
            self.seen.removable_tuples += 1;
            self.seen.vacuum_frees += len.next_multiple_of(8);
        } else {
            self.fill.add(&mut self.packing, len);
            self.nonempty = page.block + 1;
        }
    }

    fn page(&mut self, page: &PageView<'_>, items: &Items, _: &mut Sink<'_>) {
        self.seen.free_space += self.free_space(page, items);
        self.seen.dead_line_pointers += u64::from(items.dead);
        self.seen.unused_line_pointers += u64::from(items.unused);
        self.seen.redirect_line_pointers += u64::from(items.redirect);
    }

    fn new_page(&mut self, _: &PageView<'_>) {
        self.seen.new_pages += 1;
    }

    fn lost_page(&mut self, block: u32) {
        self.nonempty = block.saturating_add(1);
        self.lost += 1;
    }

    fn merge(&mut self, later: Self) {
        self.fill.merge(&mut self.packing, later.packing);
        self.nonempty = self.nonempty.max(later.nonempty);
        self.lost += later.lost;
        let (mine, more) = (&mut self.seen, later.seen);
        mine.tuple_count += more.tuple_count;
        mine.tuple_len += more.tuple_len;
        mine.dead_tuple_count += more.dead_tuple_count;
        mine.dead_tuple_len += more.dead_tuple_len;
        mine.free_space += more.free_space;
        mine.dead_line_pointers += more.dead_line_pointers;
        mine.unused_line_pointers += more.unused_line_pointers;
        mine.redirect_line_pointers += more.redirect_line_pointers;
        mine.new_pages += more.new_pages;
        mine.removable_tuples += more.removable_tuples;
        mine.vacuum_frees += more.vacuum_frees;
    }
}
