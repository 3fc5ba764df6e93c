//! Opening a cluster: everything but the catalogs of its databases is read here.
use super::catalog::{self, Shared, by_filenode};
use super::probe::Probe;
use super::recovery::Recovery;
use super::settings::Settings;
use super::tablespace::Tablespaces;
use super::xact::TransactionLog;
use super::{
    Cluster, OpenError, OpenOptions, Overlay, RelKind, Relation, manifest, prepared, probe, slots,
};
use crate::finding::{Findings, of_archives};
use crate::report::Input;
use crate::source::Source;
use crate::source::relation::RelationFileName;
use crate::types::{Oid, RelFileLocator, RelFileNumber};
use std::sync::{Arc, OnceLock};

impl Cluster {
    /// Opens what `source` holds.
    ///
    /// # Errors
    /// Only if nothing of it could be read: damage is found, not refused.
    pub fn open(source: Source, options: &OpenOptions) -> Result<Self, OpenError> {
        let source = Arc::new(source);
        let probe = Probe::run(&source, options)?;
        let (dialect, layout) = (probe.dialect, probe.dialect.layout);
        let usable = probe.control.as_ref().filter(|_| probe.control_usable);
        let mut findings = probe.findings;
        of_archives(&source).for_each(|finding| findings.push(finding));
        let settings = Settings::read(&source, layout, &mut findings);
        let slots = slots::read(&source, &mut findings);
        let next = usable.map(|control| control.check_point_copy.next_xid);
        let prepared = prepared::Reader { source: &source, layout, next }.read(&mut findings);
        let recovery = Recovery::read(&source, &mut findings);
        manifest::check(&source, &mut findings);
        let catalog_version =
            usable.map_or(layout.catalog_version, |control| control.catalog_version_no);
        let tablespaces =
            Tablespaces::discover(&source, layout.version, catalog_version, &mut findings);
        let of_prepared =
            prepared.iter().flat_map(|one| std::iter::once(one.xid).chain(one.subxacts.clone()));
        let xact = TransactionLog::new(&source, dialect, usable, of_prepared.collect());
        let mut of_shared = Findings::default();
        let (shared, alone) = match source.single_file() {
            Some(name) if probe.control.is_none() => {
                (Shared::default(), vec![alone(&source, name, dialect.geometry.block_size)])
            }
            Some(_) => (Shared::default(), Vec::new()),
            None => (catalog::shared(&source, &dialect, &xact, &mut of_shared), Vec::new()),
        };
        if source.single_file().is_none() {
            findings.merge(xact.check());
        }
        let loaded = shared.databases.iter().map(|_| OnceLock::new()).collect();
        let notes = [live(&source), probe.notes, guessed(&xact), recovery.notes()].concat();
        let input = Input {
            path: source.input().display().to_string(),
            kind: source.describe().to_owned(),
            postgres: Some(layout.version.major()),
            system_identifier: probe.system_identifier.map(|identifier| identifier.to_string()),
            state: usable.map(|control| control.state.to_string()),
            notes,
        };
        Ok(Self {
            source,
            dialect,
            input,
            control: probe.control,
            settings,
            slots,
            prepared,
            recovery,
            tablespaces,
            xact,
            shared,
            loaded,
            alone,
            opening: findings,
            of_shared,
        })
    }

    /// The same cluster with its transactions as recovery would leave them: what `overlay` says goes
    /// before pg_xact and pg_multixact, and catalogs are read again by it. `note` says so.
    #[must_use]
    pub fn after_recovery(mut self, overlay: Overlay, note: String) -> Self {
        self.xact = self.xact.after_recovery(overlay);
        self.of_shared = Findings::default();
        let (source, dialect) = (&self.source, &self.dialect);
        self.shared = catalog::shared(source, dialect, &self.xact, &mut self.of_shared);
        self.loaded = self.shared.databases.iter().map(|_| OnceLock::new()).collect();
        self.noted(note)
    }

    /// The same cluster, with one more sentence that a reader must know before the numbers.
    #[must_use]
    pub fn noted(mut self, note: String) -> Self {
        self.input.notes.push(note);
        self
    }
}

fn live(source: &Source) -> Vec<String> {
    let note = |pid| {
        format!(
            "A server is running on this directory (process {pid}): pages may be torn, and numbers from different moments."
        )
    };
    source.live().map(note).into_iter().collect()
}

/// That the counters are not those of pg_control.
fn guessed(xact: &TransactionLog) -> Vec<String> {
    let (xid, multi) = (xact.next_xid().xid(), xact.next_multi());
    let note = format!(
        "The next transaction id ({xid}) and multixact ({multi}) are guessed from pg_xact and pg_multixact: they are at least that, and so is every age."
    );
    if xact.is_guessed() && xid.is_normal() { vec![note] } else { Vec::new() }
}

/// The relation that a single file is a segment of.
fn alone(source: &Source, name: &str, block_size: u32) -> Relation {
    let number = RelationFileName::parse(name).map_or(RelFileNumber(0), |parsed| parsed.number);
    let (tablespace, database) = (Oid::DEFAULT_TABLESPACE, Oid::INVALID);
    let locator = RelFileLocator { tablespace, database, number };
    let mut scratch = Vec::new();
    let first = source.file(name).and_then(|file| {
        let page = file.window(0..block_size.into(), &mut scratch)?;
        Ok(probe::looks_like_heap(page))
    });
    let kind = if first.unwrap_or(false) { RelKind::Table } else { RelKind::Unknown(0) };
    Relation { name: name.to_owned(), ..by_filenode(locator, kind) }
}
