//! PostgreSQL 19.
use super::catalog;
use super::shape::{CheckPointShape, ControlShape};
use super::{ControlData, Layout, PgVersion, Wraparound};

/// How PostgreSQL 19 lays out its files.
pub(super) const LAYOUT: Layout = Layout {
    version: PgVersion::V19,
    control_version: 1905,
    catalog_version: 202_610_061,
    wal_page_magic: 0xD122,
    control: ControlShape::SlruPages,
    checkpoint: CheckPointShape::LogicalDecoding,
    controldata: ControlData { padded_lsn: true, ..super::v18::LAYOUT.controldata },
    multixact_offset_len: 8,
    long_member_names: true,
    wraparound: Wraparound {
        xid_warn: 100_000_000,
        xid_stop: 3_000_000,
        multi_warn: 100_000_000,
        multi_stop: 3_000_000,
    },
    catalogs: catalog::v19::CATALOGS,
    ..super::v18::LAYOUT
};
