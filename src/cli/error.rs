//! Why a command gave no report at all: what happened, where, and what to do.
use super::{UNREADABLE, USAGE};
use crate::cluster::{OpenError, SelectError};
use crate::source::ReadError;

/// No report. Trouble with a part of the input is not this: it is in the report.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub(super) struct CliError {
    what: String,
    hint: Option<String>,
    status: u8,
}

impl CliError {
    /// The command line asks for something that makes no sense.
    pub(super) fn usage(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None, status: USAGE }
    }

    /// The input, or the output, could not be had.
    pub(super) fn unreadable(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None, status: UNREADABLE }
    }

    /// With what to do about it: a whole sentence.
    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says it on stderr as PostgreSQL's tools do, and gives the exit status.
    pub(super) fn report(&self) -> u8 {
        super::output::complain("error", &self.what);
        if let Some(hint) = &self.hint {
            super::output::complain("hint", hint);
        }
        self.status
    }
}

impl From<ReadError> for CliError {
    fn from(error: ReadError) -> Self {
        let absent = error.is_absent();
        let error = Self::unreadable(format!("could not read {error}"));
        if absent && std::env::var_os("PGDATA").is_some() {
            return error.hint("To give selectors for $PGDATA, write -D \"$PGDATA\" before them.");
        }
        error
    }
}

impl From<OpenError> for CliError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Read(error) => error.into(),
            OpenError::Size { .. } => Self::usage(error.to_string()),
            _ => Self::unreadable(error.to_string()),
        }
    }
}

impl From<SelectError> for CliError {
    fn from(error: SelectError) -> Self {
        Self::usage(error.to_string()).hint("pgdissect ls lists what there is.")
    }
}
