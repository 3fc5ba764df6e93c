//! PostgreSQL 12.
use super::catalog;
use super::{Layout, PgVersion};

/// How PostgreSQL 12 lays out its files.
pub(super) const LAYOUT: Layout = Layout {
    version: PgVersion::V12,
    control_version: 1201,
    catalog_version: 201909212,
    wal_page_magic: 0xD101,
    catalogs: catalog::v12::CATALOGS,
};
