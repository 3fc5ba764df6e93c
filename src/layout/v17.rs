//! PostgreSQL 17.
use super::catalog;
use super::{Layout, PgVersion};

/// How PostgreSQL 17 lays out its files.
pub(super) const LAYOUT: Layout = Layout {
    version: PgVersion::V17,
    control_version: 1700,
    catalog_version: 202406281,
    wal_page_magic: 0xD116,
    catalogs: catalog::v17::CATALOGS,
    ..super::v16::LAYOUT
};
