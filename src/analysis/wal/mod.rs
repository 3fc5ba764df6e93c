//! Questions asked of WAL.
pub mod check;
pub mod dump;
mod gap;
pub mod stats;
