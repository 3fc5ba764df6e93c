//! What startup checks before it recovers and while it does, and in which words
//! (access/transam/xlog.c; from 15 on access/transam/xlogrecovery.c too).
use super::{Layout, PgVersion};

/// Checks and words that are not the same in all majors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one check, or one choice of words")]
pub struct StartupRules {
    /// From 13: what of the control file is invalid is said.
    pub names_control_fault: bool,
    /// From 13: a recovery target that is not reached is an error.
    pub needs_target: bool,
    /// From 14: settings that are too low for the WAL.
    pub parameters: ParameterWords,
    /// From 14 (in their last minor releases): without a backup_label it is checked, too, that the
    /// redo point can be read.
    pub checks_redo: bool,
    /// From 15: consistency does not wait for the end of a backup that does not require it.
    pub consistent_without_end: bool,
    /// From 15: which kind of record has the wrong timeline is said.
    pub names_record: bool,
    /// From 17: settings are quoted, checkpoints that are not found come with their places, and
    /// standby.signal is proposed beside recovery.signal.
    pub quotes: bool,
    /// From 18: the checkpoint that is on a wrong timeline is that of the backup_label, if there is
    /// one.
    pub judges_label: bool,
    /// To 18: a checkpoint that is not found is a PANIC.
    pub panics: bool,
    /// The default of max_locks_per_transaction.
    pub max_locks: i64,
}

/// What is said of settings that are lower than where the WAL was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterWords {
    /// To 13: "hot standby is not possible"; WAL of wal_level minimal is only warned of.
    HotStandby,
    /// From 14: "recovery aborted", or paused if queries run already.
    Aborts,
}

impl Layout {
    /// What startup of this major checks.
    pub const fn startup(&self) -> StartupRules {
        let in_12 = StartupRules {
            names_control_fault: false,
            needs_target: false,
            parameters: ParameterWords::HotStandby,
            checks_redo: false,
            consistent_without_end: false,
            names_record: false,
            quotes: false,
            judges_label: false,
            panics: true,
            max_locks: 64,
        };
        let in_13 = StartupRules { names_control_fault: true, needs_target: true, ..in_12 };
        let in_14 = StartupRules { parameters: ParameterWords::Aborts, checks_redo: true, ..in_13 };
        let from_15 = StartupRules { consistent_without_end: true, names_record: true, ..in_14 };
        let in_17 = StartupRules { quotes: true, ..from_15 };
        let in_18 = StartupRules { judges_label: true, ..in_17 };
        match self.version {
            PgVersion::V12 => in_12,
            PgVersion::V13 => in_13,
            PgVersion::V14 => in_14,
            PgVersion::V15 | PgVersion::V16 => from_15,
            PgVersion::V17 => in_17,
            PgVersion::V18 => in_18,
            PgVersion::V19 => StartupRules { panics: false, max_locks: 128, ..in_18 },
        }
    }
}
