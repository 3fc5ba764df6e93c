//! What majors disagree on in the records of Hash, Gin, Gist and SPGist (access/hash_xlog.h,
//! ginxlog.h, gistxlog.h, spgxlog.h; access/rmgrdesc/hashdesc.c, gindesc.c, gistdesc.c, spgdesc.c).
//! BRIN's are the same in all.
use crate::layout::{Layout, PgVersion};

/// The records of one major.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexWal {
    /// `isCatalogRel`, where index tuples and pages are removed that a standby may still need.
    pub catalog_rel: CatalogRel,
    /// `xl_hash_vacuum_one_page`.
    pub hash_vacuum: HashVacuum,
    /// Whether Hash/SQUEEZE_PAGE leaves the page alone that gets no tuples and no new neighbour
    /// (`mod_wbuf`, access/hash/hash_xlog.c).
    pub hash_squeeze_spares: bool,
    /// What Hash calls the newest transaction whose rows the removed index tuples were of.
    pub hash_horizon: &'static str,
    /// The same of Gist.
    pub gist_horizon: &'static str,
    /// Whether there is Gist/ASSIGN_LSN; from 19 it is XLOG's.
    pub gist_assigns_lsn: bool,
    /// Second half of a leaf tuple's head in SPGist.
    pub spgist_leaf: SpgistLeaf,
    /// How spg_desc writes.
    pub spgist_words: SpgistWords,
    /// Whether hash_desc and gin_desc say more of buckets, metapages and lists, and nothing of
    /// full-page images.
    pub verbose: bool,
}

/// Whether `isCatalogRel` is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogRel {
    /// To 15: no.
    Absent,
    /// 16: yes, but pg_waldump does not print it.
    Silent,
    /// From 17: yes.
    Printed,
}

/// The count of tuples in `xl_hash_vacuum_one_page`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashVacuum {
    /// To 15: an `int`.
    Int,
    /// From 16: 16 bits, with `isCatalogRel` behind them.
    Short,
}

/// The field after the size of `SpGistLeafTupleData` (access/spgist_private.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpgistLeaf {
    /// To 13: `nextOffset`.
    NextOffset,
    /// From 14: `t_info`, that and whether there is a null bitmap.
    Info,
}

/// How spg_desc (access/rmgrdesc/spgdesc.c) writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpgistWords {
    /// To 13: `off 1`, a few fields or none.
    Terse,
    /// From 14: `off: 1, newoff: 2`, with this name for the newest transaction of removed
    /// redirections.
    Keyed(&'static str),
}

impl Layout {
    /// The shapes of records of Hash, Gin, Gist and SPGist, and their words.
    pub const fn index_wal(&self) -> IndexWal {
        let in_12 = IndexWal {
            catalog_rel: CatalogRel::Absent,
            hash_vacuum: HashVacuum::Int,
            hash_squeeze_spares: false,
            hash_horizon: "latest removed xid",
            gist_horizon: "latestRemovedXid",
            gist_assigns_lsn: false,
            spgist_leaf: SpgistLeaf::NextOffset,
            spgist_words: SpgistWords::Terse,
            verbose: false,
        };
        let in_13 = IndexWal { gist_assigns_lsn: true, ..in_12 };
        let to_15 = IndexWal {
            hash_horizon: "latestRemovedXid",
            spgist_leaf: SpgistLeaf::Info,
            spgist_words: SpgistWords::Keyed("newestredirectxid"),
            ..in_13
        };
        let in_16 = IndexWal {
            catalog_rel: CatalogRel::Silent,
            hash_vacuum: HashVacuum::Short,
            hash_horizon: "snapshotConflictHorizon",
            gist_horizon: "snapshotConflictHorizon",
            spgist_words: SpgistWords::Keyed("snapshotConflictHorizon"),
            ..to_15
        };
        let to_18 =
            IndexWal { catalog_rel: CatalogRel::Printed, hash_squeeze_spares: true, ..in_16 };
        match self.version {
            PgVersion::V12 => in_12,
            PgVersion::V13 => in_13,
            PgVersion::V14 | PgVersion::V15 => to_15,
            PgVersion::V16 => in_16,
            PgVersion::V17 | PgVersion::V18 => to_18,
            PgVersion::V19 => IndexWal { gist_assigns_lsn: false, verbose: true, ..to_18 },
        }
    }
}
