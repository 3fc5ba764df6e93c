//! Heap tuples: table rows as they lie on a page.
mod deform;
mod infomask;
mod tuple;

pub(crate) use deform::is_null;
pub use deform::{Attr, Datum, Deform, deform};
pub use infomask::{Infomask, Infomask2, RowLock};
pub use tuple::{HeapTuple, HeapTupleHeader, MIN_TUPLE_SIZE, TUPLE_HEADER_SIZE};
