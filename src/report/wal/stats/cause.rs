//! What causes WAL.
use serde::Serialize;
use std::fmt;

/// What a record, or a full-page image in it, is there for. Each byte has one cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// What statements change.
    Client,
    /// The same, of changes that replication brought.
    Applied,
    /// Images of pages that change for the first time after a checkpoint began.
    FirstChange,
    /// Images to compare with (wal_consistency_checking).
    Consistency,
    /// Hint bits on pages with checksums (or with wal_log_hints).
    HintBits,
    /// Pages written as a whole.
    WholePages,
    /// Pruning and vacuum.
    Vacuum,
    /// Checkpoints themselves.
    Checkpoint,
    /// What standbys and logical decoding need.
    Replication,
    /// The rest.
    Server,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Client,
        Self::Applied,
        Self::FirstChange,
        Self::Consistency,
        Self::HintBits,
        Self::WholePages,
        Self::Vacuum,
        Self::Checkpoint,
        Self::Replication,
        Self::Server,
    ];

    /// What is counted there. docs/wal.md names every type of record.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Client => "records of changes and of transactions that end",
            Self::Applied => "the same, with the origin of a node that they were replicated from",
            Self::FirstChange => "images of pages in records of other causes",
            Self::Consistency => "images that wal_consistency_checking compares with",
            Self::HintBits => "XLOG/FPI_FOR_HINT",
            Self::WholePages => "XLOG/FPI: indexes built, tables rewritten, databases copied",
            Self::Vacuum => "pruning, freezing, vacuum of heaps and indexes, updates in place",
            Self::Checkpoint => "XLOG/CHECKPOINT_*, END_OF_RECOVERY, FPW_CHANGE",
            Self::Replication => "Standby/*, and what only logical decoding reads",
            Self::Server => "all other records: segment switches, oids, CLOG pages, settings",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Client => "client work",
            Self::Applied => "replicated changes",
            Self::FirstChange => "images after checkpoints",
            Self::Consistency => "consistency checking",
            Self::HintBits => "hint bits",
            Self::WholePages => "whole pages",
            Self::Vacuum => "pruning and vacuum",
            Self::Checkpoint => "checkpoints",
            Self::Replication => "standbys and decoding",
            Self::Server => "server",
        })
    }
}
