//! Heap tuples: table rows as they lie on a page.
mod infomask;
mod tuple;

pub use infomask::{Infomask, Infomask2, RowLock};
pub use tuple::{HeapTuple, HeapTupleHeader, MIN_TUPLE_SIZE, TUPLE_HEADER_SIZE};
