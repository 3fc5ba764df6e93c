//! Prepared transactions (pg_twophase/*; access/transam/twophase.c).
use crate::finding::{Finding, Findings, Place, judge, rules};
use crate::format::twophase::{self, TwoPhaseFile, TwoPhaseState};
use crate::layout::Layout;
use crate::source::{EntryKind, Source};
use crate::types::{FullXid, Oid, TimestampTz, Xid};

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

/// What the files are read by and judged against.
pub(super) struct Reader<'s> {
    pub(super) source: &'s Source,
    pub(super) layout: &'static Layout,
    /// The cluster's next transaction, if pg_control tells.
    pub(super) next: Option<FullXid>,
}

impl Reader<'_> {
    /// Reads all prepared transactions that have a file, sorted by transaction id. Those prepared
    /// since the last checkpoint are in WAL only.
    pub(super) fn read(&self, findings: &mut Findings) -> Vec<Prepared> {
        let entries = self.source.list("pg_twophase").unwrap_or_default();
        let files = entries.iter().filter(|entry| entry.kind == EntryKind::File);
        let named = files.filter_map(|entry| Some((entry, twophase::xid_of_name(&entry.name)?)));
        let mut prepared: Vec<_> = named
            .filter_map(|(entry, named)| {
                self.one(&format!("pg_twophase/{}", entry.name), named, findings)
            })
            .collect();
        prepared.sort_by_key(|prepared| prepared.xid);
        prepared
    }

    fn one(&self, path: &str, named: FullXid, findings: &mut Findings) -> Option<Prepared> {
        let xid = named.xid();
        let mut found = |rule, evidence: String| {
            let place = Place { object: Some(format!("transaction {xid}")), ..Place::file(path) };
            findings.push(Finding::new(rule, place, evidence));
        };
        let bytes = self.source.read(path, LONGEST);
        let bytes = bytes.map_err(|error| found(&rules::FILE_UNREADABLE, error.kind.to_string()));
        let file = TwoPhaseFile::parse(&bytes.ok()?, self.layout);
        let file = file.map_err(|error| found(&rules::TWOPHASE_FORMAT, error.to_string())).ok()?;
        for finding in judge::twophase(path, &file, Some(named), self.next) {
            findings.push(finding);
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
}
