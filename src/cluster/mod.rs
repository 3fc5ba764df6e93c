//! A data directory, understood: version and geometry, catalogs, names, transaction status.
mod database;
mod open;
mod options;
mod prepared;
mod probe;
mod recovery;
mod relation;
mod selector;
mod settings;
mod slots;
mod tablespace;
mod xact;

pub use database::Database;
pub use options::{OpenError, OpenOptions};
pub use prepared::Prepared;
pub use recovery::Recovery;
pub use relation::{Persistence, RelKind, Relation};
pub use selector::{BlockSelector, SelectError, Selector};
pub use settings::{Setting, Settings};
pub use slots::Slot;
pub use tablespace::{Tablespace, Tablespaces};
pub use xact::{MultiXactError, TransactionLog, TxStatus};

use crate::finding::Findings;
use crate::format::control::ControlFile;
use crate::layout::Dialect;
use crate::report::Input;
use crate::source::relation::RelationFiles;
use crate::source::{ReadError, Source};
use crate::types::{Fork, Oid};
use std::sync::Arc;

/// An open cluster. Catalogs of a database are read when first asked for, then kept.
#[derive(Debug)]
pub struct Cluster {
    source: Arc<Source>,
    dialect: Dialect,
    input: Input,
    control: Option<ControlFile>,
    settings: Settings,
    slots: Vec<Slot>,
    prepared: Vec<Prepared>,
    recovery: Recovery,
    tablespaces: Tablespaces,
    xact: TransactionLog,
    databases: Vec<Database>,
    /// What was found wrong while opening.
    opening: Findings,
}

impl Cluster {
    /// Where its bytes are had from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// How its bytes are read.
    pub const fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// What a report says about its input.
    pub fn input(&self) -> Input {
        self.input.clone()
    }

    /// pg_control as it decodes, even if its CRC does not fit ([`ControlFile::crc_ok`]).
    pub const fn control(&self) -> Option<&ControlFile> {
        self.control.as_ref()
    }

    /// What was found wrong while opening it and reading its catalogs, as far as they were read
    /// until now: those of the cluster first, then by database in the order of their oids.
    pub fn findings(&self) -> Findings {
        self.opening.clone()
    }

    /// Its settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Its replication slots, by name.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Its prepared transactions that have a file, by transaction id.
    pub fn prepared(&self) -> &[Prepared] {
        &self.prepared
    }

    /// What the next start would recover by.
    pub const fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    /// Its tablespaces, beside the two that every cluster has.
    pub const fn tablespaces(&self) -> &Tablespaces {
        &self.tablespaces
    }

    /// What became of its transactions.
    pub const fn xact(&self) -> &TransactionLog {
        &self.xact
    }

    /// Its databases, by oid.
    pub fn databases(&self) -> &[Database] {
        &self.databases
    }

    /// The relations of one database by oid, without the shared ones, which are those of `Oid(0)`.
    /// Read when first asked for; empty for a database that is not there.
    pub fn relations(&self, _database: Oid) -> &[Relation] {
        &[]
    }

    /// `db.schema.table`, quoted where PostgreSQL would quote; a TOAST table with its owner.
    pub fn name_of(&self, relation: &Relation) -> String {
        format!("{}.{}.{}", relation.database_name, relation.schema, relation.name)
    }

    /// The relations that any of `selectors` means, each once, by database and oid.
    ///
    /// # Errors
    /// If one of them means nothing here, or more than it may.
    pub fn select(&self, _selectors: &[Selector]) -> Result<Vec<&Relation>, SelectError> {
        Ok(Vec::new())
    }

    /// The files of one fork of a relation; none at all is no error.
    ///
    /// # Errors
    /// If their directory cannot be listed.
    pub fn files(&self, relation: &Relation, fork: Fork) -> Result<RelationFiles<'_>, ReadError> {
        let geometry = &self.dialect.geometry;
        let dir = self.directory_of(relation);
        let (block_size, segment_blocks) = (geometry.block_size, geometry.segment_blocks);
        let number = relation.locator.number;
        RelationFiles::discover(&self.source, &dir, number, fork, block_size, segment_blocks)
    }

    /// The directory that a relation's files are in, such as `base/5`.
    pub fn directory_of(&self, relation: &Relation) -> String {
        format!("base/{}", relation.locator.database)
    }
}
