//! PostgreSQL 15.
use super::catalog;
use super::shape::TwoPhaseShape;
use super::{Layout, PgVersion};

/// How PostgreSQL 15 lays out its files.
pub(super) const LAYOUT: Layout = Layout {
    version: PgVersion::V15,
    control_version: 1300,
    catalog_version: 202_209_061,
    wal_page_magic: 0xD110,
    twophase: TwoPhaseShape::DropsStats,
    catalogs: catalog::v15::CATALOGS,
    ..super::v14::LAYOUT
};
