//! What becomes of transactions and counters: which commit in replay, which are rolled back, which
//! stay prepared, and what the checkpoint at the end of recovery says.
mod counters;
mod fates;
mod noted;

pub use counters::Counters;
pub use fates::{Fates, InDoubt, LastCommit};
pub use noted::{Event, Noted};
