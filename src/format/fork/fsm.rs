//! Pages of the free space map (storage/fsm_internals.h, storage/freespace/{freespace,fsmpage}.c): a
//! binary tree in an array, whose leaves are slots, each with the free space of one block (or of a
//! lower page of the map) in steps of a 256th of a block, and whose inner nodes are the larger of
//! their two children.
use crate::format::page::HEADER_SIZE;
use crate::types::BlockNumber;

/// Bytes of `fp_next_slot`.
const NEXT_SLOT: usize = 4;

/// One page of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FsmPage<'a> {
    /// The slot that is handed out next.
    pub fp_next_slot: i32,
    /// The nodes, the root first.
    pub fp_nodes: &'a [u8],
}

impl<'a> FsmPage<'a> {
    /// The map on `page`; `None` if it is too short to hold one.
    pub fn of(page: &'a [u8]) -> Option<Self> {
        let (next, fp_nodes) = page.get(HEADER_SIZE..)?.split_first_chunk::<NEXT_SLOT>()?;
        Some(Self { fp_next_slot: i32::from_le_bytes(*next), fp_nodes })
    }

    /// Where slots begin among the nodes (`NonLeafNodesPerPage`), for pages of `block_size` bytes.
    pub const fn first_slot(block_size: u32) -> usize {
        (block_size as usize / 2).saturating_sub(1)
    }

    /// Slots on a page of `block_size` bytes (`SlotsPerFSMPage`); 4069 for the usual 8 kB.
    pub const fn slots_per_page(block_size: u32) -> u32 {
        /// Bytes before the nodes: the page header and `fp_next_slot`.
        const BEFORE: u32 = 28;
        let inner = (block_size / 2).saturating_sub(1);
        block_size.saturating_sub(BEFORE).saturating_sub(inner)
    }

    /// `FSM_ROOT_LEVEL`: so that 2^32 - 1 blocks have slots.
    const fn root_level(slots: u32) -> u32 {
        if slots >= 1626 { 2 } else { 3 }
    }

    /// The level of a page, 0 for one whose slots are blocks of the table, and the number of its
    /// first slot among those of its level: pages lie depth first (`fsm_logical_to_physical`).
    pub fn place(block: BlockNumber, block_size: u32) -> (u32, u64) {
        let per_page = Self::slots_per_page(block_size);
        let slots = u64::from(per_page);
        let pages =
            |level| (0..level).fold(1_u64, |sum, _| sum.saturating_mul(slots).saturating_add(1));
        let (mut level, mut page, mut left) =
            (Self::root_level(per_page), 0_u64, u64::from(block.0));
        while let (Some(before), Some(below)) = (left.checked_sub(1), level.checked_sub(1)) {
            let child = before.checked_div(pages(below)).unwrap_or(0);
            left = before.checked_rem(pages(below)).unwrap_or(0);
            page = page.saturating_mul(slots).saturating_add(child);
            level = below;
        }
        (level, page.saturating_mul(slots))
    }

    /// The page of the map with the slot of `block`, and the number of that slot on it
    /// (`fsm_get_location`, `fsm_logical_to_physical`): before the page lie those of the slots
    /// before, and the pages above them.
    pub fn location(block: BlockNumber, block_size: u32) -> (BlockNumber, u32) {
        let slots = Self::slots_per_page(block_size).max(1);
        let mut page = block.0.checked_div(slots).unwrap_or(0);
        let mut before = page;
        for _ in 0..Self::root_level(slots) {
            page = page.checked_div(slots).unwrap_or(0);
            before = before.saturating_add(page).saturating_add(1);
        }
        (BlockNumber(before), block.0.checked_rem(slots).unwrap_or(0))
    }

    /// The slots (`LeafNodesPerPage`): on a page of the lowest level, one for each block.
    pub fn slots(&self, block_size: u32) -> &'a [u8] {
        self.fp_nodes.get(Self::first_slot(block_size)..).unwrap_or_default()
    }

    /// The first node that is not the larger of its children, with both values.
    pub fn contradiction(&self, block_size: u32) -> Option<(usize, u8, u8)> {
        let node = |at: usize| self.fp_nodes.get(at).copied().unwrap_or(0);
        (0..Self::first_slot(block_size)).find_map(|at| {
            let left = at.saturating_mul(2).saturating_add(1);
            let children = node(left).max(node(left.saturating_add(1)));
            (node(at) != children).then_some((at, node(at), children))
        })
    }
}

/// Bytes that a slot's value stands for at least (`fsm_space_cat_to_avail`); 255 is the most that a
/// row can ask for.
pub const fn avail(category: u8, block_size: u32) -> u32 {
    if category == u8::MAX {
        max_request(block_size)
    } else {
        (category as u32).saturating_mul(block_size / 256)
    }
}

/// The slot's value for a block with `free` bytes (`fsm_space_avail_to_cat`).
pub const fn category(free: u32, block_size: u32) -> u8 {
    if free >= max_request(block_size) {
        return u8::MAX;
    }
    match free.checked_div(block_size / 256) {
        Some(category) if category < 254 => (category & 0xFF) as u8,
        _ => 254,
    }
}

/// `MaxFSMRequestSize`, which is `MaxHeapTupleSize`: a page less its header and one line pointer.
const fn max_request(block_size: u32) -> u32 {
    // 24 bytes of header and 4 of a line pointer, aligned to 8.
    block_size.saturating_sub(32)
}

#[cfg(test)]
mod tests {
    use super::{FsmPage, avail, category};
    use crate::types::BlockNumber;

    /// The table in front of `FSM_CATEGORIES` (storage/freespace/freespace.c), whose largest request
    /// is 8160 bytes here.
    #[test]
    fn categories_are_those_of_the_server() {
        let of = [0, 31, 32, 63, 8096, 8128, 8159, 8160, 8191].map(|free| category(free, 8192));
        assert_eq!(of, [0, 0, 1, 1, 253, 254, 254, 255, 255]);
        assert_eq!([0, 1, 254, 255].map(|of| avail(of, 8192)), [0, 32, 8128, 8160]);
        assert_eq!(category(1, 0), 255);
    }

    #[test]
    fn a_slot_is_on_the_page_whose_place_says_so() {
        for size in [1024, 4096, 8192, 32768] {
            let slots = FsmPage::slots_per_page(size);
            for block in [0, 1, slots - 1, slots, 7 * slots + 3, slots * slots + 1, u32::MAX - 1] {
                let (page, slot) = FsmPage::location(BlockNumber(block), size);
                let (level, first) = FsmPage::place(page, size);
                assert_eq!(
                    (level, first + u64::from(slot)),
                    (0, u64::from(block)),
                    "{size} {block}"
                );
            }
        }
        let at = |block| FsmPage::location(BlockNumber(block), 8192);
        assert_eq!([at(0), at(4069), at(4069 * 4069)].map(|(page, _)| page.0), [2, 3, 4072]);
    }
}
