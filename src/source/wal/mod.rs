//! WAL as files: in a data directory, in an archive, in a tar, or one by one; plain or compressed,
//! under their own names or those that archiving tools give them.
mod inflate;
mod name;
mod place;
mod segment;

pub use name::WalFileName;
pub use place::{HistoryFile, WalPlace};
pub use segment::{SegmentBytes, SegmentFile};
