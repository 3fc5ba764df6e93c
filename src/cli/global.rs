//! The options that mean the same in every command.
use super::CliError;
use super::{output, progress};
use crate::finding::Severity;
use crate::source::Progress;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Options that mean the same in every command.
#[derive(Debug, clap::Args)]
pub(super) struct Global {
    /// text (the default), json, jsonl (long lists as lines), or csv (one table)
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    #[arg(help_heading = "Output", hide_possible_values = true, hide_default_value = true)]
    pub(super) format: Format,

    /// With --format csv, the table to write; the first if not given
    #[arg(long, global = true, value_name = "NAME", help_heading = "Output")]
    pub(super) table: Option<String>,

    /// Write the answer to FILE instead of standard output
    #[arg(long, short, global = true, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,

    /// Colour: auto (the default: on terminals, unless NO_COLOR is set), always, or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    #[arg(help_heading = "Output", hide_possible_values = true, hide_default_value = true)]
    pub(super) color: When,

    /// Progress on standard error: auto (the default: on terminals), always, or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    #[arg(help_heading = "Output", hide_possible_values = true, hide_default_value = true)]
    pub(super) progress: When,

    /// Exit with 1 on findings as bad as this: warning, error (the default), or never
    #[arg(long, global = true, value_name = "SEVERITY", default_value = "error")]
    #[arg(help_heading = "Output", hide_possible_values = true, hide_default_value = true)]
    pub(super) fail_on: FailOn,

    /// Work with this many threads; one for each processor if not given
    #[arg(long, short, global = true, value_name = "N", help_heading = "Input")]
    jobs: Option<NonZeroUsize>,
}

/// What `--format` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
    Jsonl,
    Csv,
    /// The lines of pg_waldump; of `wal dump` only.
    #[value(name = "pg_waldump", hide = true)]
    PgWaldump,
}

/// What `--color` and `--progress` take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum When {
    /// If it goes to a terminal.
    Auto,
    /// In any case.
    Always,
    /// In no case.
    Never,
}

/// What `--fail-on` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FailOn {
    /// Warnings and errors.
    Warning,
    /// Errors only.
    Error,
    /// Nothing.
    Never,
}

impl FailOn {
    /// Whether findings as bad as `worst` are to fail the command.
    pub(super) fn covers(self, worst: Severity) -> bool {
        match self {
            Self::Warning => worst >= Severity::Warning,
            Self::Error => worst >= Severity::Error,
            Self::Never => false,
        }
    }
}

impl Global {
    /// How many threads to work with, at least 1.
    pub(super) fn jobs(&self) -> usize {
        let all = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.jobs.unwrap_or_else(all).get()
    }

    /// Who hears how far long work is.
    pub(super) fn progress(&self) -> Box<dyn Progress> {
        progress::listener(self.progress)
    }

    /// What can be refused before any work is done; `speaks_pg_waldump` is whether the command has
    /// an answer in that format.
    ///
    /// # Errors
    /// Usage errors.
    pub(super) fn check(&self, speaks_pg_waldump: bool) -> Result<(), CliError> {
        if self.format == Format::PgWaldump && !speaks_pg_waldump {
            return Err(CliError::usage(
                "--format pg_waldump is only there for wal dump and wal stats",
            ));
        }
        if self.table.is_some() && self.format != Format::Csv {
            return Err(CliError::usage("--table only makes sense with --format csv"));
        }
        self.output.as_deref().map_or(Ok(()), output::check)
    }
}
