//! The options that mean the same in every command.
use super::CliError;
use super::{output, size};
use crate::finding::Severity;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Options that mean the same in every command.
#[derive(Debug, clap::Args)]
pub(super) struct Global {
    /// How the answer is written
    ///
    /// text is for people; json is one document, jsonl one line for each item of its long lists,
    /// both as docs/json-schema.md says; csv is one table.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    #[arg(help_heading = "Output", hide_possible_values = true, long_help = FORMAT_HELP)]
    pub(super) format: Format,

    /// With --format csv, the table to write (the first if not given)
    #[arg(long, global = true, value_name = "NAME", help_heading = "Output")]
    pub(super) table: Option<String>,

    /// Write the answer to FILE instead of standard output
    #[arg(long, short, global = true, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,

    /// Colour in text: auto, always or never; NO_COLOR is honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    #[arg(help_heading = "Output", hide_possible_values = true)]
    pub(super) color: When,

    /// Progress on standard error: auto (on terminals), always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    #[arg(help_heading = "Output", hide_possible_values = true)]
    pub(super) progress: When,

    /// Exit with status 1 on findings of this severity or worse: warning, error or never
    #[arg(long, global = true, value_name = "SEVERITY", default_value = "error")]
    #[arg(help_heading = "Output", hide_possible_values = true)]
    pub(super) fail_on: FailOn,

    /// Work with this many threads [default: one for each processor]
    #[arg(long, short, global = true, value_name = "N", help_heading = "Input")]
    jobs: Option<NonZeroUsize>,

    #[command(flatten)]
    pub(super) reading: Reading,
}

/// Options that say how the input is to be read.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Input")]
pub(super) struct Reading {
    /// Read it as this major version, whatever it says itself
    #[arg(long, global = true, value_name = "MAJOR")]
    pub(super) pg_version: Option<u16>,

    /// Block size when nothing else tells, such as 8kB
    #[arg(long, global = true, value_name = "SIZE", value_parser = size::parse_block)]
    pub(super) block_size: Option<u32>,

    /// Size of a relation's segment files when nothing else tells, such as 1GB
    #[arg(long, global = true, value_name = "SIZE", value_parser = size::parse)]
    pub(super) segment_size: Option<u64>,

    /// A tablespace that lay in OLD when the server ran is now in NEW; may be repeated
    #[arg(long = "tablespace", global = true, value_name = "OLD=NEW", value_parser = mapping)]
    pub(super) tablespaces: Vec<(PathBuf, PathBuf)>,

    /// How files are read: mmap or read (for file systems where mapped files fail)
    #[arg(long, global = true, value_name = "HOW", default_value = "mmap")]
    #[arg(hide_possible_values = true)]
    pub(super) io: Io,

    /// Where compressed input is unpacked, and removed at the end [default: $TMPDIR or /tmp]
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) temp_dir: Option<PathBuf>,
}

const FORMAT_HELP: &str = "How the answer is written:
  text   for people
  json   one document, as docs/json-schema.md says
  jsonl  the same, with one line for each item of its long lists
  csv    one table";

/// What `--format` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
    Jsonl,
    Csv,
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

/// What `--io` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Io {
    /// Mapped into memory.
    Mmap,
    /// Read piece by piece.
    Read,
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

    /// What can be refused before any work is done.
    ///
    /// # Errors
    /// Usage errors.
    pub(super) fn check(&self) -> Result<(), CliError> {
        if self.table.is_some() && self.format != Format::Csv {
            return Err(CliError::usage("--table only makes sense with --format csv"));
        }
        self.output.as_deref().map_or(Ok(()), output::check)
    }
}

fn mapping(text: &str) -> Result<(PathBuf, PathBuf), String> {
    match text.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok((old.into(), new.into())),
        _ => Err("expected OLD=NEW, two directories".into()),
    }
}
