//! Questions asked of WAL, one file each; [`pass`] is what those have in common that look at every
//! record once.
pub mod blocks;
pub mod check;
pub mod dump;
mod family;
mod filter;
mod gap;
pub mod images;
pub mod pass;
pub mod stats;

pub use family::{Wanted, transactions};
pub use filter::{Filter, NoSuchType, Types};
