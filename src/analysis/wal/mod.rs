//! Questions asked of WAL.
pub mod dump;
