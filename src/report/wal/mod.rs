//! Answers about WAL.
pub mod stats;
