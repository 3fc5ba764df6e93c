//! Vocabulary: numbers with a meaning, with PostgreSQL's display. No parsing of files here.
mod block;
mod lsn;
mod rel;
mod time;
mod xid;

pub use block::{BlockNumber, OffsetNumber, Tid};
pub use lsn::{Lsn, TimelineId};
pub use rel::{Fork, Oid, RelFileLocator, RelFileNumber};
pub use time::{TimestampTz, UnixTime};
pub use xid::{FullXid, MultiXactId, MultiXactOffset, Xid};

/// Defines a newtype over an unsigned integer that displays as that integer.
macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default,
            serde::Serialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}
use number;
