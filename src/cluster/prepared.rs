//! Prepared transactions (pg_twophase/*; access/transam/twophase.c).
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::twophase::{self, TwoPhaseFile, TwoPhaseState};
use crate::layout::Layout;
use crate::source::{EntryKind, Source};
use crate::types::{Oid, TimestampTz, Xid};

/// One transaction prepared for two-phase commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Its transaction id.
    pub xid: Xid,
    /// Its global identifier.
    pub gid: String,
    /// When it was prepared.
    pub prepared_at: TimestampTz,
    /// The role that prepared it.
    pub owner: Oid,
    /// Its database.
    pub database: Oid,
    /// Its committed subtransactions.
    pub subxacts: Vec<Xid>,
    /// Everything that its file tells.
    pub state: TwoPhaseState,
}

/// `MaxAllocSize`: no server writes a longer file.
const LONGEST: u64 = 1 << 30;

/// Reads all prepared transactions that have a file, sorted by transaction id. Those prepared
/// since the last checkpoint are in WAL only.
pub(super) fn read(source: &Source, layout: &Layout, findings: &mut Findings) -> Vec<Prepared> {
    let entries = source.list("pg_twophase").unwrap_or_default();
    let files = entries.iter().filter(|entry| entry.kind == EntryKind::File);
    let named = files.filter_map(|entry| Some((entry, twophase::xid_of_name(&entry.name)?.xid())));
    let mut prepared: Vec<_> = named
        .filter_map(|(entry, xid)| {
            one(source, &format!("pg_twophase/{}", entry.name), xid, layout, findings)
        })
        .collect();
    prepared.sort_by_key(|prepared| prepared.xid);
    prepared
}

fn one(
    source: &Source,
    path: &str,
    xid: Xid,
    layout: &Layout,
    findings: &mut Findings,
) -> Option<Prepared> {
    let mut found = |rule, evidence: String| {
        let place = Place { object: Some(format!("transaction {xid}")), ..Place::file(path) };
        findings.push(Finding::new(rule, place, evidence));
    };
    let bytes = source.read(path, LONGEST);
    let bytes = bytes.map_err(|error| found(&rules::FILE_UNREADABLE, error.kind.to_string()));
    let file = TwoPhaseFile::parse(&bytes.ok()?, layout);
    let file = file.map_err(|error| found(&rules::TWOPHASE_FORMAT, error.to_string())).ok()?;
    if !file.is_sound() {
        let (crc, computed) = (file.crc, file.computed_crc);
        let (total, len) = (file.state.total_len, file.len);
        let evidence =
            format!("CRC is {crc:08X}, computed {computed:08X}; length is {total}, found {len}");
        found(&rules::TWOPHASE_CHECKSUM, evidence);
    }
    if file.state.xid != xid {
        let evidence = format!("it is about transaction {}, its name says {xid}", file.state.xid);
        found(&rules::TWOPHASE_NAME, evidence);
    }
    let state = file.state;
    Some(Prepared {
        xid,
        gid: state.gid.clone(),
        prepared_at: state.prepared_at,
        owner: state.owner,
        database: state.database,
        subxacts: state.subxacts.clone(),
        state,
    })
}
