//! Answers about WAL.
pub mod blocks;
pub mod check;
pub mod dump;
pub mod images;
pub mod stats;
pub mod tuple;
pub mod xacts;
