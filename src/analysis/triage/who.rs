//! What kind of directory it is, and how its server ended.
use super::{Evidence, seconds};
use crate::format::control::ClusterState;
use crate::report::triage::{Ended, Kind, Who};
use crate::types::TimestampTz;

pub(super) fn who(evidence: &Evidence<'_>) -> Who {
    let cluster = evidence.cluster;
    let input = cluster.input();
    let (kind, because) = kind(evidence);
    Who {
        kind,
        because,
        system_identifier: input.system_identifier,
        postgres: cluster.dialect().layout.version.major(),
        timeline: cluster.control().map(|control| control.check_point_copy.this_timeline_id),
        databases: cluster.databases().len() as u64,
        bytes: evidence.files.iter().map(|file| file.len).sum(),
    }
}

fn kind(evidence: &Evidence<'_>) -> (Kind, String) {
    let cluster = evidence.cluster;
    let recovery = cluster.recovery();
    if let Some(pid) = cluster.source().live() {
        return (Kind::Live, format!("process {pid}; pages may be torn"));
    }
    if let Some(label) = &recovery.backup_label {
        return match label.incremental_from_lsn {
            Some(from) => (Kind::IncrementalBackup, format!("of what changed since {from}")),
            None => (Kind::BaseBackup, "backup_label is there".to_owned()),
        };
    }
    let Some(control) = cluster.control() else {
        return (Kind::Unknown, "pg_control cannot be read".to_owned());
    };
    let standby =
        matches!(control.state, ClusterState::InArchiveRecovery | ClusterState::ShutDownInRecovery);
    match () {
        () if recovery.standby_signal => (Kind::Standby, "standby.signal is there".to_owned()),
        () if recovery.recovery_signal => {
            (Kind::RestoredCopy, "recovery.signal is there".to_owned())
        }
        () if standby => (Kind::Standby, format!("pg_control says {}", control.state)),
        () => (Kind::Primary, "no signal file, no backup_label".to_owned()),
    }
}

pub(super) fn ended(evidence: &Evidence<'_>) -> Ended {
    let control = evidence.cluster.control();
    let checkpoint_time =
        control.and_then(|control| TimestampTz::of_unix(control.check_point_copy.time));
    let end = evidence.replay.end.as_ref();
    let last = end.and_then(|end| end.last_completed.as_ref()).map(|last| last.time);
    let behind = end.and_then(|end| end.lost.as_ref()).and_then(|of| of.until);
    let clean = control.map(|control| control.state.is_clean());
    let checkpoint = checkpoint_time.map(|time| format!("; last checkpoint {}", seconds(time)));
    let transaction = last.map(|time| format!("; last transaction in WAL {}", seconds(time)));
    let how = match (control, clean) {
        (None, _) => "nobody knows: pg_control cannot be read".to_owned(),
        (Some(control), Some(true)) => format!("stopped cleanly ({})", control.state),
        (Some(control), _) if evidence.cluster.source().live().is_some() => {
            format!("not at all: it is {}", control.state)
        }
        (Some(control), _) if evidence.cluster.recovery().backup_label.is_some() => {
            format!("copied while its server ran ({})", control.state)
        }
        (Some(control), _) => format!("not stopped cleanly ({})", control.state),
    };
    let parts = [Some(how), checkpoint, transaction];
    Ended {
        clean,
        state: control.map(|control| control.state.to_string()),
        checkpoint_time,
        last_transaction: last.max(behind),
        sentence: parts.into_iter().flatten().collect::<String>() + ".",
    }
}
