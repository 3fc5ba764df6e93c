//! A data directory, understood: version and geometry, catalogs, names, transaction status.
mod catalog;
mod database;
mod keys;
mod manifest;
mod open;
mod options;
mod prepared;
mod probe;
mod quote;
mod recovery;
mod relation;
mod selector;
mod settings;
mod slots;
mod tablespace;
mod values;
mod xact;

pub use catalog::{Attribute, Constraint, Extension, IndexFlags, Inheritance, Type, Types};
pub use database::Database;
pub use keys::{BrinColumn, BrinValue, GinKey, IndexColumn, IndexShape};
pub use options::{OpenError, OpenOptions};
pub use prepared::Prepared;
pub use probe::dialect_of_wal;
pub use recovery::Recovery;
pub use relation::{Persistence, RelKind, Relation, Unseen};
pub use selector::{BlockSelector, SelectError, Selector};
pub use settings::{Setting, Settings, Unit};
pub use slots::Slot;
pub use tablespace::{Tablespace, Tablespaces};
pub use values::Values;
pub use xact::{MultiXactError, Overlay, TransactionLog, TxStatus};

use crate::finding::Findings;
use crate::format::control::ControlFile;
use crate::layout::Dialect;
use crate::report::Input;
use crate::source::relation::RelationFiles;
use crate::source::{Kind, ReadError, ReadErrorKind, Source};
use crate::types::{Fork, FullXid, Lsn, Oid};
use catalog::{Loaded, Shared};
use std::sync::{Arc, OnceLock};

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
    shared: Shared,
    /// What the catalogs of each database tell, once it was asked for.
    loaded: Vec<OnceLock<Loaded>>,
    /// The relation that the input is, if it is one file of a relation.
    alone: Vec<Relation>,
    /// What was found wrong while opening.
    opening: Findings,
    /// What was found wrong with the shared catalogs then.
    of_shared: Findings,
}

impl Cluster {
    /// Where its bytes are had from.
    pub const fn source(&self) -> &Arc<Source> {
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
        let mut findings = self.opening.clone();
        findings.merge(self.of_shared.clone());
        findings.merge(self.xact.unreadable());
        for loaded in self.loaded.iter().filter_map(OnceLock::get) {
            findings.merge(loaded.findings.clone());
        }
        findings
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

    /// The next transaction id of a cluster that was stopped cleanly: no page is ahead of it.
    pub fn next_xid_after_shutdown(&self) -> Option<FullXid> {
        let clean = self.control().is_some_and(|control| control.state.is_clean());
        Some(self.xact().next_xid()).filter(|next| clean && next.0 > 0)
    }

    /// Where recovery will begin; `None` if the files are consistent as they are.
    pub fn recovery_from(&self) -> Option<Lsn> {
        match (&self.recovery.backup_label, self.control()) {
            (Some(label), _) => Some(label.start_wal_location),
            (None, Some(control)) if control.state.is_clean() => None,
            (None, Some(control)) => Some(control.check_point_copy.redo),
            // Without pg_control nothing tells, so no page is beyond doubt.
            (None, None) => Some(Lsn::INVALID),
        }
    }

    /// Whether a page with this LSN is of the moment where recovery begins, and so agrees with
    /// others of that moment: later ones are as they happened to be written, and may be ahead of
    /// pg_xact, pg_multixact and the catalogs. Recovery empties unlogged relations, whose LSNs are
    /// counted apart.
    pub fn is_settled(&self, persistence: Persistence, lsn: Lsn) -> bool {
        let logged = persistence == Persistence::Permanent;
        self.recovery_from().is_none_or(|redo| logged && lsn < redo)
    }

    /// What became of its transactions.
    pub const fn xact(&self) -> &TransactionLog {
        &self.xact
    }

    /// Its databases, by oid.
    pub fn databases(&self) -> &[Database] {
        &self.shared.databases
    }

    /// The name of a tablespace.
    pub fn tablespace_name(&self, tablespace: Oid) -> Option<&str> {
        match tablespace {
            Oid::DEFAULT_TABLESPACE => Some("pg_default"),
            Oid::GLOBAL_TABLESPACE => Some("pg_global"),
            oid => self.shared.tablespaces.get(&oid).map(String::as_str),
        }
    }

    /// The name of a role.
    pub fn role_name(&self, role: Oid) -> Option<&str> {
        self.shared.roles.get(&role).map(String::as_str)
    }

    /// The relations of one database by oid, without the shared ones, which are those of `Oid(0)`:
    /// these as the pg_class of the first database has them that could be read. Of an input that
    /// is one file, the relation of `Oid(0)` is that file. Read when first asked for; empty for a
    /// database that is not there.
    pub fn relations(&self, database: Oid) -> &[Relation] {
        if database.is_valid() {
            return self.loaded(database).map_or(&[], |loaded| &loaded.relations);
        }
        if self.source.kind() == Kind::File {
            return &self.alone;
        }
        let all = self.databases().iter().filter_map(|database| self.loaded(database.oid));
        let mut readable = all.filter(|loaded| !loaded.shared.is_empty());
        readable.next().map_or(&[], |loaded| &loaded.shared)
    }

    /// Rows of one database's pg_class that do not count, for files that no other row has: by
    /// transactions that had not committed, or that dropped or rewrote the relation.
    pub fn unseen(&self, database: Oid) -> &[Unseen] {
        self.loaded(database).map_or(&[], |loaded| &loaded.unseen)
    }

    /// Whether the pg_class of a database could be read to its end: then each file that no row
    /// has is an orphan, and no relation whose name is lost.
    pub fn is_complete(&self, database: Oid) -> bool {
        self.loaded(database).is_some_and(|loaded| loaded.complete)
    }

    fn loaded(&self, oid: Oid) -> Option<&Loaded> {
        let databases = self.databases();
        let at = databases.binary_search_by_key(&oid, |database| database.oid).ok()?;
        let (database, place) = (databases.get(at)?, self.loaded.get(at)?);
        let dir = || self.tablespaces.directory(database.dattablespace, oid);
        Some(place.get_or_init(|| match dir() {
            Some(dir) => self.load(database, &dir),
            None => Loaded::default(),
        }))
    }

    /// The relation of that oid in a database; with `Oid(0)`, among the shared ones.
    pub fn relation(&self, database: Oid, oid: Oid) -> Option<&Relation> {
        let relations = self.relations(database);
        let at = relations.binary_search_by_key(&oid, |relation| relation.oid).ok()?;
        relations.get(at)
    }

    /// `db.schema.table`, quoted where PostgreSQL would quote; a TOAST table with its owner.
    pub fn name_of(&self, relation: &Relation) -> String {
        let parts = [&relation.database_name, &relation.schema, &relation.name];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        let name = parts.map(|part| quote::part(part)).collect::<Vec<_>>().join(".");
        let owner = relation.owner_relation.filter(|_| relation.kind == RelKind::Toast);
        match owner.and_then(|owner| self.relation(relation.database, owner)) {
            Some(owner) => {
                let (schema, table) = (quote::part(&owner.schema), quote::part(&owner.name));
                format!("{name} (TOAST of {schema}.{table})")
            }
            None => name,
        }
    }

    /// The files of one fork of a relation; none at all is no error.
    ///
    /// # Errors
    /// If their directory cannot be listed.
    pub fn files(&self, relation: &Relation, fork: Fork) -> Result<RelationFiles<'_>, ReadError> {
        let geometry = &self.dialect.geometry;
        let (block_size, segment_blocks) = (geometry.block_size, geometry.segment_blocks);
        if let Some(file) = self.source.single_file() {
            return RelationFiles::of_file(&self.source, file, block_size, segment_blocks);
        }
        let number = relation.locator.number;
        let dir = self.directory_of(relation).ok_or_else(|| {
            let path = format!("pg_tblspc/{}", relation.locator.tablespace);
            ReadError::new(path, ReadErrorKind::Absent)
        })?;
        let of = (relation.temporary_of(), number);
        RelationFiles::of_backend(&self.source, &dir, of, fork, (block_size, segment_blocks))
    }

    /// The directory that a relation's files are in, such as `base/5`; `None` if it is in a
    /// tablespace that is out of reach.
    pub fn directory_of(&self, relation: &Relation) -> Option<String> {
        self.tablespaces.directory(relation.locator.tablespace, relation.locator.database)
    }
}
