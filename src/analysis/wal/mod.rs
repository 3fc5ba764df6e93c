//! Questions asked of WAL.
pub mod dump;
mod gap;
pub mod stats;
