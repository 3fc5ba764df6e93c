//! Files that steer recovery: timeline histories, backup_label, tablespace_map and the signals.
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::ParseError;
use crate::format::backup_label::BackupLabel;
use crate::format::history::{self, HistoryEntry};
use crate::format::tablespace_map;
use crate::source::{EntryKind, ReadError, Source};
use crate::types::{Oid, TimelineId};

/// What the next start would find to recover by (access/transam/xlogrecovery.c).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovery {
    /// backup_label: the files are a base backup that was never started.
    pub backup_label: Option<BackupLabel>,
    /// tablespace_map: links that the start makes anew.
    pub tablespace_map: Vec<(Oid, String)>,
    /// recovery.signal: recovery from the archive, to a target.
    pub recovery_signal: bool,
    /// standby.signal: a standby.
    pub standby_signal: bool,
    /// Timeline histories in pg_wal, by timeline.
    pub histories: Vec<(TimelineId, Vec<HistoryEntry>)>,
}

/// More than any of these files has.
const LONGEST: u64 = 16 << 20;

impl Recovery {
    /// Reads what is there. What cannot be decoded is found.
    pub(super) fn read(source: &Source, findings: &mut Findings) -> Self {
        let there = |name: &str| source.file(name).is_ok();
        Self {
            backup_label: parsed(source, "backup_label", BackupLabel::parse, findings),
            tablespace_map: parsed(source, "tablespace_map", tablespace_map::parse, findings)
                .unwrap_or_default(),
            recovery_signal: there("recovery.signal"),
            standby_signal: there("standby.signal"),
            histories: histories(source, findings),
        }
    }

    /// What a reader of any report must know.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(label) = &self.backup_label {
            notes.push(format!(
                "There is a backup_label: this is a base backup that was not started yet; recovery starts at {} and makes it consistent.",
                label.start_wal_location
            ));
        }
        if self.standby_signal {
            notes.push("There is a standby.signal: the server would start as a standby.".into());
        } else if self.recovery_signal {
            notes.push(
                "There is a recovery.signal: the server would start with archive recovery.".into(),
            );
        }
        notes
    }
}

/// Parses a file if it is there.
fn parsed<T>(
    source: &Source,
    path: &str,
    parse: impl Fn(&[u8]) -> Result<T, ParseError>,
    findings: &mut Findings,
) -> Option<T> {
    let bytes = source.read(path, LONGEST);
    if bytes.as_ref().is_err_and(ReadError::is_absent) {
        return None;
    }
    let value = bytes
        .map_err(|error| error.kind.to_string())
        .and_then(|bytes| parse(&bytes).map_err(|error| error.to_string()));
    let found = |evidence: String| {
        let rule = &rules::CLUSTER_RECOVERY_FILE_DAMAGED;
        findings.push(Finding::new(rule, Place::file(path), evidence));
    };
    value.map_err(found).ok()
}

fn histories(source: &Source, findings: &mut Findings) -> Vec<(TimelineId, Vec<HistoryEntry>)> {
    let entries = source.list("pg_wal").unwrap_or_default();
    let files = entries.iter().filter(|entry| entry.kind == EntryKind::File);
    files
        .filter_map(|entry| {
            let digits = entry.name.strip_suffix(".history").filter(|digits| digits.len() == 8)?;
            let timeline = TimelineId(u32::from_str_radix(digits, 16).ok()?);
            let path = format!("pg_wal/{}", entry.name);
            Some((timeline, parsed(source, &path, history::parse, findings)?))
        })
        .collect()
}
