//! PostgreSQL 17.
use super::catalog;
use super::shape::CheckPointShape;
use super::{ControlData, Layout, PgVersion, RowGuess};

/// How PostgreSQL 17 lays out its files.
pub(super) const LAYOUT: Layout = Layout {
    version: PgVersion::V17,
    control_version: 1700,
    catalog_version: 202_406_281,
    wal_page_magic: 0xD116,
    checkpoint: CheckPointShape::WalLevel,
    controldata: ControlData {
        bad_crc: "calculated CRC checksum does not match value stored in control file",
        unknown_wal_level: "unrecognized \"wal_level\"",
        ..super::v16::LAYOUT.controldata
    },
    row_guess: RowGuess { by_fillfactor: true, ..super::v16::LAYOUT.row_guess },
    catalogs: catalog::v17::CATALOGS,
    ..super::v16::LAYOUT
};
