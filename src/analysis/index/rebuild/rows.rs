//! BRIN and bloom indexes, which are written one row after the other.
use super::{Build, LINE_POINTER, PAGE_HEADER, Sum};
use crate::format::index::bloom;
use crate::format::page::{LpFlags, Page};

/// Bytes of the special space of both.
const OPAQUE: u64 = 8;

/// Rows of a bloom index, or summaries of a BRIN index.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Rows(Sum);

impl Rows {
    /// Takes a regular page of a BRIN index.
    pub(super) fn brin_page(&mut self, page: &Page<'_>) {
        for (_, item) in page.items().filter(|(_, item)| item.lp_flags() == LpFlags::Normal) {
            self.0.add(u64::from(item.lp_len()).next_multiple_of(8) + LINE_POINTER);
        }
    }

    /// Takes a page of a bloom index.
    pub(super) fn bloom_page(&mut self, page: &Page<'_>) {
        let count: u64 = bloom::Opaque::of(page).map_or(0, |opaque| opaque.maxoff.into());
        let used = u64::from(page.header().pd_lower).saturating_sub(PAGE_HEADER);
        self.0.merge(Sum { count, bytes: if count > 0 { used } else { 0 } });
    }

    /// Adds others.
    pub(super) fn merge(&mut self, others: Self) {
        self.0.merge(others.0);
    }

    /// The metapage, the map, and the summaries of all ranges (`brinbuild`), of which there is one
    /// even without a block.
    pub(super) fn brin_pages(&self, build: &Build, blocks_per_range: u32) -> u64 {
        /// Bytes of an entry of the map, `REVMAP_PAGE_MAXITEMS` of which are on a page.
        const ENTRY: u64 = 6;
        let ranges = u64::from(build.table_blocks.div_ceil(blocks_per_range.max(1)).max(1));
        let map = ranges.div_ceil((build.room(OPAQUE) / ENTRY).max(1));
        1 + map + self.0.pages_of(ranges, build.room(OPAQUE))
    }

    /// The metapage and the rows.
    pub(super) fn bloom_pages(&self, build: &Build) -> u64 {
        1 + self.0.pages_of(self.0.count, build.room(OPAQUE))
    }
}
