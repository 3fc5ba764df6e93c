//! What majors disagree on in the pages of indexes.
use super::{Layout, PgVersion};

/// Fields of `BTMetaPageData` about the last cleanup (access/nbtree.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BtreeMeta {
    /// 12: the oldest xid of deleted pages.
    OldestXact,
    /// 13: and whether duplicates can be merged.
    AllEqualImage,
    /// From 14: a count of deleted pages in place of the xid.
    DeletedPages,
}

impl Layout {
    /// Fields of a B-tree's metapage.
    pub const fn btree_meta(&self) -> BtreeMeta {
        match self.version {
            PgVersion::V12 => BtreeMeta::OldestXact,
            PgVersion::V13 => BtreeMeta::AllEqualImage,
            PgVersion::V14
            | PgVersion::V15
            | PgVersion::V16
            | PgVersion::V17
            | PgVersion::V18
            | PgVersion::V19 => BtreeMeta::DeletedPages,
        }
    }
}
