//! backup_label as startup reads it (`read_backup_label`, access/transam/xlogrecovery.c).
use crate::cluster::Cluster;
use crate::format::wal::SegmentName;
use crate::report::replay::Refusal;
use crate::types::{Lsn, TimelineId};

/// What startup takes from it.
#[derive(Debug)]
pub(super) struct Label {
    pub(super) redo: Lsn,
    pub(super) checkpoint: Lsn,
    pub(super) timeline: TimelineId,
    /// Whether the record that ends the backup has to be seen.
    pub(super) end_required: bool,
    pub(super) from_standby: bool,
}

/// Reads it, if it is there.
pub(super) fn read(cluster: &Cluster) -> Result<Option<Label>, Refusal> {
    let invalid = || Refusal::fatal("invalid data in file \"backup_label\"");
    let Some(label) = &cluster.recovery().backup_label else {
        let is_there = cluster.source().file("backup_label").is_ok();
        return if is_there { Err(invalid()) } else { Ok(None) };
    };
    let name = SegmentName::parse(&label.start_wal_file).ok_or_else(invalid)?;
    let timeline = name.timeline;
    if let Some(found) = label.start_timeline.filter(|found| *found != timeline) {
        return Err(
            invalid().detail(format!("Timeline ID parsed is {found}, but expected {timeline}."))
        );
    }
    if label.incremental_from_lsn.is_some() {
        return Err(Refusal::fatal("this is an incremental backup, not a data directory")
            .hint("Use pg_combinebackup to reconstruct a valid data directory."));
    }
    Ok(Some(Label {
        redo: label.start_wal_location,
        checkpoint: label.checkpoint_location,
        timeline,
        end_required: label.backup_method.as_deref() == Some("streamed"),
        from_standby: label.backup_from.as_deref() == Some("standby"),
    }))
}
