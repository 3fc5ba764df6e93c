//! What majors disagree on in the records of Btree (access/nbtxlog.h).
use crate::layout::{Layout, PgVersion};

/// The records of one major.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BtreeWal {
    /// Their fields.
    pub shape: BtreeShape,
    /// How pg_waldump words them.
    pub words: BtreeWords,
}

/// Fields of the records; each change came with one major and in several of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BtreeShape {
    /// 12: no posting lists; VACUUM has the block vacuumed before.
    Plain,
    /// 13: INSERT_POST, DEDUP, `postingoff`, `allequalimage`; VACUUM updates posting lists.
    PostingLists,
    /// 14 and 15: 64-bit xids, and DELETE updates posting lists too.
    FullXids,
    /// From 16: `isCatalogRel`.
    CatalogRel,
}

/// How btree_desc (access/rmgrdesc/nbtdesc.c) writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BtreeWords {
    /// To 15: `off 1`, without what is in blocks' data.
    Prose,
    /// 16: `off: 1`, and arrays.
    Keyed,
    /// From 17: `isCatalogRel` as well.
    KeyedCatalogRel,
}

impl Layout {
    /// The shapes of btree records.
    pub const fn btree_wal(&self) -> BtreeWal {
        let (shape, words) = match self.version {
            PgVersion::V12 => (BtreeShape::Plain, BtreeWords::Prose),
            PgVersion::V13 => (BtreeShape::PostingLists, BtreeWords::Prose),
            PgVersion::V14 | PgVersion::V15 => (BtreeShape::FullXids, BtreeWords::Prose),
            PgVersion::V16 => (BtreeShape::CatalogRel, BtreeWords::Keyed),
            PgVersion::V17 | PgVersion::V18 | PgVersion::V19 => {
                (BtreeShape::CatalogRel, BtreeWords::KeyedCatalogRel)
            }
        };
        BtreeWal { shape, words }
    }
}
