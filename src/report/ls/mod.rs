//! `ls`: what there is. Databases, relations and their files, and files that belong to nothing.
mod detail;
mod present;

pub use detail::{ColumnRow, ConstraintRow, Detail, ExtensionRow};

use crate::types::{Fork, MultiXactId, Oid, RelFileNumber, Xid};
use serde::Serialize;

/// With no more relations than this, each is described in full.
pub const DETAILED: usize = 3;

/// The answer. Lists that were not asked for are empty.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ls {
    /// Databases, by oid; if nothing was selected.
    pub databases: Vec<DatabaseRow>,
    /// The relations that were selected, by database and oid.
    pub relations: Vec<RelationRow>,
    /// The extensions of the databases that were asked for as a whole.
    pub extensions: Vec<ExtensionRow>,
    /// Relation files that no visible row of pg_class owns, of the databases that were looked at.
    pub orphans: Vec<OrphanRow>,
    /// Files that the next start removes: of temporary relations, and in pgsql_tmp.
    pub temporary: Vec<TemporaryRow>,
    /// The path that was given, as the commands under the text name it.
    #[serde(skip)]
    pub input: String,
}

/// A database.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DatabaseRow {
    /// Its oid.
    pub oid: Oid,
    /// Its name.
    pub datname: String,
    /// Bytes of all its files, as pg_database_size() counts them.
    pub size: u64,
    /// No older transaction id is in it; 0 if that is not known.
    pub datfrozenxid: Xid,
    /// age(datfrozenxid); null if it or the next transaction id is not known.
    pub age: Option<i32>,
    /// No older multixact is in it; 0 if that is not known.
    pub datminmxid: MultiXactId,
    /// mxid_age(datminmxid); null if it or the next multixact is not known.
    pub mxid_age: Option<i32>,
    /// Its default tablespace.
    pub dattablespace: Oid,
    /// The name of that, if it is known.
    pub spcname: Option<String>,
    /// Whether it is a template.
    pub datistemplate: bool,
    /// Whether one may connect.
    pub datallowconn: bool,
    /// Whether pg_database has a visible row for it; if not, only its directory is there.
    pub has_row: bool,
    /// How many of its files belong to no visible row of pg_class, temporary ones apart.
    pub orphan_files: u64,
}

/// A relation.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RelationRow {
    /// Its oid; 0 if no row of pg_class owns the file.
    pub oid: Oid,
    /// Qualified name, with the database.
    pub relation: String,
    /// As psql names the kind.
    pub kind: String,
    /// Access method; null if it has none.
    pub access_method: Option<String>,
    /// permanent, unlogged or temporary.
    pub persistence: String,
    /// Tablespace of its files, resolved.
    pub tablespace: Oid,
    /// Its name, if that is known.
    pub tablespace_name: Option<String>,
    /// Filenode; 0 if it has no files.
    pub filenode: RelFileNumber,
    /// Path of its first file, as pg_relation_filepath() gives it; null if it has none.
    pub filepath: Option<String>,
    /// The table that a TOAST table or an index belongs to.
    pub owner: Option<String>,
    /// Bytes in all its files.
    pub size: u64,
    /// Its forks that have files.
    pub forks: Vec<ForkRow>,
    /// What other catalogs say of it; null if more than three relations are listed.
    pub detail: Option<Detail>,
}

/// A fork of a relation.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ForkRow {
    /// Which.
    pub fork: Fork,
    /// Bytes in its files.
    pub size: u64,
    /// Its segment files, in order.
    pub files: Vec<FileRow>,
}

/// A file.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FileRow {
    /// Relative to the data directory.
    pub path: String,
    /// Bytes.
    pub size: u64,
}

/// A filenode that no visible row of pg_class owns.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OrphanRow {
    /// Its database; empty in `global`.
    pub database: String,
    /// Filenode.
    pub filenode: RelFileNumber,
    /// Its files.
    pub files: Vec<FileRow>,
    /// Bytes in them.
    pub size: u64,
    /// The row of pg_class that has or had it, if one is still there.
    pub origin: Option<Origin>,
}

/// A row of pg_class that no query sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Origin {
    /// Oid of the relation.
    pub oid: Oid,
    /// Qualified name, with the database.
    pub relation: String,
    /// As psql names the kind.
    pub kind: String,
    /// The transaction that wrote the row (xmin).
    pub created_by: Xid,
    /// What became of that transaction.
    pub created: String,
    /// The transaction that deleted or replaced the row (xmax), if one did.
    pub removed_by: Option<Xid>,
    /// What became of that one.
    pub removed: Option<String>,
}

/// A file that the next start removes.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TemporaryRow {
    /// Relative to the data directory.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// What it is.
    pub what: String,
}
