//! Whether autovacuum would take up a table, by the rules of postmaster/autovacuum.c.
use serde::Serialize;

/// What autovacuum would make of one table. Statistics files may be absent and lag behind, so the
/// numbers of tuples are those found in the table itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Autovacuum {
    /// Whether autovacuum is on at all: setting and reloption. Off does not stop it from forcing.
    pub enabled: bool,
    /// Dead tuples that count: dead tuples and dead line pointers found.
    pub dead_tuples: u64,
    /// autovacuum_vacuum_threshold and its kin, for this table's reltuples.
    pub dead_threshold: f64,
    /// Rows inserted since the last VACUUM, estimated: live tuples that no update made, on pages
    /// that are not all-visible.
    pub inserted_tuples: u64,
    /// autovacuum_vacuum_insert_threshold and its kin; none before 13, or where it is switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insert_threshold: Option<f64>,
    /// Why a VACUUM is due, worst reason first; empty if it is not.
    pub due: Vec<Due>,
}

/// A reason for autovacuum to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Due {
    /// relfrozenxid is older than autovacuum_freeze_max_age: forced, even if switched off.
    FreezeAge,
    /// relminmxid is older than autovacuum_multixact_freeze_max_age: forced likewise.
    MultixactAge,
    /// More dead tuples than its threshold.
    DeadTuples,
    /// More inserted rows than its threshold.
    Inserts,
}

impl Due {
    /// In a word or two.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FreezeAge => "freeze age",
            Self::MultixactAge => "multixact age",
            Self::DeadTuples => "dead tuples",
            Self::Inserts => "inserts",
        }
    }
}
