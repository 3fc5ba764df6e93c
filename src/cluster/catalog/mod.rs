//! The system catalogs, read out of their files: the map tells where pg_class and pg_attribute
//! are, those tell the rest. Rows count by MVCC rules; damage costs the rows it hits.
mod attributes;
mod class;
mod columns;
mod described;
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
pub use described::{Constraint, Extension, Inheritance};
pub(super) use relations::{Loaded, by_filenode};
pub(super) use shared::Shared;
pub use types::{Type, Types};

use super::{Cluster, Database, TransactionLog};
use crate::finding::Findings;
use crate::layout::Dialect;
use crate::source::Source;
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
}
