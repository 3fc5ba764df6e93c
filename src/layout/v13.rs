//! PostgreSQL 13.
use super::catalog;
use super::shape::ControlShape;
use super::{Layout, PgVersion, VacuumSettings};

/// How PostgreSQL 13 lays out its files.
pub(super) const LAYOUT: Layout = Layout {
    version: PgVersion::V13,
    control_version: 1300,
    catalog_version: 202_007_201,
    wal_page_magic: 0xD106,
    control: ControlShape::Float8ByVal,
    vacuum_settings: VacuumSettings { insert: true, ..super::v12::LAYOUT.vacuum_settings },
    catalogs: catalog::v13::CATALOGS,
    ..super::v12::LAYOUT
};
