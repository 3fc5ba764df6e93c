//! What majors and builds disagree on, as data. The only place that names a PostgreSQL version.
//!
//! A value that differs is a field of [`Layout`]; a shape that differs is an enum in [`shape`],
//! matched in exactly one parser; existence is presence in a table. [`PgVersion`] has no order, so
//! "version >= 15" cannot be written anywhere.
pub mod catalog;
mod dialect;
mod index;
mod recovery;
pub mod shape;
mod v12;
mod v13;
mod v14;
mod v15;
mod v16;
mod v17;
mod v18;
mod v19;
pub mod wal;

use crate::types::Lsn;

pub use dialect::{Dialect, Geometry};
pub use index::BtreeMeta;
pub use recovery::{ParameterWords, StartupRules};
pub use wal::{ImageFlags, PageFlags, WalWords};

/// A major version that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "the names say it")]
#[serde(into = "u16")]
pub enum PgVersion {
    V12,
    V13,
    V14,
    V15,
    V16,
    V17,
    V18,
    V19,
}

impl PgVersion {
    /// Every major that can be read, oldest first.
    pub const ALL: [Self; 8] =
        [Self::V12, Self::V13, Self::V14, Self::V15, Self::V16, Self::V17, Self::V18, Self::V19];

    /// The major as PG_VERSION holds it.
    pub const fn major(self) -> u16 {
        match self {
            Self::V12 => 12,
            Self::V13 => 13,
            Self::V14 => 14,
            Self::V15 => 15,
            Self::V16 => 16,
            Self::V17 => 17,
            Self::V18 => 18,
            Self::V19 => 19,
        }
    }

    /// The version with this major, if it can be read.
    pub fn from_major(major: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.major() == major)
    }

    /// What its files look like.
    pub const fn layout(self) -> &'static Layout {
        match self {
            Self::V12 => &v12::LAYOUT,
            Self::V13 => &v13::LAYOUT,
            Self::V14 => &v14::LAYOUT,
            Self::V15 => &v15::LAYOUT,
            Self::V16 => &v16::LAYOUT,
            Self::V17 => &v17::LAYOUT,
            Self::V18 => &v18::LAYOUT,
            Self::V19 => &v19::LAYOUT,
        }
    }
}

impl From<PgVersion> for u16 {
    fn from(version: PgVersion) -> Self {
        version.major()
    }
}

impl std::fmt::Display for PgVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.major())
    }
}

/// How one major lays out its files: values that differ, and which shape each parser meets.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// The major this describes.
    pub version: PgVersion,
    /// `PG_CONTROL_VERSION` (catalog/pg_control.h).
    pub control_version: u32,
    /// `CATALOG_VERSION_NO` of the release (catalog/catversion.h).
    pub catalog_version: u32,
    /// `XLOG_PAGE_MAGIC` (access/xlog_internal.h).
    pub wal_page_magic: u16,
    /// Fields of pg_control from `maxAlign` on.
    pub control: shape::ControlShape,
    /// Fields of a checkpoint, in pg_control and in WAL.
    pub checkpoint: shape::CheckPointShape,
    /// How pg_controldata writes it down.
    pub controldata: ControlData,
    /// Fields of a prepared transaction, in pg_twophase and in WAL.
    pub twophase: shape::TwoPhaseShape,
    /// `MAX_MAPPINGS`: places for mappings in pg_filenode.map (utils/cache/relmapper.c).
    pub relmap_mappings: u32,
    /// `sizeof(RelMapFile)`: bytes in pg_filenode.map.
    pub relmap_len: u32,
    /// `sizeof(MultiXactOffset)`: bytes of one entry in pg_multixact/offsets.
    pub multixact_offset_len: u32,
    /// Segments of pg_multixact/members: fifteen digits in their names, not four or five.
    pub long_member_names: bool,
    /// Whether the message "invalid page in block" quotes the relation (bufmgr.c).
    pub quoted_relation: bool,
    /// What pgstattuple counts as a page's free space (contrib/pgstattuple/pgstattuple.c).
    pub free_space: shape::FreeSpace,
    /// How the server guesses rows of a table of which pg_class says nothing.
    pub row_guess: RowGuess,
    /// How far before wraparound the server warns and stops.
    pub wraparound: Wraparound,
    /// Which settings about vacuum it has.
    pub vacuum_settings: VacuumSettings,
    /// Columns of the catalogs as initdb makes them: the bootstrap, until pg_attribute is read.
    pub catalogs: catalog::Catalogs,
}

/// What the server goes by where pg_class does not say how many rows a table has
/// (`table_block_relation_estimate_size`, access/table/tableam.c).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowGuess {
    /// Whether a reltuples of -1 tells a table that was never vacuumed nor analyzed; else one without
    /// relpages is taken for it.
    pub marked: bool,
    /// Whether the fillfactor of the table counts, and a page has one row at least.
    pub by_fillfactor: bool,
}

/// Settings about vacuum that came with some major (utils/misc/guc_tables.c).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VacuumSettings {
    /// `autovacuum_vacuum_insert_threshold` and its scale factor.
    pub insert: bool,
    /// `vacuum_failsafe_age` and `vacuum_multixact_failsafe_age`.
    pub failsafe: bool,
    /// `autovacuum_vacuum_max_threshold`.
    pub max_threshold: bool,
}

/// Distances before wraparound: `SetTransactionIdLimit` (access/transam/varsup.c) for
/// transaction ids, `SetMultiXactIdLimit` (access/transam/multixact.c) for multixacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wraparound {
    /// Ids before the wrap limit from which every new one gives a warning.
    pub xid_warn: u32,
    /// Ids before the wrap limit from which no new one is given.
    pub xid_stop: u32,
    /// As `xid_warn`, of multixacts.
    pub multi_warn: u32,
    /// As `xid_stop`, of multixacts.
    pub multi_stop: u32,
}

/// What changed in pg_controldata's text apart from fields that came and went
/// (bin/pg_controldata/pg_controldata.c).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ControlData {
    /// Whether an LSN's low half is padded with zeros to eight digits.
    pub padded_lsn: bool,
    /// What it says of a CRC that does not fit.
    pub bad_crc: &'static str,
    /// What it calls a `wal_level` that it does not know.
    pub unknown_wal_level: &'static str,
}

impl Layout {
    /// A relation's path as bufmgr.c puts it into "invalid page in block N of relation …".
    pub fn relation_in_message(&self, path: &str) -> String {
        if self.quoted_relation { format!("\"{path}\"") } else { path.to_owned() }
    }

    /// An LSN as this major's tools and messages write it.
    pub fn lsn_text(&self, lsn: Lsn) -> String {
        if self.controldata.padded_lsn { format!("{lsn:#}") } else { lsn.to_string() }
    }

    /// `TABLESPACE_VERSION_DIRECTORY` of the release: where in a tablespace its files are.
    pub fn tablespace_directory(&self) -> String {
        format!("PG_{}_{}", self.version, self.catalog_version)
    }

    /// The layout whose pg_control has these two versions; betas and forks change the second.
    pub fn by_control(control_version: u32, catalog_version: u32) -> Option<&'static Self> {
        PgVersion::ALL.into_iter().map(PgVersion::layout).find(|layout| {
            layout.control_version == control_version && layout.catalog_version == catalog_version
        })
    }
}
