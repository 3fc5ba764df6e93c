//! PostgreSQL 12.
use super::catalog;
use super::shape::{CheckPointShape, ControlShape, FreeSpace, TwoPhaseShape};
use super::{ControlData, Layout, PgVersion, RowGuess, VacuumSettings, Wraparound};

/// How PostgreSQL 12 lays out its files.
pub(super) const LAYOUT: Layout = Layout {
    version: PgVersion::V12,
    control_version: 1201,
    catalog_version: 201_909_212,
    wal_page_magic: 0xD101,
    control: ControlShape::Float4ByVal,
    checkpoint: CheckPointShape::Plain,
    controldata: ControlData {
        padded_lsn: false,
        bad_crc: "WARNING: Calculated CRC checksum does not match value stored in file.\n\
            Either the file is corrupt, or it has a different layout than this program\n\
            is expecting.  The results below are untrustworthy.",
        unknown_wal_level: "unrecognized wal_level",
    },
    twophase: TwoPhaseShape::Plain,
    relmap_mappings: 62,
    relmap_len: 512,
    multixact_offset_len: 4,
    long_member_names: false,
    quoted_relation: false,
    free_space: FreeSpace::ForOneMoreTuple,
    row_guess: RowGuess { marked: false, by_fillfactor: false },
    wraparound: Wraparound {
        xid_warn: 11_000_000,
        xid_stop: 1_000_000,
        multi_warn: 10_000_100,
        multi_stop: 100,
    },
    vacuum_settings: VacuumSettings { insert: false, failsafe: false, max_threshold: false },
    catalogs: catalog::v12::CATALOGS,
};
