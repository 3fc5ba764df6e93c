//! What a wal command is to look at: WAL, and names if there is a data directory.
use super::{CliError, Global, Target};
use crate::cli::output;
use crate::cli::target::{archive_options, quoted};
use crate::cluster::Cluster;
use crate::report::Input;
use crate::types::TimelineId;
use crate::wal::{Log, Opened, Timelines};
use std::path::{Path, PathBuf};

/// The arguments of every wal command that say where WAL is; to be flattened into its `Args`.
#[derive(Debug, clap::Args)]
pub(super) struct WalArgs {
    #[command(flatten)]
    target: Target,

    /// Read this timeline alone; without it, the newest, back through its history
    #[arg(long, value_name = "N", help_heading = "Input", value_parser = timeline)]
    timeline: Option<TimelineId>,

    /// Look there too for segments: a directory, tar or file; may be repeated, the first counts
    #[arg(long = "archive", value_name = "DIR", help_heading = "Input")]
    archives: Vec<PathBuf>,
}

/// WAL, opened.
#[derive(Debug)]
pub(super) struct WalInput {
    /// The data directory that it is of, if there is one: it has the names.
    pub(super) cluster: Option<Cluster>,
    /// The segments.
    pub(super) log: Log,
    /// What a report says about its input.
    pub(super) input: Input,
    /// The same as a shell takes it, archives with it, for the commands that are proposed.
    pub(super) quoted: String,
    /// What the command is to look at in it.
    pub(super) selectors: Vec<String>,
}

impl WalArgs {
    /// Opens it.
    ///
    /// # Errors
    /// Usage errors, or if there is no WAL to be read.
    pub(super) fn open(&self, global: &Global) -> Result<WalInput, CliError> {
        let timelines = self.timeline.map_or(Timelines::Latest, Timelines::Only);
        let (opened, selectors) = self.target.wal(&self.archives, timelines, global)?;
        let Opened { cluster, log, input } = opened;
        let quoted = quoted(&input.path) + &archive_options(&self.archives);
        Ok(WalInput { cluster, log, input, quoted, selectors })
    }
}

impl WalInput {
    /// Refuses to write a file or directory that is, or would be, part of what was opened.
    ///
    /// # Errors
    /// A usage error.
    pub(super) fn refuse_inside(&self, written: &Path) -> Result<(), CliError> {
        output::refuse_inside(written, Path::new(&self.input.path))?;
        let sources = self.log.places().iter().map(|place| &place.source);
        let mut places = sources.flat_map(|source| source.places());
        places.try_for_each(|place| output::refuse_inside(written, place))
    }
}

/// A timeline, in decimal or as pg_waldump takes it too, in hexadecimal after `0x`.
fn timeline(text: &str) -> Result<TimelineId, String> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => text.parse(),
    };
    let number = number.ok().filter(|number| *number > 0);
    number.map(TimelineId).ok_or_else(|| "expected a number from 1 to 4294967295".to_owned())
}
