//! pg_subtrans (access/transam/subtrans.c): the parent of each subtransaction, 4 bytes. Means
//! nothing across a restart; only what a crash left there can be read.
use super::Place;
use crate::layout::Dialect;
use crate::types::Xid;

/// Bytes of an entry: an xid, 0 for no parent.
pub const LEN: u32 = 4;

/// The entry of `xid`.
pub fn place(xid: Xid, dialect: &Dialect) -> Place {
    super::place_of_fixed(u64::from(xid.0), LEN, &dialect.geometry)
}
