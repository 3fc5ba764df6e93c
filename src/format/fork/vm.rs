//! The visibility map (access/heap/visibilitymap.c): two bits for each heap block, from the end of
//! the page header to the end of the map page, the lowest bits first.
use crate::format::page::HEADER_SIZE;
use crate::types::BlockNumber;

/// Bytes before the map, as the rest of the arithmetic has them.
const MAP_START: u32 = 24;
/// Heap blocks in one byte of the map (`HEAPBLOCKS_PER_BYTE`).
const PER_BYTE: u32 = 4;

/// What the map says of one heap block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct VmBits {
    /// `VISIBILITYMAP_ALL_VISIBLE`: every tuple of the block is visible to everyone.
    pub all_visible: bool,
    /// `VISIBILITYMAP_ALL_FROZEN`: and frozen.
    pub all_frozen: bool,
}

/// Where the bits of a heap block are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VmPlace {
    /// Block of the visibility map (`HEAPBLK_TO_MAPBLOCK`).
    pub map_block: BlockNumber,
    /// Byte of that block, its page header counted (`HEAPBLK_TO_MAPBYTE`).
    pub byte: u32,
    /// How far to shift that byte right: 0, 2, 4 or 6 (`HEAPBLK_TO_OFFSET`).
    pub shift: u32,
}

/// One page of the map.
#[derive(Debug, Clone, Copy)]
pub struct VmPage<'a> {
    map: &'a [u8],
}

/// Heap blocks that one map page of `block_size` bytes covers (`HEAPBLOCKS_PER_PAGE`); 32672 for
/// the usual 8 kB.
pub const fn blocks_per_page(block_size: u32) -> u32 {
    block_size.saturating_sub(MAP_START).saturating_mul(PER_BYTE)
}

/// Where the bits of `heap` block are, on map pages of `block_size` bytes.
pub const fn place_of(heap: BlockNumber, block_size: u32) -> VmPlace {
    let per_page = blocks_per_page(block_size);
    let (Some(map_block), Some(on_page)) =
        (heap.0.checked_div(per_page), heap.0.checked_rem(per_page))
    else {
        return VmPlace { map_block: BlockNumber::INVALID, byte: 0, shift: 0 };
    };
    VmPlace {
        map_block: BlockNumber(map_block),
        byte: MAP_START.saturating_add(on_page / PER_BYTE),
        shift: (on_page % PER_BYTE).saturating_mul(2),
    }
}

/// The map block that holds the bits of `heap` block.
pub const fn map_block_of(heap: BlockNumber, block_size: u32) -> BlockNumber {
    place_of(heap, block_size).map_block
}

impl VmBits {
    const fn from_bits(bits: u8) -> Self {
        Self { all_visible: bits & 1 != 0, all_frozen: bits & 2 != 0 }
    }
}

impl<'a> VmPage<'a> {
    /// The map on this page. Everything behind the header is map; a new page is all clear.
    pub fn new(page: &'a [u8]) -> Self {
        Self { map: page.get(HEADER_SIZE..).unwrap_or_default() }
    }

    /// The bits of the `index`th heap block of this page, from 0; clear past its end, as blocks
    /// are that the map has not grown to.
    #[inline]
    pub fn bits(&self, index: u32) -> VmBits {
        let byte = usize::try_from(index / PER_BYTE).ok().and_then(|at| self.map.get(at));
        let shift = (index % PER_BYTE).saturating_mul(2);
        VmBits::from_bits(byte.copied().unwrap_or(0).unbounded_shr(shift))
    }

    /// The bits of every heap block of this page, in order.
    pub fn iter(&self) -> impl Iterator<Item = VmBits> + 'a {
        let of_byte = |byte: &u8| {
            let byte = *byte;
            [0_u32, 2, 4, 6].map(|shift| VmBits::from_bits(byte.unbounded_shr(shift)))
        };
        self.map.iter().flat_map(of_byte)
    }

    /// Blocks of this page that are all-visible, and of these all-frozen ones
    /// (`visibilitymap_count`).
    pub fn count(&self) -> (u64, u64) {
        let ones = |mask: u8| {
            self.map
                .iter()
                .fold(0_u64, |sum, byte| sum.saturating_add(u64::from((byte & mask).count_ones())))
        };
        (ones(0b0101_0101), ones(0b1010_1010))
    }
}

#[cfg(test)]
mod tests {
    use super::{VmBits, VmPage, map_block_of, place_of};
    use crate::types::BlockNumber;

    #[test]
    fn bits_are_where_visibilitymap_c_puts_them() {
        let at = place_of(BlockNumber(32_677), 8192);
        assert_eq!((at.map_block, at.byte, at.shift), (BlockNumber(1), 25, 2));
        assert_eq!(map_block_of(BlockNumber(32_671), 8192), BlockNumber(0));
        let mut page = vec![0; 8192];
        page[25] = 0b0000_1101;
        let vm = VmPage::new(&page);
        let bits = |all_visible, all_frozen| VmBits { all_visible, all_frozen };
        assert_eq!(vm.bits(4), bits(true, false));
        assert_eq!(vm.bits(5), bits(true, true));
        assert_eq!(vm.iter().filter(|bits| bits.all_visible).count(), 2);
        assert_eq!((vm.count(), vm.iter().count()), ((2, 1), 32_672));
        assert_eq!(vm.bits(u32::MAX), VmBits::default());
    }

    #[test]
    fn a_senseless_block_size_divides_by_nothing() {
        assert_eq!(map_block_of(BlockNumber(7), 0), BlockNumber::INVALID);
    }
}
