//! Relations: rows of pg_class with what other catalogs say about them, names resolved.
use crate::types::{Lsn, MultiXactId, Oid, RelFileLocator, Xid};
use std::fmt;

/// One relation of one database, or of all (`database` 0).
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// `pg_class.oid`; 0 if no row of pg_class owns the file (then `name` is made from it).
    pub oid: Oid,
    /// Database; 0 for the shared catalogs.
    pub database: Oid,
    /// Name of the database; empty for the shared catalogs.
    pub database_name: String,
    /// Schema, `oid:NNN` if its row is lost.
    pub schema: String,
    /// `relname`; `filenode:NNN` if no row of pg_class owns the file.
    pub name: String,
    /// `relkind`.
    pub kind: RelKind,
    /// `relpersistence`.
    pub persistence: Persistence,
    /// Name of its access method; `None` if it has none.
    pub access_method: Option<String>,
    /// Where its files are, mapped relations resolved; `number` is 0 if it has no files.
    pub locator: RelFileLocator,
    /// Whether its filenode is in pg_filenode.map and not in pg_class.
    pub mapped: bool,
    /// `relpages`: blocks when last vacuumed or analyzed.
    pub relpages: u32,
    /// `reltuples`: rows when last vacuumed or analyzed; -1 (before 14: 0) if it never was.
    pub reltuples: f32,
    /// `relallvisible`: all-visible blocks when last vacuumed or analyzed.
    pub relallvisible: u32,
    /// `relfrozenxid`; 0 for kinds that hold no transaction ids.
    pub relfrozenxid: Xid,
    /// `relminmxid`; 0 for kinds that hold no multixacts.
    pub relminmxid: MultiXactId,
    /// Its TOAST table (`reltoastrelid`).
    pub toast_relation: Option<Oid>,
    /// The table that this TOAST table or index belongs to.
    pub owner_relation: Option<Oid>,
    /// `reloptions`, in order.
    pub reloptions: Vec<(String, String)>,
    /// `relispartition`.
    pub is_partition: bool,
    /// `relhassubclass`: whether other tables inherit from it, or did so.
    pub has_subclass: bool,
    /// `relnatts`: columns, dropped ones included; 0 if no row of pg_class owns the file.
    pub relnatts: u16,
    /// LSN of the page of pg_class that its row is on.
    pub row_lsn: Lsn,
}

/// A row of pg_class that does not count, for files that no other row has: who made them, or to
/// whom they belonged.
#[derive(Debug, Clone, PartialEq)]
pub struct Unseen {
    /// What the row says.
    pub relation: Relation,
    /// The transaction that wrote the row; ask [`super::TransactionLog::status`] what became of it.
    pub xmin: Xid,
    /// The transaction that deleted or replaced it, if `deleted`.
    pub xmax: Xid,
    /// Whether the row was committed, and then deleted or replaced.
    pub deleted: bool,
}

/// `pg_class.relkind` (catalog/pg_class.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelKind {
    /// `r`
    Table,
    /// `i`
    Index,
    /// `S`
    Sequence,
    /// `t`
    Toast,
    /// `v`
    View,
    /// `m`
    MaterializedView,
    /// `c`
    CompositeType,
    /// `f`
    ForeignTable,
    /// `p`
    PartitionedTable,
    /// `I`
    PartitionedIndex,
    /// `g`, from 19
    PropertyGraph,
    /// No kind that any release writes; also of files that no row of pg_class owns (`\0`).
    Unknown(u8),
}

/// `pg_class.relpersistence`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Persistence {
    /// `p`
    Permanent,
    /// `u`
    Unlogged,
    /// `t`
    Temporary,
    /// No value that any release writes.
    Unknown(u8),
}

impl Relation {
    /// The backend whose temporary relation it is, by its schema (`pg_temp_3`,
    /// `pg_toast_temp_3`): its files are named `t3_…`.
    pub fn temporary_of(&self) -> Option<u32> {
        let schema = self.schema.as_str();
        let of = schema.strip_prefix("pg_temp_").or_else(|| schema.strip_prefix("pg_toast_temp_"));
        of.filter(|_| self.persistence == Persistence::Temporary)?.parse().ok()
    }

    /// How many columns it has; `None` if no row of pg_class owns the file.
    pub fn columns(&self) -> Option<usize> {
        Some(usize::from(self.relnatts)).filter(|_| !self.is_nameless())
    }

    /// Whether only its file is known, the row of pg_class that names it being lost.
    pub fn is_nameless(&self) -> bool {
        self.oid == Oid::INVALID
    }
}

impl RelKind {
    /// Whether its blocks are heap pages: tables, materialized views, TOAST tables.
    pub const fn is_heap(self) -> bool {
        matches!(self, Self::Table | Self::MaterializedView | Self::Toast)
    }

    /// Whether it has files at all (`RELKIND_HAS_STORAGE`).
    pub const fn has_storage(self) -> bool {
        self.is_heap() || matches!(self, Self::Index | Self::Sequence)
    }
}

impl From<u8> for RelKind {
    fn from(relkind: u8) -> Self {
        match relkind {
            b'r' => Self::Table,
            b'i' => Self::Index,
            b'S' => Self::Sequence,
            b't' => Self::Toast,
            b'v' => Self::View,
            b'm' => Self::MaterializedView,
            b'c' => Self::CompositeType,
            b'f' => Self::ForeignTable,
            b'p' => Self::PartitionedTable,
            b'I' => Self::PartitionedIndex,
            b'g' => Self::PropertyGraph,
            other => Self::Unknown(other),
        }
    }
}

/// As psql's `\d` names it.
impl fmt::Display for RelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Table => "table",
            Self::Index => "index",
            Self::Sequence => "sequence",
            Self::Toast => "TOAST table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::CompositeType => "composite type",
            Self::ForeignTable => "foreign table",
            Self::PartitionedTable => "partitioned table",
            Self::PartitionedIndex => "partitioned index",
            Self::PropertyGraph => "property graph",
            Self::Unknown(_) => "unknown",
        })
    }
}

impl From<u8> for Persistence {
    fn from(relpersistence: u8) -> Self {
        match relpersistence {
            b'p' => Self::Permanent,
            b'u' => Self::Unlogged,
            b't' => Self::Temporary,
            other => Self::Unknown(other),
        }
    }
}

impl fmt::Display for Persistence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Permanent => "permanent",
            Self::Unlogged => "unlogged",
            Self::Temporary => "temporary",
            Self::Unknown(_) => "unknown",
        })
    }
}
