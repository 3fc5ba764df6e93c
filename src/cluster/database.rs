//! The databases of a cluster: rows of pg_database, and directories that no row explains.
use crate::types::{MultiXactId, Oid, Xid};

/// One database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// `oid`: also the name of its directory under `base/`.
    pub oid: Oid,
    /// `datname`; `oid:NNN` if its row is lost and only the directory is there.
    pub name: String,
    /// `datistemplate`.
    pub is_template: bool,
    /// `datallowconn`.
    pub allow_conn: bool,
    /// `datfrozenxid`: no older transaction id is in it, frozen ones apart; 0 if unknown.
    pub datfrozenxid: Xid,
    /// `datminmxid`: no older multixact is in it; 0 if unknown.
    pub datminmxid: MultiXactId,
    /// `dattablespace`: where relations lie whose `reltablespace` is 0.
    pub dattablespace: Oid,
    /// Whether pg_database has a visible row for it.
    pub has_row: bool,
}
