//! GIN indexes (`ginbuild`, access/gin/gininsert.c): rows are gathered in memory, and inserted key by
//! key whenever that is full. If all are inserted at once, each goes to the end of the tree of
//! entries, whose pages are then left half full by splits (`entrySplitPage`); if not, it depends on
//! which rows were together. Posting trees are filled up in any case.
use super::{Build, LINE_POINTER, Sum, by_insertion};
use crate::analysis::index::role::Role;
use crate::analysis::index::rows::tuples;
use crate::format::index::IndexTuple;
use crate::format::index::gin::{Opaque, Postings};
use crate::format::page::{LpFlags, Page};
use crate::types::BlockNumber;

/// `MAXALIGN(sizeof(GinPageOpaqueData))`.
const OPAQUE: u64 = 8;
/// Bytes before the items of a data page: its right bound (`GinDataPageMaxDataSize`).
const RIGHT_BOUND: u64 = 8;
/// Bytes of a list of one row (`SizeOfGinPostingList`).
const LIST: u64 = 8;
/// `sizeof(PostingItem)`.
const POSTING_ITEM: u64 = 10;
/// Percent of a leaf of a posting tree that segments fill before one does not fit.
const SEGMENTS: u64 = 98;
/// Percent of their room that leaves of entries are filled to if they are inserted in parts. Least
/// and most of what servers made of indexes of many operator classes.
const IN_PARTS: [u64; 2] = [45, 88];

/// Entries and rows of a GIN index. Leaves of entries are packed by runs that each began on a page of
/// its own; what was left open at their ends is added up in bytes.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Entries {
    /// Items of the leaf that is being filled, in bytes with their line pointers.
    open: Vec<u64>,
    /// Bytes of them.
    used: u64,
    /// Leaves that were split off, and bytes of those that earlier runs left open.
    full: u64,
    left: u64,
    all: Sum,
    /// Keys alone, as they are on inner pages.
    keys: Sum,
    /// Bytes of memory for all of them and for their rows, at most (access/gin/ginbulk.c).
    memory: u64,
    trees: Trees,
    /// Rows of the pending list, as entries of their own.
    pending: Sum,
}

/// Posting trees.
#[derive(Debug, Clone, Copy, Default)]
struct Trees {
    count: u64,
    /// Those that have more than a leaf.
    split: u64,
    /// Bytes of rows, and of those on last leaves.
    rows: u64,
    last_rows: u64,
    /// Last leaves that do not have more rows than an entry takes, with bytes of them.
    small: Sum,
}

impl Entries {
    /// Takes a page.
    pub(super) fn page(&mut self, build: &Build, role: Role, page: &Page<'_>) {
        let last = Opaque::of(page).is_ok_and(|opaque| opaque.rightlink == BlockNumber::INVALID);
        match role {
            Role::EntryLeaf => {
                for (_, item, tuple) in tuples(page) {
                    if item.lp_flags() != LpFlags::Dead {
                        self.entry(build, &tuple);
                    }
                }
            }
            Role::DataLeaf => {
                let end = u64::from(page.header().pd_lower);
                let rows = end.saturating_sub(super::PAGE_HEADER + RIGHT_BOUND);
                self.trees.rows += rows;
                if last {
                    self.trees.last_rows += rows;
                    if rows <= most_list(build) {
                        self.trees.small.add(rows);
                    }
                }
                // A row takes at least a byte there.
                self.memory += rows * ROW * 2;
            }
            Role::Pending => {
                for (_, _, tuple) in tuples(page) {
                    let key = u64::from(tuple.size()).next_multiple_of(8);
                    self.pending.add(key + LIST + LINE_POINTER);
                }
            }
            // Of hardly any tree there is more than one level of them.
            Role::DataInternal => self.trees.split += u64::from(last),
            _ => {}
        }
    }

    fn entry(&mut self, build: &Build, tuple: &IndexTuple<'_>) {
        let size = u64::from(tuple.size());
        let (key, rows) = match Postings::of(tuple) {
            // VACUUM leaves the entry of a key that no row has any more.
            Postings::List { count: 0, .. } => return,
            Postings::List { at, count, .. } => (size.min(at as u64), u64::from(count)),
            Postings::Tree(_) => {
                self.trees.count += 1;
                (size, 1)
            }
        };
        self.all.add(size.next_multiple_of(8) + LINE_POINTER);
        self.keys.add(key.next_multiple_of(8) + LINE_POINTER);
        self.memory += memory(key, rows);
        self.add(build, size.next_multiple_of(8) + LINE_POINTER);
    }

    /// Puts an item at the end of the open leaf, which is split if it does not fit
    /// (`entryIsEnoughSpace`, `entrySplitPage`).
    fn add(&mut self, build: &Build, item: u64) {
        self.open.push(item);
        self.used += item;
        if self.used + LINE_POINTER <= build.room(OPAQUE) {
            return;
        }
        let (mut left, mut count) = (0, 0);
        while left <= self.used / 2
            && let Some(size) = self.open.get(count)
        {
            left += size;
            count += 1;
        }
        self.open.drain(..count);
        self.used -= left;
        self.full += 1;
    }

    /// Adds what a later run packed.
    pub(super) fn merge(&mut self, later: Self) {
        if later.all.count > 0 {
            self.left += self.used + later.left;
            (self.open, self.used) = (later.open, later.used);
        }
        self.full += later.full;
        self.all.merge(later.all);
        self.keys.merge(later.keys);
        self.memory += later.memory;
        self.trees.merge(later.trees);
        self.pending.merge(later.pending);
    }

    /// Least and most pages.
    pub(super) fn pages(&self, build: &Build) -> [u64; 2] {
        let room = build.room(OPAQUE);
        // A leaf that is being filled is between half and all full.
        let at_once = self.full + 1 + self.left * 4 / (room * 3);
        let [dense, sparse] = if self.memory < build.maintenance_work_mem {
            [at_once; 2]
        } else {
            let [sparse, dense] =
                IN_PARTS.map(|filled| by_insertion(self.all.bytes, room * filled / 100));
            [dense.min(at_once), sparse.max(at_once)]
        };
        let pages = |leaves: u64, trees: u64| 1 + leaves + self.inner_pages(room, leaves) + trees;
        let lists = self.trees.lists(build);
        let trees = self.trees.pages(build);
        // Keys of pending rows may all be there already, or all be new.
        let pending = by_insertion(self.pending.bytes * 2, room);
        [pages(dense + lists.bytes / room, trees - lists.count), pages(sparse + pending, trees)]
    }

    /// Pages above so many leaves of entries, each split in the middle once it is full.
    fn inner_pages(&self, room: u64, leaves: u64) -> u64 {
        let most = (room / self.keys.mean()).max(4);
        let half = most.div_ceil(2);
        let (mut level, mut pages) = (leaves, 0);
        while level > 1 {
            level = 1 + level.saturating_sub(most).div_ceil(half);
            pages += level;
        }
        pages
    }
}

/// Bytes of the longest list in an entry (`GinMaxItemSize`), but for its key.
const fn most_list(build: &Build) -> u64 {
    const LINE_POINTERS: u64 = 16;
    build.room(OPAQUE).saturating_sub(LINE_POINTERS) / 3 / 8 * 8
}

impl Trees {
    fn merge(&mut self, others: Self) {
        self.count += others.count;
        self.split += others.split;
        self.rows += others.rows;
        self.last_rows += others.last_rows;
        self.small.merge(others.small);
    }

    /// Trees that may have so few rows that these become lists of their entries: as many of one leaf
    /// as there are small last leaves, which those of several have as well.
    fn lists(self, build: &Build) -> Sum {
        let small = self.small.count.min(self.count - self.split());
        let mut lists = Sum { count: small, bytes: small * self.small.mean() };
        let of_split = self.of_split();
        if of_split / self.split().max(1) <= most_list(build) {
            lists.merge(Sum { count: self.split(), bytes: of_split });
        }
        lists
    }

    fn split(self) -> u64 {
        self.split.min(self.count)
    }

    /// Bytes of rows of trees that have more than a leaf.
    fn of_split(self) -> u64 {
        let last = self.last_rows / self.count.max(1) * self.split();
        self.rows - self.last_rows + last
    }

    /// Pages of them. Those of one leaf keep it; the others fill leaf after leaf, and the last one by
    /// half.
    fn pages(self, build: &Build) -> u64 {
        let room = build.room(OPAQUE) - RIGHT_BOUND;
        let (split, filled) = (self.split(), room * SEGMENTS / 100);
        if self.of_split() <= split * filled {
            return self.count;
        }
        let leaves = (self.of_split() / filled + split.div_ceil(2)).max(split * 2);
        let (mut level, mut inner) = (leaves.div_ceil(split.max(1)), 0);
        while level > 1 {
            level = level.div_ceil(room / POSTING_ITEM);
            inner += level;
        }
        self.count - split + leaves + inner * split
    }
}

/// Bytes of a row in memory (`ItemPointerData`).
const ROW: u64 = 6;

/// Bytes of memory that a key of so many bytes with so many rows takes at most: its place in the tree
/// of keys (`GinEntryAccumulator`), a copy, and a list that is doubled when it is full.
fn memory(key: u64, rows: u64) -> u64 {
    /// `sizeof(GinEntryAccumulator)`, and a chunk's header.
    const PLACE: u64 = 64 + 16;
    /// `DEF_NPTR`.
    const FIRST: u64 = 5;
    let list = FIRST * rows.div_ceil(FIRST).next_power_of_two() * ROW;
    PLACE + key.next_power_of_two() + list.next_power_of_two() + 2 * 16
}
