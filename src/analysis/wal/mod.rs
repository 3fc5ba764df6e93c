//! Questions asked of WAL, one file each; [`pass`] is what those have in common that look at every
//! record once.
pub mod blocks;
pub mod check;
pub mod copies;
mod counter;
pub mod dump;
mod family;
mod filter;
pub(super) mod gap;
pub mod images;
pub mod pass;
mod pool;
pub mod stats;
pub mod xacts;

pub use family::{Wanted, transactions};
pub use filter::{Filter, NoSuchType, Types};
