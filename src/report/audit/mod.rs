//! The audit of a cluster's tables: bloat, freezing, wraparound, autovacuum. Schema `audit/1`.
mod columns;
mod screen;

use super::autovacuum::Autovacuum;
use super::bloat::Bloat;
use super::doc::{Doc, Present, Table as Rows, Tone};
use super::freeze::{AGE_BUCKETS, Freeze};
use super::space::FreeSpaceMap;
use super::wraparound::{Age, Wraparound};
use crate::types::{MultiXactId, Oid, RelFileNumber, Xid};
use serde::Serialize;

/// The answer of `audit`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Audit {
    /// Over all tables.
    pub totals: Totals,
    /// What marks a table.
    pub thresholds: Thresholds,
    /// Whether autovacuum is on, by the settings; old age makes a table due in any case.
    pub autovacuum: bool,
    /// Distances, databases, and what holds the horizon back.
    pub wraparound: Wraparound,
    /// Upper ends of the buckets of `freeze.xmin_ages`.
    pub age_buckets: [u32; AGE_BUCKETS.len()],
    /// Every table, TOAST table and materialized view, most wasted bytes first.
    pub tables: Vec<TableAudit>,
    /// What the text shows.
    #[serde(skip)]
    pub view: View,
}

/// What of the answer is shown as text.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// All tables, not only the worst.
    pub all: bool,
    /// How many of the worst by each measure.
    pub top: usize,
    /// The input, as commands name it.
    pub input: String,
}

/// From where on a table is marked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Thresholds {
    /// `dead_tuple_percent` that is a warning.
    pub dead_warning: f64,
    /// `dead_tuple_percent` that is critical.
    pub dead_critical: f64,
    /// Age in transactions that is a warning.
    pub age_warning: u32,
    /// Age in transactions that is critical.
    pub age_critical: u32,
    /// Age in multixacts that is a warning.
    pub multi_age_warning: u32,
    /// Age in multixacts that is critical.
    pub multi_age_critical: u32,
}

/// Sums over all tables. Sizes in bytes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Totals {
    /// Tables, TOAST tables and materialized views.
    pub tables: u64,
    /// Their length.
    pub table_len: u64,
    /// Live tuples.
    pub tuple_count: u64,
    /// Dead tuples.
    pub dead_tuple_count: u64,
    /// Their length.
    pub dead_tuple_len: u64,
    /// Free space.
    pub free_space: u64,
    /// What VACUUM would free inside the pages.
    pub vacuum_frees: u64,
    /// What writing every table anew would free.
    pub rewrite_frees: u64,
    /// What their free space maps say; tables without one are left out.
    pub free_space_maps: FreeSpaceMap,
    /// Tuples with storage.
    pub tuples: u64,
    /// Of these, frozen ones.
    pub frozen_tuples: u64,
    /// Pages.
    pub pages: u64,
    /// Of these, all-visible ones by the visibility map.
    pub all_visible: u64,
    /// Of these, all-frozen ones by the visibility map.
    pub all_frozen: u64,
    /// Bytes that aggressive VACUUMs of all tables would read.
    pub aggressive_read_len: u64,
    /// Tables that autovacuum would take up.
    pub due: u64,
    /// Tables past a warning threshold, critical ones included.
    pub warnings: u64,
    /// Tables past a critical threshold.
    pub critical: u64,
}

/// One table, TOAST table or materialized view.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TableAudit {
    /// `db.schema.table`.
    pub table: String,
    /// Its database; none for shared catalogs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// "table", "TOAST table" or "materialized view".
    pub kind: String,
    /// pg_class.oid.
    pub oid: Oid,
    /// Number that names its files.
    pub filenode: RelFileNumber,
    /// pg_class.relfrozenxid.
    pub relfrozenxid: Xid,
    /// pg_class.relminmxid.
    pub relminmxid: MultiXactId,
    /// pg_class.reltuples.
    pub reltuples: f32,
    /// Percent of a page that a rewrite fills.
    pub fillfactor: u32,
    /// Pages that could not be read or are damaged; no other number counts what is on them.
    pub lost_pages: u64,
    /// Space.
    pub bloat: Bloat,
    /// What its free space map says of that space; none without a map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_space_map: Option<FreeSpaceMap>,
    /// Space with the TOAST table; none for tables without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_toast: Option<WithToast>,
    /// Its indexes, the largest first; those of its TOAST table are there.
    pub indexes: Vec<IndexAudit>,
    /// Freezing.
    pub freeze: Freeze,
    /// Age of relfrozenxid.
    pub xid: Age,
    /// Age of relminmxid.
    pub multi: Age,
    /// What autovacuum would make of it.
    pub autovacuum: Autovacuum,
    /// The worst threshold it passed.
    pub level: Tone,
}

/// A table and its TOAST table together, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WithToast {
    /// Oid of the TOAST table.
    pub toast: Oid,
    /// Length of both.
    pub table_len: u64,
    /// What rewriting both would free.
    pub rewrite_frees: u64,
}

/// One index of a table. Sizes in bytes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct IndexAudit {
    /// `db.schema.index`.
    pub index: String,
    /// Name of its access method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_method: Option<String>,
    /// pg_class.oid.
    pub oid: Oid,
    /// Number that names its files.
    pub filenode: RelFileNumber,
    /// Length of its main fork.
    pub index_len: u64,
    /// Pages that could not be read or are damaged.
    pub lost_pages: u64,
    /// Length after REINDEX, by packing its items as a build does: the most, if there is a least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rebuilt_len: Option<u64>,
    /// The least that this may be, where it depends on more than the items: on the order of rows
    /// (GiST, SP-GiST) or on memory (GIN).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rebuilt_len_least: Option<u64>,
    /// Why there is no such estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_estimated: Option<&'static str>,
    /// What that would free, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reindex_frees: Option<u64>,
    /// `reindex_frees` of `index_len`, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bloat_percent: Option<f64>,
    /// What its free space map promises; none without a map, and of access methods of extensions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_space_map: Option<FreeSpaceMap>,
    /// `index_len` of the table with its TOAST table and all its indexes, 0 to 100.
    pub share_percent: f64,
}

impl TableAudit {
    /// Length of its indexes.
    pub fn indexes_len(&self) -> u64 {
        self.indexes.iter().map(|index| index.index_len).sum()
    }

    /// What REINDEX of all of them would free at least, as far as that is estimated.
    pub fn reindex_frees(&self) -> u64 {
        self.indexes.iter().filter_map(|index| index.reindex_frees).sum()
    }

    /// What rewriting it would free, its TOAST table included: how tables are ranked.
    pub fn wasted(&self) -> u64 {
        self.with_toast.as_ref().map_or(self.bloat.rewrite_frees, |both| both.rewrite_frees)
    }

    /// Its length, its TOAST table included.
    pub fn total_len(&self) -> u64 {
        self.with_toast.as_ref().map_or(self.bloat.table_len, |both| both.table_len)
    }
}

impl Present for Audit {
    fn present(&self) -> Doc {
        screen::screen(self)
    }

    fn tables(&self) -> Vec<Rows> {
        vec![
            columns::tables(self),
            columns::databases(self),
            columns::holders(self),
            columns::xmin_ages(self),
            columns::indexes(self),
            columns::free_space_maps(self),
        ]
    }
}
