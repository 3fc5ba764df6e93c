//! Replication slots (pg_replslot/NAME/state).
use crate::types::{Lsn, Oid, Xid};

/// One replication slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// Database of a logical slot; 0 for a physical one.
    pub database: Oid,
    /// The oldest transaction whose rows must stay; 0 for none.
    pub xmin: Xid,
    /// The same for rows of catalogs; 0 for none.
    pub catalog_xmin: Xid,
    /// WAL from here on must stay.
    pub restart_lsn: Lsn,
}
