//! Values of the types that the catalogs are made of: bytes of one attribute to a value.
mod array;
pub mod out;
mod scalar;

pub use array::{Array, int2s, oids, texts};
pub use scalar::{boolean, char, float4, int2, int4, int8, name, oid, text, xid};
