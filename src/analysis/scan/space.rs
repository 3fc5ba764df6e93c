//! What the free space map promises of the blocks of one work unit.
use crate::analysis::verify;
use crate::finding::{Finding, Place};
use crate::format::fork::fsm::FsmPage;
use crate::layout::Dialect;
use crate::source::relation::RelationFiles;
use crate::types::BlockNumber;
use std::ops::Range;

/// The slots of the blocks of one work unit.
#[derive(Default)]
pub(super) struct Promises<'a> {
    first: u32,
    categories: &'a [u8],
}

impl<'a> Promises<'a> {
    /// The slots of `blocks`. Where the map is absent, unreadable or damaged they promise nothing, as
    /// for the server, which reads it with `RBM_ZERO_ON_ERROR` (`fsm_readbuf`, freespace.c).
    pub(super) fn of(
        files: &RelationFiles<'_>,
        blocks: &Range<u32>,
        (page, categories): (&mut Vec<u8>, &'a mut Vec<u8>),
        dialect: &Dialect,
        found: &mut dyn FnMut(Finding),
    ) -> Self {
        categories.clear();
        let slots = FsmPage::slots_per_page(files.block_size()).max(1);
        let mut next = blocks.start;
        while next < blocks.end && !files.is_absent() {
            let (at, slot) = FsmPage::location(BlockNumber(next), files.block_size());
            let end = blocks.end.min(next.saturating_add(slots - slot));
            let wanted = slot as usize..(slot + (end - next)) as usize;
            // Said once, by the unit that has the first block the page covers.
            let mut say = |finding| {
                if slot == 0 {
                    found(finding);
                }
            };
            let map = page_of(files, at, page, dialect, &mut say);
            let map = map.as_ref().map_or(&[][..], |map| map.slots(files.block_size()));
            categories.extend_from_slice(map.get(wanted).unwrap_or_default());
            categories.resize((end - blocks.start) as usize, 0);
            next = end;
        }
        Self { first: blocks.start, categories }
    }

    /// The category of `block`.
    #[inline]
    pub(super) fn get(&self, block: u32) -> u8 {
        self.categories.get((block - self.first) as usize).copied().unwrap_or(0)
    }
}

/// A page of a map, if it is there and sound.
pub fn page_of<'a>(
    files: &'a RelationFiles<'_>,
    block: BlockNumber,
    scratch: &'a mut Vec<u8>,
    dialect: &Dialect,
    found: &mut dyn FnMut(Finding),
) -> Option<FsmPage<'a>> {
    let after = block.0.saturating_add(1);
    let (segment, byte) = files.locate(block.0).ok()?;
    let page = match files.read_blocks(block.0..after, scratch) {
        Ok([]) => return None,
        Ok(page) => page,
        Err(error) => {
            found(Finding::from(&error));
            return None;
        }
    };
    let relation = dialect.layout.relation_in_message(segment.relation_path());
    let known =
        verify::page::Known { block, relation: &relation, checksums: dialect.geometry.checksums };
    let sound = verify::page::judge(page, known, &mut |finding| {
        let file = Place::file(segment.path.clone());
        found(Finding { place: Place { byte: Some(byte), block: Some(block), ..file }, ..finding });
    });
    FsmPage::of(page).filter(|_| sound)
}
