//! How much of a table is bloat: what pgstattuple gives, under its names, and what it leaves open.
use serde::Serialize;

/// One relation's space. All sizes in bytes; all counts are of the main fork.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Bloat {
    /// Length of the main fork.
    pub table_len: u64,
    /// Tuples that `SnapshotDirty` sees.
    pub tuple_count: u64,
    /// Their length, headers included, padding and line pointers not.
    pub tuple_len: u64,
    /// `tuple_len` of `table_len`, 0 to 100.
    pub tuple_percent: f64,
    /// Tuples that it does not see.
    pub dead_tuple_count: u64,
    /// Their length.
    pub dead_tuple_len: u64,
    /// `dead_tuple_len` of `table_len`, 0 to 100.
    pub dead_tuple_percent: f64,
    /// Free space as the pgstattuple of this major counts it.
    pub free_space: u64,
    /// `free_space` of `table_len`, 0 to 100.
    pub free_percent: f64,
    /// `LP_DEAD` line pointers: their tuples are gone, index entries may still lead to them.
    pub dead_line_pointers: u64,
    /// `LP_UNUSED` line pointers.
    pub unused_line_pointers: u64,
    /// `LP_REDIRECT` line pointers.
    pub redirect_line_pointers: u64,
    /// Pages without a header, as the server extends relations by.
    pub new_pages: u64,
    /// Dead tuples that a VACUUM now could remove; the others are still visible to somebody.
    pub removable_tuples: u64,
    /// What a VACUUM now would free inside the pages: the storage of removable tuples.
    pub vacuum_frees: u64,
    /// Pages at the end that hold no tuple once VACUUM is through; it gives them back if they are
    /// at least 1000, or a sixteenth of the table.
    pub truncatable_len: u64,
    /// Length of the table if it were written anew (VACUUM FULL, pg_repack) at its fillfactor.
    pub rewritten_len: u64,
    /// What that would free: `table_len` less `rewritten_len`.
    pub rewrite_frees: u64,
}

/// `part` of `whole` as pgstattuple computes it, 0 to 100; 0 of nothing.
#[expect(clippy::cast_precision_loss, reason = "as PostgreSQL does, for display")]
pub fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}
