//! The visibility map of the blocks of one work unit.
use crate::analysis::verify;
use crate::finding::{Finding, Place};
use crate::format::fork::vm::{VmPage, blocks_per_page};
use crate::format::page::PageHeader;
use crate::layout::Dialect;
use crate::source::relation::RelationFiles;
use crate::types::{BlockNumber, Lsn};
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
        dialect: &Dialect,
        found: &mut dyn FnMut(Finding),
    ) -> Self {
        let block_size = files.block_size();
        let covered = blocks_per_page(block_size).max(1);
        let wanted = blocks.start / covered..blocks.end.div_ceil(covered);
        let Ok((segment, mut byte)) = files.locate(wanted.start) else { return Self::default() };
        let bytes = match files.read_blocks(wanted.clone(), scratch) {
            Ok(bytes) => bytes,
            Err(error) => {
                found(Finding::from(&error));
                return Self::default();
            }
        };
        let relation = dialect.layout.relation_in_message(segment.relation_path());
        let checksums = dialect.geometry.checksums;
        let mut pages = Vec::new();
        for (at, page) in wanted.zip(bytes.chunks_exact(block_size as usize)) {
            let (first, block) = (at.saturating_mul(covered), BlockNumber(at));
            let known = verify::page::Known { block, relation: &relation, checksums };
            // Said once, by the unit that has the first block the page covers.
            let mut say = |finding: Finding| {
                if blocks.contains(&first) {
                    let place = Place {
                        byte: Some(byte),
                        block: Some(block),
                        ..Place::file(segment.path.clone())
                    };
                    found(Finding { place, ..finding });
                }
            };
            if verify::page::judge(page, known, &mut say)
                && let Ok((_, header)) = PageHeader::parse(page)
            {
                pages.push((first, VmPage::new(page), header.pd_lsn));
            }
            byte += u64::from(block_size);
        }
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
