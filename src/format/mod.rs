//! Bytes to values: `&[u8]` and a [`crate::layout::Dialect`] in, a value or a [`ParseError`] out.
//! Pure: no I/O, no allocation beyond the value, no judgement of what decodes.
#![deny(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "every byte here may be hostile"
)]
pub mod backup_label;
pub mod bytes;
pub mod conf;
pub mod control;
pub mod datum;
mod error;
pub mod fork;
pub mod heap;
pub mod history;
pub mod index;
pub mod manifest;
pub mod page;
mod pglz;
pub mod pid_file;
pub mod relmap;
pub mod sequence;
pub mod slot;
pub mod slru;
pub mod tablespace_map;
pub mod toast;
pub mod twophase;
pub mod wal;

pub use error::{Fault, Parse, ParseError, Stop, parse_at, stop};
