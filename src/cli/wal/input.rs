//! What a wal command is to look at: the WAL of a data directory, and its names.
use super::{CliError, Global, Target};
use crate::cluster::Cluster;
use crate::report::Input;
use crate::types::TimelineId;
use crate::wal::{Log, Timelines};

/// The arguments of every wal command that say where WAL is; to be flattened into its `Args`.
#[derive(Debug, clap::Args)]
pub(super) struct WalArgs {
    #[command(flatten)]
    target: Target,

    /// Read this timeline alone; without it, the newest, back through its history
    #[arg(long, value_name = "N", help_heading = "Input", value_parser = timeline)]
    timeline: Option<TimelineId>,
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
    /// What the command is to look at in it.
    pub(super) selectors: Vec<String>,
}

impl WalArgs {
    /// Opens it.
    ///
    /// # Errors
    /// Usage errors, or if there is no WAL to be read.
    pub(super) fn open(&self, global: &Global) -> Result<WalInput, CliError> {
        let (cluster, selectors) = self.target.cluster(global)?;
        let timelines = self.timeline.map_or(Timelines::Latest, Timelines::Only);
        let log = Log::of_cluster(&cluster, timelines)?;
        let input = cluster.input();
        Ok(WalInput { cluster: Some(cluster), log, input, selectors })
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
