//! Answers about WAL.
pub mod check;
pub mod stats;
