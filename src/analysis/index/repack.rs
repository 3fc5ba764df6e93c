//! What an index would be if it were built anew: B-trees as nbtsort.c fills their pages, hash
//! indexes as hashbuild lays out their buckets, BRIN and bloom indexes row after row. What the others
//! become depends on more than their items.
use super::role::{Method, Role};
use super::rows::{data_tuples, tuples};
use crate::format::index::IndexTuple;
use crate::format::index::bloom;
use crate::format::index::btree::Points;
use crate::format::page::{LpFlags, Page};

/// Bytes before the line pointers (`SizeOfPageHeaderData`).
const PAGE_HEADER: u64 = 24;
/// `MAXALIGN(sizeof(BTPageOpaqueData))`.
const OPAQUE: u64 = 16;
/// Bytes of a line pointer.
const LINE_POINTER: u64 = 4;
/// Bytes of a heap TID in a posting list.
const TID: u64 = 6;
/// Bytes of an index tuple without attributes, which the first on an inner page is.
const BARE: u64 = 8;
/// `BTREE_NONLEAF_FILLFACTOR`.
const NONLEAF_FILLFACTOR: u64 = 70;
/// Bytes of a hash index' item with its line pointer.
const HASH_ITEM: u64 = 20;

/// How an index is built.
#[derive(Debug, Clone, Copy)]
pub struct Build {
    /// How.
    pub method: Method,
    /// Bytes in a block.
    pub block_size: u32,
    /// Blocks of the table; of BRIN and hash indexes, else 0.
    pub table_blocks: u32,
    /// Of a hash index, rows that the server takes its table to have when it lays out the buckets.
    pub table_rows: Option<u64>,
    /// Percent of a leaf that is filled.
    pub fillfactor: u32,
    /// Whether equal keys are merged into posting lists.
    pub deduplicate: bool,
}

/// What was packed so far, by work units that each began on a page of its own; what was left open at
/// their ends is added up in bytes, so that any grouping of the units gives the same sum.
#[derive(Debug, Clone, Default)]
pub(super) struct Repack {
    /// The key that tuples are being merged to, its size, and its rows so far.
    pending: Vec<u8>,
    base: u64,
    tids: u64,
    leaf: Leaf,
    /// Bytes of high keys, and how many there are.
    high_keys: (u64, u64),
    /// Of hash, BRIN and bloom indexes: items; of hash indexes, those of overflow pages.
    items: u64,
    overflow_items: u64,
    /// Of BRIN and bloom indexes: bytes of the items.
    bytes: u64,
}

/// Leaves of a B-tree.
#[derive(Debug, Clone, Copy, Default)]
struct Leaf {
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
    /// Bytes on pages that earlier units left open.
    left: u64,
}

impl Build {
    /// Bytes between pd_lower and pd_upper of an empty page, which has a line pointer for its high
    /// key (`_bt_blnewpage`).
    const fn room(&self) -> u64 {
        (self.block_size as u64).saturating_sub(PAGE_HEADER + OPAQUE + LINE_POINTER)
    }

    /// Bytes that are to stay free on a leaf (`BTGetTargetPageFreeSpace`).
    const fn reserve(&self) -> u64 {
        self.block_size as u64 * 100_u64.saturating_sub(self.fillfactor as u64) / 100
    }

    /// `maxpostingsize` of `_bt_load`.
    const fn most_posting(&self) -> u64 {
        (self.block_size as u64 / 10 / 8 * 8).saturating_sub(LINE_POINTER)
    }

    /// Takes the items of a page.
    pub(super) fn page(&self, repack: &mut Repack, role: Role, page: &Page<'_>) {
        match (self.method, role) {
            (Method::Btree, Role::Leaf) => self.leaf_page(repack, page),
            (Method::Hash, Role::Bucket | Role::Overflow) => {
                let live = page.items().filter(|(_, item)| item.lp_flags() != LpFlags::Dead);
                let live = live.count() as u64;
                repack.items += live;
                repack.overflow_items += if role == Role::Overflow { live } else { 0 };
            }
            (Method::Brin, Role::Regular) => {
                let live = page.items().filter(|(_, item)| item.lp_flags() == LpFlags::Normal);
                for (_, item) in live {
                    repack.items += 1;
                    repack.bytes += u64::from(item.lp_len()).next_multiple_of(8) + LINE_POINTER;
                }
            }
            (Method::Bloom, Role::Regular) => {
                let rows = bloom::Opaque::of(page).map_or(0, |opaque| opaque.maxoff.into());
                repack.items += rows;
                let used = u64::from(page.header().pd_lower).saturating_sub(PAGE_HEADER);
                repack.bytes += if rows > 0 { used } else { 0 };
            }
            _ => {}
        }
    }

    fn leaf_page(&self, repack: &mut Repack, page: &Page<'_>) {
        let first = super::rows::first_data_key(page);
        if first > 1
            && let Some((_, _, high_key)) = tuples(page).next()
        {
            repack.high_keys.0 += u64::from(high_key.size()).next_multiple_of(8);
            repack.high_keys.1 += 1;
        }
        for (_, item, tuple) in data_tuples(page) {
            if item.lp_flags() != LpFlags::Dead {
                self.tuple(repack, &tuple);
            }
        }
    }

    fn tuple(&self, repack: &mut Repack, tuple: &IndexTuple<'_>) {
        let Some(points) = Points::of(tuple) else { return };
        let rows = match points {
            Points::Posting(rows) => rows.len() as u64,
            Points::One(_) | Points::Pivot { .. } => 1,
        };
        let end = points.data_end(tuple);
        let size = (end as u64).next_multiple_of(8);
        if !self.deduplicate {
            (0..rows).for_each(|_| self.add(&mut repack.leaf, size, 0));
            return;
        }
        // From t_info on: whether there are nulls, which, and the values.
        let key = tuple.bytes().get(8..end).unwrap_or_default();
        let same = repack.tids > 0
            && repack.pending.split_last().is_some_and(|(nulls, pending)| {
                (*nulls == 1) == tuple.has_nulls() && pending == key
            });
        if !same {
            self.finish_pending(repack);
            repack.pending.clear();
            repack.pending.extend_from_slice(key);
            repack.pending.push(u8::from(tuple.has_nulls()));
            repack.base = size;
        }
        for _ in 0..rows {
            let merged = (repack.base + (repack.tids + 1) * TID).next_multiple_of(8);
            if repack.tids > 0 && merged > self.most_posting() {
                self.finish_pending(repack);
            }
            repack.tids += 1;
        }
    }

    /// `_bt_sort_dedup_finish_pending`.
    fn finish_pending(&self, repack: &mut Repack) {
        match std::mem::take(&mut repack.tids) {
            0 => {}
            1 => self.add(&mut repack.leaf, repack.base, 0),
            tids => {
                let size = (repack.base + tids * TID).next_multiple_of(8);
                self.add(&mut repack.leaf, size, size - repack.base);
            }
        }
    }

    /// `_bt_buildadd`: an item of `size` bytes, `posting` of which are its posting list.
    fn add(&self, leaf: &mut Leaf, size: u64, posting: u64) {
        let need = size + LINE_POINTER;
        if leaf.items > 0 && self.is_full(leaf, size) {
            leaf.full += 1;
            // The last item becomes the high key, and goes on as the first of the next page.
            (leaf.open, leaf.items) = (leaf.last.0, 1);
        }
        if leaf.first == 0 {
            leaf.first = need;
        }
        leaf.open += need;
        leaf.items += 1;
        leaf.last = (need, posting);
    }

    /// Whether the open page is finished before an item of `size` bytes is added.
    fn is_full(&self, leaf: &Leaf, size: u64) -> bool {
        let free = self.room().saturating_sub(leaf.open).saturating_sub(LINE_POINTER);
        free < size + BARE || (free + leaf.last.1 < self.reserve() && leaf.items > 1)
    }

    /// Adds what a later unit packed.
    pub(super) fn merge(&self, repack: &mut Repack, mut later: Repack) {
        self.finish_pending(repack);
        self.finish_pending(&mut later);
        repack.high_keys.0 += later.high_keys.0;
        repack.high_keys.1 += later.high_keys.1;
        repack.items += later.items;
        repack.overflow_items += later.overflow_items;
        repack.bytes += later.bytes;
        let (mine, later) = (&mut repack.leaf, later.leaf);
        if later.first == 0 {
            return;
        }
        if mine.first == 0 {
            *mine = later;
            return;
        }
        mine.full += later.full;
        mine.left += later.left;
        if self.is_full(mine, later.first.saturating_sub(LINE_POINTER)) {
            mine.full += 1;
            mine.left += mine.last.0;
        } else {
            mine.left += mine.open;
        }
        (mine.open, mine.items, mine.last) = (later.open, later.items, later.last);
    }

    /// Bytes of the index built anew; of a BRIN index whose metapage was read, by the blocks in a
    /// range; of a hash index by the rows that are there, if they were looked up, and else as if
    /// all were. `None` if it is not estimated.
    pub(super) fn len(
        &self,
        repack: Repack,
        blocks_per_range: Option<u32>,
        rows: Option<u64>,
    ) -> Option<u64> {
        let pages = match self.method {
            Method::Btree => self.btree_pages(repack),
            Method::Hash => {
                let rows = rows.map_or(repack.items, |rows| rows.min(repack.items));
                self.hash_pages(&repack, self.table_rows?, rows)
            }
            Method::Brin => self.brin_pages(&repack, blocks_per_range?),
            Method::Bloom => 1 + self.pages_of(repack.items, &repack),
            Method::Gin | Method::Gist | Method::Spgist | Method::Other => return None,
        };
        Some(pages * u64::from(self.block_size))
    }

    /// Why there is no estimate.
    pub(super) const fn not_estimated(&self) -> Option<&'static str> {
        match self.method {
            Method::Gin => Some("it depends on maintenance_work_mem"),
            Method::Gist | Method::Spgist => Some("it depends on the order of the rows"),
            Method::Other => Some("its access method is one of an extension"),
            Method::Brin => Some("its metapage cannot be read"),
            Method::Hash => Some("its table was never vacuumed or analyzed"),
            Method::Btree | Method::Bloom => None,
        }
    }

    /// The metapage, the map, and the summaries of all ranges (`brinbuild`), of which there is one
    /// even without a block.
    fn brin_pages(&self, repack: &Repack, blocks_per_range: u32) -> u64 {
        /// Bytes of an entry of the map, `REVMAP_PAGE_MAXITEMS` of which are on a page.
        const ENTRY: u64 = 6;
        let ranges = u64::from(self.table_blocks.div_ceil(blocks_per_range.max(1)).max(1));
        let map = ranges.div_ceil((self.simple_room() / ENTRY).max(1));
        1 + map + self.pages_of(ranges, repack)
    }

    /// Pages for `count` items that are as long as the others on average.
    fn pages_of(&self, count: u64, repack: &Repack) -> u64 {
        let item = repack.bytes.div_ceil(repack.items.max(1)).max(1);
        count.div_ceil((self.simple_room() / item).max(1))
    }

    /// Bytes of a page between its header and a special space of 8 bytes.
    const fn simple_room(&self) -> u64 {
        (self.block_size as u64).saturating_sub(PAGE_HEADER + 8)
    }

    fn btree_pages(&self, mut repack: Repack) -> u64 {
        self.finish_pending(&mut repack);
        let leaf = repack.leaf;
        let room = self.room().saturating_sub(self.reserve()).max(1);
        let mut level = leaf.full + (leaf.open.min(room) + leaf.left).div_ceil(room);
        let mut pages = 1 + level;
        // A pivot is as long as the high keys are on average.
        let (bytes, count) = repack.high_keys;
        let pivot = bytes.checked_div(count).unwrap_or(BARE * 2).max(BARE) + LINE_POINTER;
        let reserve = u64::from(self.block_size) * (100 - NONLEAF_FILLFACTOR) / 100;
        // The first pivot has no key; the last one moves on to the next page.
        let soft = (self.room().saturating_sub(LINE_POINTER + reserve) + pivot - BARE) / pivot;
        let children = soft.max(2);
        while level > 1 {
            level = level.div_ceil(children);
            pages += level;
        }
        pages
    }

    /// The metapage, a bitmap, the buckets, and what does not fit in them. Buckets are laid out for
    /// the rows that the table is taken to have (`_hash_init_metabuffer`), and split if there are
    /// more (`_hash_doinsert`).
    fn hash_pages(&self, repack: &Repack, table_rows: u64, rows: u64) -> u64 {
        let target = u64::from(self.block_size) * u64::from(self.fillfactor) / 100;
        let per_bucket = (target / HASH_ITEM).max(10);
        let laid_out = buckets(table_rows / per_bucket);
        let buckets = laid_out.max(buckets(rows.div_ceil(per_bucket)));
        let most = (u64::from(self.block_size).saturating_sub(PAGE_HEADER + OPAQUE)) / HASH_ITEM;
        2 + buckets + repack.overflow_items.div_ceil(most.max(1))
    }
}

/// `_hash_get_totalbuckets` of `_hash_spareindex`: buckets come in powers of two, from 512 on in
/// quarters of the next.
fn buckets(wanted: u64) -> u64 {
    let wanted = wanted.clamp(2, 1 << 30);
    let next = wanted.next_power_of_two();
    if next < 1024 {
        return next;
    }
    let (half, quarter) = (next / 2, next / 8);
    half + (wanted - half).div_ceil(quarter) * quarter
}

#[cfg(test)]
mod tests {
    use super::{Build, Method, Repack, buckets};

    #[test]
    fn buckets_are_added_as_splitpoints_say() {
        let of = [0, 3, 512, 513, 1025, 1281, 2048, 2049].map(buckets);
        assert_eq!(of, [2, 4, 512, 640, 1280, 1536, 2048, 2560]);
    }

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
        };
        let mut repack = Repack { high_keys: (16, 1), ..Repack::default() };
        (0..10_000_000).for_each(|_| build.add(&mut repack.leaf, 16, 0));
        assert_eq!(build.len(repack, None, None), Some(27_422 * 8192));
    }
}
