//! `backup_label` (`read_backup_label`, access/transam/xlogrecovery.c): which checkpoint recovery
//! of a base backup starts from, instead of the one in pg_control.
use super::error::{Fault, ParseError};
use crate::types::{Lsn, TimelineId};
use serde::Serialize;

/// A backup label. The server insists on the first two lines; the others may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupLabel {
    /// `START WAL LOCATION`: the checkpoint's redo pointer.
    pub start_wal_location: Lsn,
    /// Name of the WAL segment that holds it.
    pub start_wal_file: String,
    /// `CHECKPOINT LOCATION`: the checkpoint's record.
    pub checkpoint_location: Lsn,
    /// `BACKUP METHOD`: "streamed", "pg_start_backup" (to 14), "pg_rewind".
    pub backup_method: Option<String>,
    /// `BACKUP FROM`: "primary" ("master" to 13) or "standby".
    pub backup_from: Option<String>,
    /// `START TIME`, in the server's log_timezone.
    pub start_time: Option<String>,
    /// `LABEL`.
    pub label: Option<String>,
    /// `START TIMELINE`.
    pub start_timeline: Option<TimelineId>,
    /// `INCREMENTAL FROM LSN` (17 and later): such a directory is no data directory until
    /// pg_combinebackup has made one of it.
    pub incremental_from_lsn: Option<Lsn>,
    /// `INCREMENTAL FROM TLI`.
    pub incremental_from_tli: Option<TimelineId>,
}

impl BackupLabel {
    /// Reads a whole file.
    ///
    /// # Errors
    /// [`Fault::Text`] where the server says `invalid data in file "backup_label"`.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let text = String::from_utf8_lossy(bytes);
        let wrong = |field, form| ParseError {
            at: 0,
            what: "backup_label",
            fault: Fault::Text { field, form },
        };
        let field =
            |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let owned = |name: &str| field(name).map(str::to_owned);
        let timeline = |name: &str| field(name)?.trim().parse().ok().map(TimelineId);
        let start = || {
            let (lsn, file) = field("START WAL LOCATION")?.split_once(" (file ")?;
            Some((lsn.parse().ok()?, file.strip_suffix(')')?.to_owned()))
        };
        let (start_wal_location, start_wal_file) =
            start().ok_or_else(|| wrong("START WAL LOCATION", "LSN (file SEGMENT)"))?;
        let checkpoint_location = field("CHECKPOINT LOCATION")
            .and_then(|lsn| lsn.parse().ok())
            .ok_or_else(|| wrong("CHECKPOINT LOCATION", "LSN"))?;
        Ok(Self {
            start_wal_location,
            start_wal_file,
            checkpoint_location,
            backup_method: owned("BACKUP METHOD"),
            backup_from: owned("BACKUP FROM"),
            start_time: owned("START TIME"),
            label: owned("LABEL"),
            start_timeline: timeline("START TIMELINE"),
            incremental_from_lsn: field("INCREMENTAL FROM LSN").and_then(|lsn| lsn.parse().ok()),
            incremental_from_tli: timeline("INCREMENTAL FROM TLI"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::BackupLabel;
    use crate::types::{Lsn, TimelineId};

    /// As pg_basebackup 18 leaves it.
    const LABEL: &str = "START WAL LOCATION: 0/2000028 (file 000000010000000000000002)\n\
        CHECKPOINT LOCATION: 0/2000080\nBACKUP METHOD: streamed\nBACKUP FROM: primary\n\
        START TIME: 2026-11-20 23:36:06 UTC\nLABEL: pg_basebackup base backup\nSTART TIMELINE: 1\n";

    #[test]
    fn every_line_is_read() {
        let label = BackupLabel::parse(LABEL.as_bytes()).unwrap();
        assert_eq!(label.start_wal_location, Lsn(0x200_0028));
        assert_eq!(label.start_wal_file, "000000010000000000000002");
        assert_eq!(label.checkpoint_location, Lsn(0x200_0080));
        assert_eq!(label.backup_method.as_deref(), Some("streamed"));
        assert_eq!(label.label.as_deref(), Some("pg_basebackup base backup"));
        assert_eq!(label.start_timeline, Some(TimelineId(1)));
        assert_eq!(label.incremental_from_lsn, None);
    }

    #[test]
    fn the_server_insists_on_two_lines() {
        let cut = LABEL.replace("CHECKPOINT LOCATION: 0/2000080\n", "");
        let error = BackupLabel::parse(cut.as_bytes()).unwrap_err();
        let expected = "backup_label at 0x0: CHECKPOINT LOCATION is not text of the form LSN";
        assert_eq!(error.to_string(), expected);
    }
}
