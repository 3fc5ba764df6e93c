//! What majors disagree on in the records of Heap and Heap2 (access/heapam_xlog.h).
use crate::layout::{Layout, PgVersion};

/// The records of one major.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeapWal {
    /// Pruning, vacuum and freezing.
    pub pruning: HeapPruning,
    /// Updates in place.
    pub inplace: HeapInplace,
    /// How pg_waldump words them all.
    pub words: HeapWords,
}

/// Records that prune, vacuum and freeze pages, and set bits of the visibility map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeapPruning {
    /// To 13: CLEAN, FREEZE_PAGE, CLEANUP_INFO, VISIBLE.
    Clean,
    /// 14 and 15: PRUNE, VACUUM, FREEZE_PAGE, VISIBLE.
    Vacuums,
    /// 16: the same, with `isCatalogRel`, and one freeze plan for many tuples.
    SharedPlans,
    /// 17 and 18: PRUNE_ON_ACCESS, PRUNE_VACUUM_SCAN and PRUNE_VACUUM_CLEANUP, which also freeze;
    /// VISIBLE.
    Merged,
    /// From 19: these with 16 bits of flags, two of which set bits of the visibility map; no VISIBLE.
    SetsVisible,
}

/// `xl_heap_inplace`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeapInplace {
    /// To 17: the line pointer alone.
    Bare,
    /// From 18: with cache invalidation messages.
    Invalidates,
}

/// How heap_desc and heap2_desc (access/rmgrdesc/heapdesc.c) write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeapWords {
    /// To 15: `off 1 flags 0x00`, without what is in blocks' data.
    Prose,
    /// From 16: `off: 1, flags: 0x00`, and arrays.
    Keyed,
}

impl Layout {
    /// The shapes of heap records.
    pub const fn heap_wal(&self) -> HeapWal {
        let (pruning, inplace, words) = match self.version {
            PgVersion::V12 | PgVersion::V13 => {
                (HeapPruning::Clean, HeapInplace::Bare, HeapWords::Prose)
            }
            PgVersion::V14 | PgVersion::V15 => {
                (HeapPruning::Vacuums, HeapInplace::Bare, HeapWords::Prose)
            }
            PgVersion::V16 => (HeapPruning::SharedPlans, HeapInplace::Bare, HeapWords::Keyed),
            PgVersion::V17 => (HeapPruning::Merged, HeapInplace::Bare, HeapWords::Keyed),
            PgVersion::V18 => (HeapPruning::Merged, HeapInplace::Invalidates, HeapWords::Keyed),
            PgVersion::V19 => {
                (HeapPruning::SetsVisible, HeapInplace::Invalidates, HeapWords::Keyed)
            }
        };
        HeapWal { pruning, inplace, words }
    }
}
