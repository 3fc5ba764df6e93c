//! Files that steer recovery: timeline histories, backup_label, tablespace_map and the signals.
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::backup_label::BackupLabel;
use crate::format::history::{self, HistoryEntry};
use crate::format::tablespace_map;
use crate::source::{EntryKind, ReadError, Source};
use crate::types::{Oid, TimelineId};
use std::fmt::Display;

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
        let backup_label = parsed(source, "backup_label", BackupLabel::parse, findings);
        incremental(source, backup_label.as_ref(), findings);
        Self {
            backup_label,
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
        if let Some(label) =
            self.backup_label.as_ref().filter(|label| label.incremental_from_lsn.is_some())
        {
            notes.push(format!(
                "This is an incremental backup, not a data directory: it holds what changed since {}. Use pg_combinebackup to reconstruct a data directory, and look at that.",
                label.incremental_from_lsn.unwrap_or_default()
            ));
        } else if let Some(label) = &self.backup_label {
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

/// Whether it is an incremental backup, by its label or, without one, by its files
/// (`GetIncrementalFilePath`, backup/basebackup_incremental.c).
fn incremental(source: &Source, label: Option<&BackupLabel>, findings: &mut Findings) {
    let mut found = |place, evidence: String| {
        findings.push(
            Finding::new(&rules::INCREMENTAL_BACKUP, place, evidence)
                .says("this is an incremental backup, not a data directory"),
        );
    };
    if let Some(from) = label.and_then(|label| label.incremental_from_lsn) {
        return found(Place::file("backup_label"), format!("INCREMENTAL FROM LSN: {from}"));
    }
    // Every cluster has template1, and even files without a change are in such a backup.
    for dir in ["base/1", "global"] {
        let entries = source.list(dir).unwrap_or_default();
        if let Some(entry) = entries.iter().find(|entry| entry.name.starts_with("INCREMENTAL.")) {
            return found(Place::file(format!("{dir}/{}", entry.name)), "its name".to_owned());
        }
    }
}

/// Parses a file if it is there.
fn parsed<T, E: Display>(
    source: &Source,
    path: &str,
    parse: impl Fn(&[u8]) -> Result<T, E>,
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
            let parse = |bytes: &[u8]| history::parse(bytes, timeline);
            Some((timeline, parsed(source, &path, parse, findings)?))
        })
        .collect()
}
