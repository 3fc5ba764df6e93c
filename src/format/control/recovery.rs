//! The part of `ControlFileData` that says how far recovery must go.
use crate::format::bytes::{flag, skip, u32, u64};
use crate::format::error::Parse;
use crate::types::{Lsn, TimelineId};

/// From `unloggedLSN` to `backupEndRequired`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryPoints {
    /// Next made-up LSN for pages of unlogged relations.
    pub unlogged_lsn: Lsn,
    /// No start before replay has come this far; invalid outside archive recovery.
    pub min_recovery_point: Lsn,
    /// Timeline of it.
    pub min_recovery_point_tli: TimelineId,
    /// Redo pointer of the backup being recovered, invalid once its end was reached.
    pub backup_start_point: Lsn,
    /// End of a backup taken from a standby, invalid once it was reached.
    pub backup_end_point: Lsn,
    /// Whether an end-of-backup record must be seen before the server may start.
    pub backup_end_required: bool,
}

impl RecoveryPoints {
    pub(super) fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, unlogged_lsn) = u64(input)?;
        let (rest, min_recovery_point) = u64(rest)?;
        let (rest, min_recovery_point_tli) = u32(rest)?;
        let (rest, ()) = skip(4)(rest)?;
        let (rest, backup_start_point) = u64(rest)?;
        let (rest, backup_end_point) = u64(rest)?;
        let (rest, backup_end_required) = flag(rest)?;
        let (rest, ()) = skip(3)(rest)?;
        let points = Self {
            unlogged_lsn: Lsn(unlogged_lsn),
            min_recovery_point: Lsn(min_recovery_point),
            min_recovery_point_tli: TimelineId(min_recovery_point_tli),
            backup_start_point: Lsn(backup_start_point),
            backup_end_point: Lsn(backup_end_point),
            backup_end_required,
        };
        Ok((rest, points))
    }
}
