//! Settings that matter for reading: postgresql.conf, postgresql.auto.conf and what they include.

/// Settings as the server would have had them at its next start. One that the cluster's major
/// does not have is `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Whether the autovacuum daemon runs (never off for wraparound).
    pub autovacuum: bool,
    /// Dead rows before a vacuum, least.
    pub autovacuum_vacuum_threshold: i64,
    /// Dead rows before a vacuum, as a part of the rows.
    pub autovacuum_vacuum_scale_factor: f64,
    /// Dead rows before a vacuum, most; -1 for no limit. From 18.
    pub autovacuum_vacuum_max_threshold: Option<i64>,
    /// Inserted rows before a vacuum, least; -1 for never. From 13.
    pub autovacuum_vacuum_insert_threshold: Option<i64>,
    /// Inserted rows before a vacuum, as a part of the rows. From 13.
    pub autovacuum_vacuum_insert_scale_factor: Option<f64>,
    /// Changed rows before an analyze, least.
    pub autovacuum_analyze_threshold: i64,
    /// Changed rows before an analyze, as a part of the rows.
    pub autovacuum_analyze_scale_factor: f64,
    /// Age of `relfrozenxid` that forces a vacuum.
    pub autovacuum_freeze_max_age: i64,
    /// Age of `relminmxid` that forces a vacuum.
    pub autovacuum_multixact_freeze_max_age: i64,
    /// Age at which a vacuum freezes a row.
    pub vacuum_freeze_min_age: i64,
    /// Age of `relfrozenxid` that makes a vacuum aggressive.
    pub vacuum_freeze_table_age: i64,
    /// Age at which a vacuum replaces a multixact.
    pub vacuum_multixact_freeze_min_age: i64,
    /// Age of `relminmxid` that makes a vacuum aggressive.
    pub vacuum_multixact_freeze_table_age: i64,
    /// Age of `relfrozenxid` at which a vacuum does nothing but freeze. From 14.
    pub vacuum_failsafe_age: Option<i64>,
    /// Age of `relminmxid` at which a vacuum does nothing but freeze. From 14.
    pub vacuum_multixact_failsafe_age: Option<i64>,
}
