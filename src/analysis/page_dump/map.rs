//! Pages of the free space map and of the visibility map.
use crate::format::fork::fsm::{FsmPage, avail};
use crate::format::fork::vm::{VmPage, blocks_per_page};
use crate::report::page::index::{FreeSpace, Slot, Visibility};
use crate::types::BlockNumber;

/// `FSM_ROOT_LEVEL` on pages of 8 kB: three levels are enough for every block there can be. On
/// pages of 1 kB a level has 512 slots, and so there are four.
fn levels(slots: u32) -> u32 {
    if u64::from(slots).pow(3) > u64::from(BlockNumber::INVALID.0) { 3 } else { 4 }
}

/// What is on a page of a free space map; `None` if it is too short.
pub(super) fn free_space(bytes: &[u8], block: BlockNumber) -> Option<FreeSpace> {
    let page = FsmPage::of(bytes)?;
    let block_size = u32::try_from(bytes.len()).ok()?;
    let slots = page.slots(block_size);
    let count = u32::try_from(slots.len()).ok()?;
    let (level, logical_page) = place(block, count);
    let nodes = (0..).zip(page.fp_nodes).filter(|(_, node)| **node != 0);
    let slot = |(slot, &category): (u32, &u8)| Slot {
        slot,
        block: logical_page.saturating_mul(count).saturating_add(slot),
        category,
        avail: avail(category, block_size),
    };
    Some(FreeSpace {
        level,
        logical_page,
        fp_next_slot: page.fp_next_slot,
        nodes: nodes.map(|(at, node)| (at, *node)).collect(),
        slots: (0..).zip(slots).filter(|(_, slot)| **slot != 0).map(slot).collect(),
    })
}

/// Level and number of a page of the map: pages lie in the order in which one comes to them, from
/// the root down (`fsm_logical_to_physical`, storage/freespace/freespace.c).
fn place(block: BlockNumber, slots: u32) -> (u32, u32) {
    let slots = u64::from(slots.max(1));
    let mut level = levels(u32::try_from(slots).unwrap_or(u32::MAX)).saturating_sub(1);
    let (mut rest, mut number) = (u64::from(block.0), 0_u64);
    while rest > 0 && level > 0 {
        // Pages of the tree below one child.
        let below: u64 = (0..level).map(|depth| slots.saturating_pow(depth)).sum();
        rest -= 1;
        let child = rest / below.max(1);
        number = number.saturating_mul(slots).saturating_add(child);
        rest %= below.max(1);
        level -= 1;
    }
    (level, u32::try_from(number).unwrap_or(u32::MAX))
}

/// What is on a page of a visibility map.
pub(super) fn visibility(bytes: &[u8], block: BlockNumber) -> Visibility {
    let blocks = blocks_per_page(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    let first = block.0.saturating_mul(blocks);
    let page = VmPage::new(bytes);
    let numbered = || (first..u32::MAX).zip(page.iter());
    Visibility {
        first_block: first,
        blocks,
        all_visible: ranges(numbered().map(|(block, bits)| (block, bits.all_visible))),
        all_frozen: ranges(numbered().map(|(block, bits)| (block, bits.all_frozen))),
    }
}

/// Blocks of which it is true, as ranges with both ends.
fn ranges(blocks: impl Iterator<Item = (u32, bool)>) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for (block, _) in blocks.filter(|(_, set)| *set) {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(block) => *last = block,
            _ => ranges.push((block, block)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::place;
    use crate::types::BlockNumber;

    /// storage/freespace/README: with four slots to a page.
    #[test]
    fn pages_of_the_map_lie_depth_first() {
        let slots = 4069;
        let at = |block| place(BlockNumber(block), slots);
        assert_eq!([at(0), at(1), at(2), at(3)], [(2, 0), (1, 0), (0, 0), (0, 1)]);
        assert_eq!(
            [at(slots + 1), at(slots + 2), at(slots + 3)],
            [(0, slots - 1), (1, 1), (0, slots)]
        );
    }
}
