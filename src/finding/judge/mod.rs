//! What is wrong with small files that decoded: pg_control, slots, prepared transactions.
mod control;
mod slot;
mod twophase;

pub use control::{control, unsupported_control};
pub use slot::slot;
pub use twophase::twophase;
