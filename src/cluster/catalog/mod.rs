//! The system catalogs, read out of their files: the map tells where pg_class and pg_attribute
//! are, those tell the rest. Rows count by MVCC rules; damage costs the rows it hits.
mod attributes;
mod class;
mod columns;
mod described;
mod indexes;
mod map;
mod names;
mod relations;
mod row;
mod scan;
mod search;
mod shared;
mod types;
mod visible;

pub use attributes::Attribute;
pub use described::{Constraint, Extension, IndexFlags, Inheritance};
pub(super) use relations::{Loaded, by_filenode};
pub(super) use shared::Shared;
pub use types::{Type, Types};

use super::{Cluster, Database, Relation, TransactionLog};
use crate::finding::Findings;
use crate::format::heap::HeapTuple;
use crate::layout::Dialect;
use crate::source::Source;
use crate::types::{Oid, RelFileNumber};
use map::Map;
use scan::Reader;

/// Reads the shared catalogs.
pub(super) fn shared(
    source: &Source,
    dialect: &Dialect,
    xact: &TransactionLog,
    findings: &mut Findings,
) -> Shared {
    Shared::read(Reader { source, dialect, xact }, findings)
}

impl Cluster {
    /// Reads the catalogs of one database, whose files are in `dir`.
    pub(super) fn load(&self, database: &Database, dir: &str) -> Loaded {
        let reader = Reader { source: &self.source, dialect: &self.dialect, xact: &self.xact };
        Loaded::read(reader, &self.shared, database, dir)
    }

    /// What a row of the pg_class of `database` says, wherever its bytes were had from, with the
    /// names that the copy knows; `None` if it is no such row. Of a database that is not there any
    /// more, schemas are known by number only.
    pub fn relation_of_row(&self, database: Oid, tuple: &HeapTuple<'_>) -> Option<Relation> {
        let row = class::of_tuple(tuple, &self.shared.columns)?;
        let known = self.databases().iter().find(|known| known.oid == database);
        Some(match (known, self.loaded(database)) {
            (Some(known), Some(loaded)) => loaded.relation(known, &row),
            _ => Loaded::default().relation(&shared::nameless(database), &row),
        })
    }

    /// The filenode that the relation map of a database has for one of its catalogs.
    pub fn mapped_filenode(&self, database: &Database, catalog: Oid) -> Option<RelFileNumber> {
        let reader = Reader { source: &self.source, dialect: &self.dialect, xact: &self.xact };
        let dir = self.tablespaces.directory(database.dattablespace, database.oid)?;
        // What is wrong with the map is said when the database is read.
        Some(Map::read(reader, &dir, &mut Findings::default()).filenode(catalog))
    }
}
