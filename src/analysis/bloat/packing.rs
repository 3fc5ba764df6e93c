//! What a table would be if it were written anew: tuples put into pages one after the other, as
//! VACUUM FULL does (`raw_heap_insert`, access/heap/rewriteheap.c).
use crate::analysis::space::max_heap_tuples;

/// Bytes before the line pointers (`SizeOfPageHeaderData`).
const PAGE_HEADER: u64 = 24;
/// Bytes of a line pointer.
const LINE_POINTER: u64 = 4;

/// How full pages are made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fill {
    /// Bytes in a block.
    block_size: u64,
    /// Bytes for tuples and line pointers on an empty page.
    usable: u64,
    /// Of these, bytes that the fillfactor keeps free.
    reserve: u64,
    /// `MaxHeapTuplesPerPage`.
    most: u64,
}

/// Pages filled so far, by work units that each started on a page of its own. What was left open at
/// their ends is added up in bytes, so that any grouping of the units gives the same sum.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Packing {
    /// Pages that the next tuple did not fit on.
    full: u64,
    /// Bytes on the open page.
    open: u64,
    /// Tuples on the open page.
    tuples: u64,
    /// Bytes that the very first tuple needs; 0 before there is one.
    first: u64,
    /// Bytes on the pages that earlier units left open though more would have fitted.
    left: u64,
}

impl Fill {
    /// Pages of `block_size` bytes, filled to `fillfactor` percent (10 to 100).
    pub(super) fn new(block_size: u32, fillfactor: u32) -> Self {
        let most = max_heap_tuples(block_size);
        let block_size = u64::from(block_size);
        let usable = block_size.saturating_sub(PAGE_HEADER);
        let reserve = block_size * u64::from(100_u32.saturating_sub(fillfactor)) / 100;
        Self { block_size, usable, reserve: reserve.min(usable), most }
    }

    /// Adds a tuple of `len` bytes.
    #[inline]
    pub(super) fn add(&self, packing: &mut Packing, len: u64) {
        let need = len.next_multiple_of(8) + LINE_POINTER;
        let fits = packing.open + need + self.reserve <= self.usable && packing.tuples < self.most;
        if !fits && packing.tuples > 0 {
            packing.full += 1;
            (packing.open, packing.tuples) = (0, 0);
        }
        if packing.first == 0 {
            packing.first = need;
        }
        packing.open += need;
        packing.tuples += 1;
    }

    /// Length of a table of these pages, in bytes.
    pub(super) fn len(&self, packing: &Packing) -> u64 {
        let open = (packing.open.min(self.room()) + packing.left).div_ceil(self.room());
        (packing.full + open) * self.block_size
    }

    /// Adds to `packing` what a later unit filled.
    pub(super) fn merge(&self, packing: &mut Packing, later: Packing) {
        if later.first == 0 {
            return;
        }
        if packing.first == 0 {
            *packing = later;
            return;
        }
        packing.full += later.full;
        packing.left += later.left;
        // The page is as full as it gets if the next tuple would not have fitted on it.
        if packing.open + later.first > self.room() || packing.tuples >= self.most {
            packing.full += 1;
        } else {
            packing.left += packing.open;
        }
        (packing.open, packing.tuples) = (later.open, later.tuples);
    }

    /// Bytes that the fillfactor leaves for tuples and line pointers.
    fn room(&self) -> u64 {
        (self.usable - self.reserve).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fill, Packing};

    fn pack(fill: Fill, tuples: u64, len: u64) -> Packing {
        let mut packing = Packing::default();
        (0..tuples).for_each(|_| fill.add(&mut packing, len));
        packing
    }

    /// pgbench makes 61 rows of 121 bytes fit on a page of 8 kB: 10 million take 163935 pages.
    #[test]
    fn rows_of_pgbench_pack_as_the_server_packs_them() {
        let fill = Fill::new(8192, 100);
        let packing = pack(fill, 10_000_000, 121);
        assert_eq!(fill.len(&packing), 163_935 * 8192);
    }

    #[test]
    fn any_grouping_of_the_units_packs_alike() {
        let fill = Fill::new(8192, 90);
        let units: Vec<_> = (1..9).map(|n| pack(fill, n * 37, 60)).collect();
        let merge = |units: &[Packing]| {
            units.iter().copied().reduce(|mut sum, next| {
                fill.merge(&mut sum, next);
                sum
            })
        };
        let left = merge(&units).unwrap();
        let mut right = merge(&units[..3]).unwrap();
        fill.merge(&mut right, merge(&units[3..]).unwrap());
        assert_eq!(fill.len(&left), fill.len(&right));
    }

    #[test]
    fn a_tuple_too_large_for_the_fillfactor_has_a_page_of_its_own() {
        let fill = Fill::new(8192, 10);
        assert_eq!(fill.len(&pack(fill, 3, 7000)), 3 * 8192);
        assert_eq!(Fill::new(8192, 100).len(&Packing::default()), 0);
    }
}
