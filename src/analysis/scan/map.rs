//! The visibility map of the blocks of one work unit.
use crate::format::fork::vm::{VmPage, blocks_per_page};
use crate::format::page::{PageHeader, is_new};
use crate::source::relation::RelationFiles;
use crate::types::Lsn;
use std::ops::Range;

/// The visibility map about one block.
#[derive(Debug, Clone, Copy, Default)]
pub struct Vm {
    /// All-visible.
    pub all_visible: bool,
    /// All-frozen.
    pub all_frozen: bool,
    /// LSN of the map's page.
    pub lsn: Lsn,
}

/// The pages of the map that cover one work unit.
#[derive(Default)]
pub(super) struct Map<'a> {
    /// First heap block of each page, its bits, its LSN.
    pages: Vec<(u32, VmPage<'a>, Lsn)>,
}

impl<'a> Map<'a> {
    /// The map for `blocks`. Where it is absent, unreadable or damaged its bits are clear, as for
    /// the server, which reads it with `RBM_ZERO_ON_ERROR` (`vm_readbuf`, visibilitymap.c).
    pub(super) fn of(
        files: &'a RelationFiles<'_>,
        blocks: &Range<u32>,
        scratch: &'a mut Vec<u8>,
    ) -> Self {
        let block_size = files.block_size();
        let covered = blocks_per_page(block_size).max(1);
        let wanted = blocks.start / covered..blocks.end.div_ceil(covered);
        let bytes = files.read_blocks(wanted.clone(), scratch).unwrap_or_default();
        let page = |(at, bytes): (u32, &'a [u8])| {
            let header = PageHeader::parse(bytes).ok().map(|(_, header)| header)?;
            let sound = !is_new(bytes) && header.check(bytes.len()).is_ok();
            sound.then(|| (at.saturating_mul(covered), VmPage::new(bytes), header.pd_lsn))
        };
        let pages = wanted.zip(bytes.chunks_exact(block_size as usize)).filter_map(page).collect();
        Self { pages }
    }

    /// What it says of heap block `block`.
    #[inline]
    pub(super) fn get(&self, block: u32) -> Vm {
        let of = self.pages.iter().rev().find(|(first, ..)| *first <= block);
        of.map_or_else(Vm::default, |(first, page, lsn)| {
            let bits = page.bits(block - first);
            Vm { all_visible: bits.all_visible, all_frozen: bits.all_frozen, lsn: *lsn }
        })
    }
}
