//! PostgreSQL 14.
use super::catalog;
use super::{Layout, PgVersion, RowGuess, VacuumSettings, Wraparound};

/// How PostgreSQL 14 lays out its files.
pub(super) const LAYOUT: Layout = Layout {
    version: PgVersion::V14,
    control_version: 1300,
    catalog_version: 202_107_181,
    wal_page_magic: 0xD10D,
    row_guess: RowGuess { marked: true, ..super::v13::LAYOUT.row_guess },
    wraparound: Wraparound {
        xid_warn: 40_000_000,
        xid_stop: 3_000_000,
        multi_warn: 40_000_000,
        multi_stop: 3_000_000,
    },
    vacuum_settings: VacuumSettings { failsafe: true, ..super::v13::LAYOUT.vacuum_settings },
    catalogs: catalog::v14::CATALOGS,
    ..super::v13::LAYOUT
};
