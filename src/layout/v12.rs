//! PostgreSQL 12.
use super::catalog;
use super::shape::FreeSpace;
use super::{Layout, PgVersion, Wraparound};

/// How PostgreSQL 12 lays out its files.
pub(super) const LAYOUT: Layout = Layout {
    version: PgVersion::V12,
    control_version: 1201,
    catalog_version: 201909212,
    wal_page_magic: 0xD101,
    free_space: FreeSpace::ForOneMoreTuple,
    wraparound: Wraparound {
        xid_warn: 11_000_000,
        xid_stop: 1_000_000,
        multi_warn: 10_000_100,
        multi_stop: 100,
    },
    catalogs: catalog::v12::CATALOGS,
};
