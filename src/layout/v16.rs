//! PostgreSQL 16.
use super::catalog;
use super::{Layout, PgVersion};

/// How PostgreSQL 16 lays out its files.
pub(super) const LAYOUT: Layout = Layout {
    version: PgVersion::V16,
    control_version: 1300,
    catalog_version: 202_307_071,
    wal_page_magic: 0xD113,
    relmap_mappings: 64,
    relmap_len: 524,
    catalogs: catalog::v16::CATALOGS,
    ..super::v15::LAYOUT
};
