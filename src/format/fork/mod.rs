//! The forks beside a relation's data.
pub mod vm;
