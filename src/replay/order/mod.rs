//! What each record does to the blocks and files that it names, in the order of the log.
//!
//! Threads that read segments note the [`Step`]s of their records; [`Simulation`] takes them in
//! order and says what comes of each, page LSNs advancing as they go.
mod cleared;
mod deed;
mod disk;
mod files;
mod fork;
mod invalid;
mod noted;
mod simulation;
#[cfg(test)]
mod tests;

pub use deed::Deed;
pub use disk::Disk;
pub use files::FileDeed;
pub use fork::{ForkState, Page, Tally};
pub use invalid::{Invalid, InvalidPage};
pub use noted::{Noted, Rules, Step};
pub use simulation::{Broken, Healed, Outcome, Simulation, Touch};
