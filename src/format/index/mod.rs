//! Pages of indexes, one file per access method.
pub mod btree;
mod tuple;

pub use tuple::IndexTuple;
