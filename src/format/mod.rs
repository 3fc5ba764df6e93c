//! Bytes to values: `&[u8]` and a [`crate::layout::Dialect`] in, a value or a [`ParseError`] out.
//! Pure: no I/O, no allocation beyond the value, no judgement of what decodes.
#![deny(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "every byte here may be hostile"
)]
pub mod bytes;
pub mod control;
pub mod datum;
mod error;
pub mod fork;
pub mod heap;
pub mod page;
pub mod relmap;
pub mod slru;
pub mod toast;

pub use error::{Fault, Parse, ParseError, Stop, parse_at, stop};
