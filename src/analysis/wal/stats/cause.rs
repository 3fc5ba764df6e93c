//! What each type of record is there for. docs/wal.md says the same in words.
use crate::format::wal::rmgr::{self, NAMES};
use crate::layout::Layout;
use crate::report::wal::stats::Cause;

/// The cause of a type of record, of records that were not replicated. `info` has the four upper
/// bits alone.
pub(super) fn of(rmid: u8, info: u8, layout: &Layout) -> Cause {
    let manager = NAMES.get(usize::from(rmid)).copied().unwrap_or_default();
    let record = rmgr::identify(rmid, info, layout).unwrap_or_default();
    let record = record.strip_suffix("+INIT").unwrap_or(record);
    match manager {
        "XLOG" => xlog(record),
        "Standby" | "ReplicationOrigin" => Cause::Replication,
        "Transaction" if ["ASSIGNMENT", "INVALIDATION"].contains(&record) => Cause::Replication,
        "CLOG" | "CommitTs" => slru(record),
        "MultiXact" if record != "CREATE_ID" => slru(record),
        "Storage" if record == "TRUNCATE" => Cause::Vacuum,
        "Heap2" if ["NEW_CID", "REWRITE"].contains(&record) => Cause::Replication,
        "Heap2" if ["MULTI_INSERT", "LOCK_UPDATED"].contains(&record) => Cause::Client,
        // CLEAN, PRUNE and its successors, VACUUM, FREEZE_PAGE, CLEANUP_INFO, VISIBLE.
        "Heap2" => Cause::Vacuum,
        "Heap" if record == "TRUNCATE" => Cause::Replication,
        "Heap" if record == "INPLACE" => Cause::Vacuum,
        _ if cleans_index(manager, record) => Cause::Vacuum,
        _ => Cause::Client,
    }
}

fn xlog(record: &str) -> Cause {
    match record {
        "FPI_FOR_HINT" => Cause::HintBits,
        "FPI" => Cause::WholePages,
        "CHECKPOINT_SHUTDOWN"
        | "CHECKPOINT_ONLINE"
        | "CHECKPOINT_REDO"
        | "END_OF_RECOVERY"
        | "FPW_CHANGE" => Cause::Checkpoint,
        _ => Cause::Server,
    }
}

/// Pages are made by the server as counters advance, and cut by vacuum.
fn slru(record: &str) -> Cause {
    if record.starts_with("TRUNCATE") { Cause::Vacuum } else { Cause::Server }
}

/// Whether index entries of dead tuples go, or pages without entries.
fn cleans_index(manager: &str, record: &str) -> bool {
    let records: &[&str] = match manager {
        "Btree" => &[
            "VACUUM",
            "DELETE",
            "UNLINK_PAGE",
            "UNLINK_PAGE_META",
            "MARK_PAGE_HALFDEAD",
            "REUSE_PAGE",
            "META_CLEANUP",
        ],
        "Hash" => &[
            "DELETE",
            "VACUUM_ONE_PAGE",
            "SPLIT_CLEANUP",
            "UPDATE_META_PAGE",
            "MOVE_PAGE_CONTENTS",
            "SQUEEZE_PAGE",
        ],
        "Gin" => &["VACUUM_PAGE", "VACUUM_DATA_LEAF_PAGE", "DELETE_PAGE"],
        "Gist" => &["DELETE", "PAGE_DELETE", "PAGE_REUSE"],
        "SPGist" => &["VACUUM_LEAF", "VACUUM_ROOT", "VACUUM_REDIRECT"],
        _ => &[],
    };
    records.contains(&record)
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::layout::PgVersion;
    use crate::report::wal::stats::Cause;

    #[test]
    fn types_are_told_apart_in_every_major() {
        for version in PgVersion::ALL {
            let layout = version.layout();
            for (rmid, info, cause) in [
                (0, 0x10, Cause::Checkpoint),
                (0, 0xA0, Cause::HintBits),
                (0, 0xB0, Cause::WholePages),
                (1, 0x00, Cause::Client),
                (1, 0x50, Cause::Replication),
                (8, 0x10, Cause::Replication),
                (9, 0x10, Cause::Vacuum),
                (9, 0x50, Cause::Client),
                (10, 0x80, Cause::Client),
                (10, 0x70, Cause::Vacuum),
                (11, 0x00, Cause::Client),
                (11, 0x70, Cause::Vacuum),
                (200, 0x00, Cause::Client),
            ] {
                assert_eq!(of(rmid, info, layout), cause, "{version} {rmid} {info:#x}");
            }
        }
    }
}
