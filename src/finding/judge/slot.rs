//! Judging a replication slot (`RestoreSlotFromDisk`, replication/slot.c).
use crate::finding::rules::{SLOT_CHECKSUM, SLOT_INVALIDATED, SLOT_NAME, SLOT_NOT_PERSISTENT};
use crate::finding::{Finding, Place, Rule};
use crate::format::slot::{Persistency, SlotState};

/// Everything wrong with `slot`, which was read from `file` in the directory called `directory`.
pub fn slot(file: &str, directory: &str, slot: &SlotState) -> Vec<Finding> {
    let place = Place { object: Some(format!("slot {}", slot.name)), ..Place::file(file) };
    let found = |rule: &'static Rule, evidence| Finding::new(rule, place.clone(), evidence);
    let mut findings = Vec::new();
    if !slot.checksum_ok() {
        let (stored, computed) = (slot.checksum, slot.computed_checksum);
        let evidence = format!("checksum is {stored}, computed {computed}");
        findings.push(found(&SLOT_CHECKSUM, evidence).says(format!(
            "checksum mismatch for replication slot file \"{file}\": is {computed}, should be {stored}"
        )));
    }
    if slot.name != directory {
        findings.push(found(&SLOT_NAME, format!("it is in the directory {directory}")));
    }
    if slot.persistency != Persistency::Persistent {
        findings.push(found(&SLOT_NOT_PERSISTENT, format!("persistency {:?}", slot.persistency)));
    }
    if slot.is_invalidated() {
        let evidence = match (slot.invalidated, slot.invalidated_at) {
            (Some(cause), _) => format!("cause {cause}"),
            (None, Some(at)) => format!("its restart_lsn was {at}"),
            (None, None) => String::new(),
        };
        findings.push(found(&SLOT_INVALIDATED, evidence));
    }
    findings
}
