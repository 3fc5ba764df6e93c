//! What an index would be if it were built anew: its items, as a build of its access method packs
//! them. Where that depends on the order of the rows as well, the least and the most that it may be.
mod btree;
mod gin;
mod gist;
mod hash;
mod rows;
mod spgist;

use super::role::{Method, Role};
use crate::format::page::Page;

/// Bytes before the line pointers (`SizeOfPageHeaderData`).
const PAGE_HEADER: u64 = 24;
/// Bytes of a line pointer.
const LINE_POINTER: u64 = 4;

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
    /// Of a B-tree, whether equal keys are merged into posting lists.
    pub deduplicate: bool,
    /// Of a GiST index, whether its rows are sorted first.
    pub sorted: bool,
    /// Bytes in which rows of a GIN index are gathered before they are inserted.
    pub maintenance_work_mem: u64,
}

/// Lengths in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The least that it may be.
    pub least: u64,
    /// The most.
    pub most: u64,
}

/// An index that is being built anew, from the pages of a run of blocks. Runs are put together in the
/// order of their blocks; their sum does not depend on how they were grouped before.
#[derive(Debug)]
pub(super) enum Rebuild {
    Btree(btree::Leaves),
    Hash(hash::Items),
    Gin(gin::Entries),
    Gist(gist::Items),
    Spgist(spgist::Tuples),
    Brin(rows::Rows),
    Bloom(rows::Rows),
    /// It is not estimated.
    None,
}

impl Rebuild {
    /// Nothing yet.
    pub(super) fn of(method: Method) -> Self {
        match method {
            Method::Btree => Self::Btree(btree::Leaves::default()),
            Method::Hash => Self::Hash(hash::Items::default()),
            Method::Brin => Self::Brin(rows::Rows::default()),
            Method::Gin => Self::Gin(gin::Entries::default()),
            Method::Gist => Self::Gist(gist::Items::default()),
            Method::Spgist => Self::Spgist(spgist::Tuples::default()),
            Method::Bloom => Self::Bloom(rows::Rows::default()),
            Method::Other => Self::None,
        }
    }

    /// Takes the items of a page.
    pub(super) fn page(&mut self, build: &Build, role: Role, page: &Page<'_>) {
        match self {
            Self::Btree(leaves) if role == Role::Leaf => leaves.page(build, page),
            Self::Hash(items) if matches!(role, Role::Bucket | Role::Overflow) => items.page(page),
            Self::Gin(entries) => entries.page(build, role, page),
            Self::Gist(items) => items.page(role, page),
            Self::Spgist(tuples) => tuples.page(role, page),
            Self::Brin(rows) if role == Role::Regular => rows.brin_page(page),
            Self::Bloom(rows) if role == Role::Regular => rows.bloom_page(page),
            _ => {}
        }
    }

    /// Adds what a later run packed.
    pub(super) fn merge(&mut self, build: &Build, later: Self) {
        match (self, later) {
            (Self::Btree(mine), Self::Btree(later)) => mine.merge(build, later),
            (Self::Hash(mine), Self::Hash(later)) => mine.merge(later),
            (Self::Gin(mine), Self::Gin(later)) => mine.merge(later),
            (Self::Gist(mine), Self::Gist(later)) => mine.merge(later),
            (Self::Spgist(mine), Self::Spgist(later)) => mine.merge(later),
            (Self::Brin(mine), Self::Brin(later)) | (Self::Bloom(mine), Self::Bloom(later)) => {
                mine.merge(later);
            }
            _ => {}
        }
    }

    /// Bytes of the index built anew; of a BRIN index whose metapage was read, by the blocks in a
    /// range; of a hash index by the rows that are there, if they were looked up, and else as if
    /// all were. `None` if it is not estimated.
    pub(super) fn len(
        self,
        build: &Build,
        blocks_per_range: Option<u32>,
        rows: Option<u64>,
    ) -> Option<Span> {
        let [least, most] = match self {
            Self::Btree(leaves) => [leaves.pages(build); 2],
            Self::Hash(items) => [items.pages(build, build.table_rows?, rows); 2],
            Self::Gin(entries) => entries.pages(build),
            Self::Gist(items) => items.pages(build),
            Self::Spgist(tuples) => tuples.pages(build),
            Self::Brin(rows) => [rows.brin_pages(build, blocks_per_range?); 2],
            Self::Bloom(rows) => [rows.bloom_pages(build); 2],
            Self::None => return None,
        };
        let block_size = u64::from(build.block_size);
        Some(Span { least: least.min(most) * block_size, most: most * block_size })
    }
}

impl Span {
    /// Whether they differ by more than a page in twenty, which estimates are right to in any case.
    pub const fn differs(self) -> bool {
        self.most - self.least > self.most / 20
    }
}

impl Build {
    /// Why there is no estimate.
    pub(super) const fn not_estimated(&self) -> Option<&'static str> {
        match self.method {
            Method::Other => Some("its access method is one of an extension"),
            Method::Brin => Some("its metapage cannot be read"),
            Method::Hash => Some("the columns of its table cannot be read"),
            Method::Btree | Method::Gin | Method::Gist | Method::Spgist | Method::Bloom => None,
        }
    }

    /// Bytes of a page between its header and a special space of `special` bytes.
    const fn room(&self, special: u64) -> u64 {
        (self.block_size as u64).saturating_sub(PAGE_HEADER + special)
    }
}

/// Items, and what they take.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    count: u64,
    /// Line pointers included, where there are some.
    bytes: u64,
}

impl Sum {
    fn add(&mut self, bytes: u64) {
        self.count += 1;
        self.bytes += bytes;
    }

    fn merge(&mut self, others: Self) {
        self.count += others.count;
        self.bytes += others.bytes;
    }

    /// Bytes of one, at least 1.
    fn mean(self) -> u64 {
        self.bytes.div_ceil(self.count.max(1)).max(1)
    }

    /// Pages with so much room for `count` items that are as long as these on average.
    fn pages_of(self, count: u64, room: u64) -> u64 {
        count.div_ceil((room / self.mean()).max(1))
    }
}

/// Pages for so many bytes, if each is left with so many on it.
const fn by_insertion(bytes: u64, filled: u64) -> u64 {
    bytes.div_ceil(if filled == 0 { 1 } else { filled })
}
