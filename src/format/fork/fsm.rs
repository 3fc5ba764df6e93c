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

    /// The level of a page, 0 for one whose slots are blocks of the table, and the number of its
    /// first slot among those of its level: pages lie depth first (`fsm_logical_to_physical`).
    pub fn place(block: BlockNumber, block_size: u32) -> (u32, u64) {
        let before =
            HEADER_SIZE.saturating_add(NEXT_SLOT).saturating_add(Self::first_slot(block_size));
        let slots = u64::from(block_size).saturating_sub(before as u64);
        // `FSM_TREE_DEPTH`: so that 2^32 - 1 blocks have slots.
        let top: u32 = if slots >= 1626 { 2 } else { 3 };
        let pages =
            |level| (0..level).fold(1_u64, |sum, _| sum.saturating_mul(slots).saturating_add(1));
        let (mut level, mut page, mut left) = (top, 0_u64, u64::from(block.0));
        while let (Some(before), Some(below)) = (left.checked_sub(1), level.checked_sub(1)) {
            let child = before.checked_div(pages(below)).unwrap_or(0);
            left = before.checked_rem(pages(below)).unwrap_or(0);
            page = page.saturating_mul(slots).saturating_add(child);
            level = below;
        }
        (level, page.saturating_mul(slots))
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

/// `MaxFSMRequestSize`, which is `MaxHeapTupleSize`: a page less its header and one line pointer.
const fn max_request(block_size: u32) -> u32 {
    // 24 bytes of header and 4 of a line pointer, aligned to 8.
    block_size.saturating_sub(32)
}
