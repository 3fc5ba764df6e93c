//! Bits of the visibility map that redo clears without the record naming the map's block.
//!
//! Redo then reads that block, and adds it to the file if it is not there (`visibilitymap_pin`,
//! access/heap/visibilitymap.c), whatever becomes of the heap page: so a map is made anew that a
//! later record, which is perhaps lost, removes with its relation. The block's LSN stays.
use crate::format::fork::vm;
use crate::format::wal::Record;
use crate::format::wal::rmgr::Body;
use crate::format::wal::rmgr::heap::Heap;
use crate::format::wal::rmgr::heap2::Heap2;
use crate::layout::Dialect;
use crate::types::{BlockNumber, Fork, RelFileLocator};

/// `RM_HEAP2_ID` and `RM_HEAP_ID`.
const MANAGERS: [u8; 2] = [9, 10];
/// `XLH_INSERT_ALL_VISIBLE_CLEARED`, `XLH_DELETE_ALL_VISIBLE_CLEARED`, `XLH_LOCK_ALL_FROZEN_CLEARED`,
/// and `XLH_UPDATE_OLD_ALL_VISIBLE_CLEARED`.
const CLEARED: u8 = 1 << 0;
/// `XLH_UPDATE_NEW_ALL_VISIBLE_CLEARED`.
const NEW_CLEARED: u8 = 1 << 1;

/// The blocks of the map that redo of `record` pins by itself, with their relation: two at most, of
/// the old and the new version of a row (access/heap/heapam_xlog.c; heapam.c up to 17).
pub(super) fn pinned(
    record: &Record<'_>,
    dialect: &Dialect,
) -> impl Iterator<Item = (RelFileLocator, BlockNumber)> {
    let block_size = dialect.geometry.block_size;
    let heap = heap_blocks(record, dialect).into_iter().flatten();
    heap.filter_map(move |id| record.blocks.iter().find(|block| block.id == id))
        .map(move |block| (block.locator, vm::map_block_of(block.block, block_size)))
}

/// The ids of the heap blocks whose bits are cleared.
fn heap_blocks(record: &Record<'_>, dialect: &Dialect) -> [Option<u8>; 2] {
    let names_map = || record.blocks.iter().any(|block| block.fork == Fork::Vm);
    if !MANAGERS.contains(&record.header.xl_rmid) || names_map() {
        return [None; 2];
    }
    let first = |flags: u8| [(flags & CLEARED != 0).then_some(0), None];
    match Body::parse(record, dialect) {
        Ok(Body::Heap(Heap::Insert(of))) => first(of.flags),
        Ok(Body::Heap(Heap::Delete(of))) => first(of.flags),
        Ok(Body::Heap(Heap::Lock(of)) | Body::Heap2(Heap2::LockUpdated(of))) => first(of.flags),
        Ok(Body::Heap2(Heap2::MultiInsert(of))) => first(of.flags),
        Ok(Body::Heap(Heap::Update(of) | Heap::HotUpdate(of))) => {
            let old = u8::from(record.blocks.iter().any(|block| block.id == 1));
            [(of.flags & CLEARED != 0).then_some(old), (of.flags & NEW_CLEARED != 0).then_some(0)]
        }
        _ => [None; 2],
    }
}
