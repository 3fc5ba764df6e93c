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
    /// `encoding`, by its number in `pg_enc` (mb/pg_wchar.h); `None` if its row is lost.
    pub encoding: Option<i32>,
    /// `datfrozenxid`: no older transaction id is in it, frozen ones apart; 0 if unknown.
    pub datfrozenxid: Xid,
    /// `datminmxid`: no older multixact is in it; 0 if unknown.
    pub datminmxid: MultiXactId,
    /// `dattablespace`: where relations lie whose `reltablespace` is 0.
    pub dattablespace: Oid,
    /// Whether pg_database has a visible row for it.
    pub has_row: bool,
}

impl Database {
    /// The most bytes that a character takes (`pg_encoding_max_length`, common/wchar.c); of a database
    /// whose encoding is not known, as in UTF-8.
    pub const fn longest_char(&self) -> u32 {
        match self.encoding {
            // EUC_JP, EUC_CN, EUC_KR and EUC_JIS_2004.
            Some(1 | 2 | 3 | 5) => 3,
            // EUC_TW, UTF8 and MULE_INTERNAL.
            Some(4 | 6 | 7) | None => 4,
            Some(_) => 1,
        }
    }
}
