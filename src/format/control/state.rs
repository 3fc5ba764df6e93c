//! `DBState` (catalog/pg_control.h): what the server was doing when it last wrote pg_control.
use std::fmt;

/// State of a cluster. Displays in pg_controldata's words (`dbState`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClusterState {
    /// `DB_STARTUP`.
    StartingUp,
    /// `DB_SHUTDOWNED`: stopped cleanly.
    ShutDown,
    /// `DB_SHUTDOWNED_IN_RECOVERY`: a standby, stopped cleanly.
    ShutDownInRecovery,
    /// `DB_SHUTDOWNING`.
    ShuttingDown,
    /// `DB_IN_CRASH_RECOVERY`.
    InCrashRecovery,
    /// `DB_IN_ARCHIVE_RECOVERY`.
    InArchiveRecovery,
    /// `DB_IN_PRODUCTION`.
    InProduction,
    /// No state that any release has.
    Unknown(u32),
}

impl ClusterState {
    /// Whether the files are as a finished shutdown leaves them.
    pub const fn is_clean(self) -> bool {
        matches!(self, Self::ShutDown | Self::ShutDownInRecovery)
    }
}

impl From<u32> for ClusterState {
    fn from(state: u32) -> Self {
        match state {
            0 => Self::StartingUp,
            1 => Self::ShutDown,
            2 => Self::ShutDownInRecovery,
            3 => Self::ShuttingDown,
            4 => Self::InCrashRecovery,
            5 => Self::InArchiveRecovery,
            6 => Self::InProduction,
            other => Self::Unknown(other),
        }
    }
}

impl fmt::Display for ClusterState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::StartingUp => "starting up",
            Self::ShutDown => "shut down",
            Self::ShutDownInRecovery => "shut down in recovery",
            Self::ShuttingDown => "shutting down",
            Self::InCrashRecovery => "in crash recovery",
            Self::InArchiveRecovery => "in archive recovery",
            Self::InProduction => "in production",
            Self::Unknown(_) => "unrecognized status code",
        })
    }
}

impl serde::Serialize for ClusterState {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
