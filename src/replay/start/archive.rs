//! Files that restore_command brings and startup does not take (`RestoreArchivedFile`,
//! access/transam/xlogarchive.c): those that have not the size of a segment. Compressed ones are not
//! judged: what restore_command makes of them is its own affair.
use crate::cluster::Cluster;
use crate::format::wal::SegmentNumber;
use crate::report::replay::Refusal;
use crate::source::SegmentFile;
use crate::wal::Log;

/// What a standby sees: a short file is one that is still being copied into the archive.
pub(super) fn of_standby(log: &Log, cluster: &Cluster) -> Log {
    let wanted = u64::from(log.shape.segment_size);
    log.without(|file| is_odd(file, cluster, wanted) && file.len < wanted)
}

/// Why startup ends when it asks for a segment.
pub(in crate::replay) fn refused(
    log: &Log,
    number: SegmentNumber,
    cluster: &Cluster,
) -> Option<Refusal> {
    let wanted = log.shape.segment_size;
    let file = log.segments().get(&number).filter(|file| is_odd(file, cluster, wanted.into()))?;
    let (name, len) = (number.file_name(file.name.timeline, wanted), file.len);
    Some(Refusal::fatal(format!(
        "archive file \"{name}\" has wrong size: {len} instead of {wanted}"
    )))
}

fn is_odd(file: &SegmentFile, cluster: &Cluster, wanted: u64) -> bool {
    file.len != wanted && !file.is_in(cluster.source()) && !file.is_compressed()
}
