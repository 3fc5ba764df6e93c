//! Vocabulary: numbers with a meaning, with PostgreSQL's display. No parsing of files here.
mod block;
mod lsn;
mod rel;
mod size;
mod time;
mod time_text;
mod xid;

pub use block::{BlockNumber, OffsetNumber, Tid};
pub use lsn::{Lsn, TimelineId};
pub use rel::{Fork, Oid, RelFileLocator, RelFileNumber};
pub use size::pretty_size;
pub use time::{TimestampTz, UnixTime};
pub use xid::{FullXid, MultiXactId, MultiXactOffset, Xid};

/// Defines a newtype over an unsigned integer that displays as that integer. In JSON it is a number,
/// or text if it has 64 bits, which readers would round.
macro_rules! number {
    ($(#[$doc:meta])* $name:ident(u64)) => {
        crate::types::number!(@base $(#[$doc])* $name(u64));
        crate::types::text!($name);
    };
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        crate::types::number!(@base
            $(#[$doc])*
            #[derive(serde::Serialize)]
            #[serde(transparent)]
            #[cfg_attr(test, derive(schemars::JsonSchema))]
            $name($inner)
        );
    };
    (@base $(#[$attribute:meta])* $name:ident($inner:ty)) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub $inner);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

/// Makes a type that displays be text in JSON.
macro_rules! text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(test)]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string" })
            }

            fn inline_schema() -> bool {
                true
            }
        }
    };
}

use number;
use text;
