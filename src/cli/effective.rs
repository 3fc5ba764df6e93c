//! Whether transactions are looked at as recovery would leave them, or as the files have them.
use super::{CliError, Global, Target};
use crate::analysis::replay;
use crate::cluster::Cluster;

/// Options that say so; to be flattened into the `Args` of commands that judge tuples.
#[derive(Debug, clap::Args)]
pub(super) struct Effective {
    /// Transactions as recovery would leave them: the default for a cluster that was not stopped cleanly
    #[arg(long, help_heading = "Input", conflicts_with = "as_on_disk")]
    after_recovery: bool,

    /// Transactions as the files have them, without what WAL says
    #[arg(long, help_heading = "Input")]
    as_on_disk: bool,
}

impl Effective {
    /// Opens the input as a cluster, with its transactions as asked for; the selectors are left to the
    /// command.
    ///
    /// # Errors
    /// As [`Target::cluster`]; with --after-recovery, if nothing tells what recovery would do.
    pub(super) fn cluster(
        &self,
        target: &Target,
        global: &Global,
    ) -> Result<(Cluster, Vec<String>), CliError> {
        let (cluster, selectors) = target.cluster(global)?;
        if self.as_on_disk {
            return Ok((cluster, selectors));
        }
        let laid = replay::effective(cluster, global.jobs());
        match laid.refused {
            Some(why) if self.after_recovery => Err(CliError::unreadable(why)),
            _ => Ok((laid.cluster, selectors)),
        }
    }
}
