//! What a cluster's state means for whoever starts a server on it.
use crate::format::backup_label::BackupLabel;
use crate::format::control::{ClusterState, ControlFile};

/// What besides pg_control decides what a start would do.
#[derive(Debug, Clone, Default)]
pub struct Circumstances {
    /// `backup_label`, if it is there and can be read.
    pub backup_label: Option<BackupLabel>,
    /// The process id of a postmaster that runs on the directory now.
    pub live: Option<u32>,
}

/// The state, and what it means, in one sentence; a second where another file overrules it.
pub(super) fn explain(control: &ControlFile, circumstances: &Circumstances) -> String {
    let (state, redo) = (control.state, control.check_point_copy.redo);
    let end = &control.recovery;
    let until = if end.min_recovery_point.is_valid() {
        let (point, timeline) = (end.min_recovery_point, end.min_recovery_point_tli);
        format!(", and must reach {point} on timeline {timeline} before the data is consistent")
    } else {
        String::new()
    };
    let meaning = match state {
        ClusterState::ShutDown => "the server was stopped cleanly; no recovery is needed".into(),
        ClusterState::ShutDownInRecovery => {
            format!("a standby was stopped cleanly; replay goes on from {redo}{until}")
        }
        ClusterState::InProduction => {
            format!("the server did not stop cleanly; recovery starts at {redo}")
        }
        ClusterState::ShuttingDown => {
            format!("the server ended while it was being stopped; recovery starts at {redo}")
        }
        ClusterState::StartingUp => {
            format!("the server ended while it was starting; recovery starts at {redo}{until}")
        }
        ClusterState::InCrashRecovery => {
            format!("recovery from a crash was interrupted; it starts again at {redo}")
        }
        ClusterState::InArchiveRecovery => {
            format!("archive recovery or a standby was interrupted; replay starts at {redo}{until}")
        }
        ClusterState::Unknown(code) => format!("code {code} is no state; no server starts on this"),
    };
    let mut sentences = vec![format!("{state}: {meaning}.")];
    sentences.extend(backup(control));
    sentences.extend(circumstances.backup_label.as_ref().map(|label| {
        let at = label.start_wal_location;
        match label.incremental_from_lsn {
            Some(from) => format!(
                "But this is an incremental backup, not a data directory, of what changed since \
                 {from}: no server starts on it until pg_combinebackup has made one of it."
            ),
            None => {
                format!(
                    "But backup_label is there: recovery starts at {at}, which it names, instead."
                )
            }
        }
    }));
    sentences.extend(circumstances.live.map(|pid| {
        format!("A server (process {pid}) is running on it now, so this may be out of date.")
    }));
    sentences.join(" ")
}

/// Whether a backup is being recovered, and what is still missing of it.
fn backup(control: &ControlFile) -> Option<String> {
    let of = &control.recovery;
    if of.backup_end_required {
        let start = of.backup_start_point;
        Some(format!(
            "It is a base backup that began at {start}: WAL up to its end-of-backup record is needed."
        ))
    } else if of.backup_end_point.is_valid() {
        let end = of.backup_end_point;
        Some(format!("It is a base backup of a standby: WAL up to {end} is needed."))
    } else {
        None
    }
}
