//! PostgreSQL 14.
use super::catalog;
use super::{Layout, PgVersion};

/// How PostgreSQL 14 lays out its files.
pub(super) const LAYOUT: Layout = Layout {
    version: PgVersion::V14,
    control_version: 1300,
    catalog_version: 202107181,
    wal_page_magic: 0xD10D,
    catalogs: catalog::v14::CATALOGS,
    ..super::v13::LAYOUT
};
