//! Replication slots (pg_replslot/NAME/state; replication/slot.c).
use crate::finding::{Finding, Findings, Place, judge, rules};
use crate::format::slot::{Persistency, SlotState};
use crate::source::{EntryKind, Source};
use crate::types::{Lsn, Oid, Xid};

/// One replication slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its name: that of its directory.
    pub name: String,
    /// Database of a logical slot; 0 for a physical one.
    pub database: Oid,
    /// The oldest transaction whose rows must stay; 0 for none.
    pub xmin: Xid,
    /// The same for rows of catalogs; 0 for none.
    pub catalog_xmin: Xid,
    /// WAL from here on must stay.
    pub restart_lsn: Lsn,
    /// Whether it holds back anything: neither invalidated nor about to be removed at the next
    /// start (`StartupReplicationSlots`).
    pub in_force: bool,
    /// Everything that its file holds.
    pub state: SlotState,
}

/// More than the state of any slot.
const LONGEST: u64 = 64 << 10;

/// Reads all slots, sorted by name.
pub(super) fn read(source: &Source, findings: &mut Findings) -> Vec<Slot> {
    let entries = source.list("pg_replslot").unwrap_or_default();
    // A slot that is being created or dropped has a directory ending in .tmp, which a start removes.
    let slots = entries.iter().filter(|entry| {
        entry.kind == EntryKind::Directory && !entry.name.as_bytes().ends_with(b".tmp")
    });
    slots.filter_map(|entry| slot(source, &entry.name, findings)).collect()
}

fn slot(source: &Source, name: &str, findings: &mut Findings) -> Option<Slot> {
    let path = format!("pg_replslot/{name}/state");
    let mut found = |rule, evidence: String| {
        let place = Place { object: Some(name.to_owned()), ..Place::file(&*path) };
        findings.push(Finding::new(rule, place, evidence));
    };
    let bytes = source.read(&path, LONGEST);
    let bytes = bytes.map_err(|error| found(&rules::FILE_UNREADABLE, error.kind.to_string()));
    let state = SlotState::parse(&bytes.ok()?);
    let state = state.map_err(|error| found(&rules::SLOT_FORMAT, error.to_string())).ok()?;
    for finding in judge::slot(&path, name, &state) {
        findings.push(finding);
    }
    Some(Slot {
        name: name.to_owned(),
        database: state.database,
        xmin: state.xmin,
        catalog_xmin: state.catalog_xmin,
        restart_lsn: state.restart_lsn,
        in_force: state.persistency == Persistency::Persistent && !state.is_invalidated(),
        state,
    })
}
