//! What an index would be if it were built anew: B-trees as nbtsort.c fills their pages, hash
//! indexes as hashbuild lays out their buckets, BRIN and bloom indexes row after row. What the others
//! become depends on more than their items.
mod btree;
mod hash;
mod rows;

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
    /// Whether equal keys are merged into posting lists.
    pub deduplicate: bool,
}

/// An index that is being built anew, from the pages of a run of blocks. Runs are put together in the
/// order of their blocks; their sum does not depend on how they were grouped before.
#[derive(Debug)]
pub(super) enum Rebuild {
    Btree(btree::Leaves),
    Hash(hash::Items),
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
            Method::Bloom => Self::Bloom(rows::Rows::default()),
            Method::Gin | Method::Gist | Method::Spgist | Method::Other => Self::None,
        }
    }

    /// Takes the items of a page.
    pub(super) fn page(&mut self, build: &Build, role: Role, page: &Page<'_>) {
        match self {
            Self::Btree(leaves) if role == Role::Leaf => leaves.page(build, page),
            Self::Hash(items) => items.page(role, page),
            Self::Brin(rows) if role == Role::Regular => rows.brin_page(page),
            Self::Bloom(rows) if role == Role::Regular => rows.bloom_page(page),
            _ => {}
        }
    }

    /// Adds what a later run packed.
    pub(super) fn merge(&mut self, build: &Build, later: Self) {
        match (self, later) {
            (Self::Btree(mine), Self::Btree(later)) => mine.merge(build, later),
            (Self::Hash(mine), Self::Hash(later)) => mine.merge(&later),
            (Self::Brin(mine), Self::Brin(later)) | (Self::Bloom(mine), Self::Bloom(later)) => {
                mine.merge(&later);
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
    ) -> Option<u64> {
        let pages = match self {
            Self::Btree(leaves) => leaves.pages(build),
            Self::Hash(items) => items.pages(build, build.table_rows?, rows),
            Self::Brin(rows) => rows.brin_pages(build, blocks_per_range?),
            Self::Bloom(rows) => rows.bloom_pages(build),
            Self::None => return None,
        };
        Some(pages * u64::from(build.block_size))
    }
}

impl Build {
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

    /// Bytes of a page between its header and a special space of `special` bytes.
    const fn room(&self, special: u64) -> u64 {
        (self.block_size as u64).saturating_sub(PAGE_HEADER + special)
    }
}
