//! Questions asked of a cluster, one file each; [`scan`] is the engine of those that read tables.
pub mod audit;
pub mod autovacuum;
pub mod bloat;
pub mod control;
pub mod freeze;
pub mod horizon;
pub mod index;
pub mod inventory;
pub mod page_dump;
pub mod parameters;
pub mod replay;
pub mod scan;
pub mod snapshot;
pub mod verify;
pub mod visibility;
pub mod wal;
pub mod wraparound;
