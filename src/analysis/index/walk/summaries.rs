//! The map of a BRIN index: from ranges of the table's blocks to their summaries.
use super::{Role, Walk};
use crate::analysis::index::role::Method;
use crate::finding::rules;
use crate::format::index::brin;
use crate::report::index::Ranges;
use crate::types::{Lsn, Tid};

/// Follows the map to every summary; `heap_blocks` is the length of the table.
pub(in crate::analysis::index) fn summaries(
    walk: &mut Walk<'_>,
    meta: &brin::Meta,
    heap_blocks: u32,
) -> Ranges {
    let per_range = meta.pagesPerRange.0.max(1);
    let ranges = heap_blocks.div_ceil(per_range);
    let mut seen =
        Ranges { pages_per_range: per_range, ranges: ranges.into(), ..Ranges::default() };
    walk.meet(0);
    let mut range = 0_u32;
    for block in 1..=meta.lastRevmapPage.0 {
        if !walk.can_follow((0, None), block, true) {
            break;
        }
        walk.meet(block);
        let entries = walk.look(block, |page| {
            let revmap = Method::Brin.role(page) == Ok(Role::Revmap);
            revmap.then(|| (page.header().pd_lsn, brin::revmap(page).collect::<Vec<_>>()))
        });
        let Some((lsn, entries)) = entries.flatten() else { continue };
        seen.revmap_pages += 1;
        for entry in entries {
            if range >= ranges {
                break;
            }
            if entry.offset.0 != 0 && walk.summary((block, lsn), range, per_range, entry) {
                seen.summarized += 1;
            }
            range += 1;
        }
    }
    seen.unsummarized = seen.ranges.saturating_sub(seen.summarized);
    seen
}

impl Walk<'_> {
    /// Whether the summary of a range is where the map says.
    fn summary(&mut self, (block, lsn): (u32, Lsn), range: u32, per_range: u32, to: Tid) -> bool {
        let settled = self.settled(lsn);
        if !self.can_follow((block, None), to.block.0, settled) {
            return false;
        }
        self.meet(to.block.0);
        let first = range.saturating_mul(per_range);
        let found = self.look(to.block.0, |page| {
            let item = page.item(to.offset).filter(|item| item.lp_len() > 0);
            let bytes = item.and_then(|item| page.slice(item.storage()));
            let summary = bytes.and_then(|bytes| brin::Summary::parse(bytes).ok());
            (page.header().pd_lsn, summary.map(|(_, summary)| summary.bt_blkno.0))
        });
        let Some((summary_lsn, found)) = found else { return false };
        if found == Some(first) {
            return true;
        }
        if settled && self.settled(summary_lsn) {
            let found = found.map_or("none".to_owned(), |of| format!("one of block {of}"));
            let evidence =
                format!("leads to {to} for the summary of block {first}, where there is {found}");
            self.say(&rules::INDEX_CHILD_LINK, (block, None), evidence);
        }
        false
    }
}
