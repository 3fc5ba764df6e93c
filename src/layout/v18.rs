//! PostgreSQL 18.
use super::catalog;
use super::shape::{ControlShape, FreeSpace, TwoPhaseShape};
use super::{Layout, PgVersion, VacuumSettings};

/// How PostgreSQL 18 lays out its files.
pub(super) const LAYOUT: Layout = Layout {
    version: PgVersion::V18,
    control_version: 1800,
    catalog_version: 202_506_291,
    wal_page_magic: 0xD118,
    twophase: TwoPhaseShape::DropsWideStats,
    control: ControlShape::CharSignedness,
    quoted_relation: true,
    free_space: FreeSpace::Exact,
    vacuum_settings: VacuumSettings { max_threshold: true, ..super::v17::LAYOUT.vacuum_settings },
    catalogs: catalog::v18::CATALOGS,
    ..super::v17::LAYOUT
};
