//! The forks beside a relation's data.
pub mod fsm;
pub mod vm;
