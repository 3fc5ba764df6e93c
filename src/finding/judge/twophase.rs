//! Judging a prepared transaction (`ReadTwoPhaseFile`, `ProcessTwoPhaseBuffer`,
//! access/transam/twophase.c).
use crate::finding::rules::{TWOPHASE_CHECKSUM, TWOPHASE_FUTURE, TWOPHASE_NAME};
use crate::finding::{Finding, Place, Rule};
use crate::format::twophase::TwoPhaseFile;
use crate::types::FullXid;

/// Everything wrong with `prepared`, which was read from `file`. `named` is the transaction that
/// the file is named for, `next` the cluster's next one; `None` where that is not known.
pub fn twophase(
    file: &str,
    prepared: &TwoPhaseFile,
    named: Option<FullXid>,
    next: Option<FullXid>,
) -> Vec<Finding> {
    let state = &prepared.state;
    let place = Place {
        object: Some(format!("prepared transaction {:?}", state.gid)),
        ..Place::file(file)
    };
    let found = |rule: &'static Rule, evidence| Finding::new(rule, place.clone(), evidence);
    let mut findings = Vec::new();
    if !prepared.is_sound() {
        let evidence = format!(
            "CRC is {:08X}, computed {:08X}; total_len is {}, the file has {}",
            prepared.crc, prepared.computed_crc, state.total_len, prepared.len
        );
        findings.push(found(&TWOPHASE_CHECKSUM, evidence));
    }
    if named.is_some_and(|named| named.xid() != state.xid) {
        findings.push(found(&TWOPHASE_NAME, format!("it holds transaction {}", state.xid)));
    }
    if let Some(next) = next
        && !state.xid.precedes(next.xid())
    {
        let evidence = format!("transaction {}, next is {}", state.xid, next.xid());
        findings.push(
            found(&TWOPHASE_FUTURE, evidence).says(format!(
                "removing future two-phase state file for transaction {}",
                state.xid
            )),
        );
    }
    findings
}
