//! `wal check`: which WAL there is, where it ends, and what lies behind.
use super::input::WalArgs;
use super::{CliError, Global, Outcome};
use crate::analysis::wal::check::{self, Checked, Request};
use crate::report::Envelope;

/// Which segments there are, where valid WAL ends and why, and what lies behind damage
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Every record is read and its CRC verified, and every full-page image is restored. \"PostgreSQL says\"
is the message with which the server and pg_waldump end there.

Examples:
  pgdissect wal check pgdata                              the WAL of a data directory
  pgdissect wal check --archive /backup/archive pgdata    with an archive for what is missing there
  pgdissect wal check /backup/archive/16-1                an archive by itself
  pgdissect wal check --summaries pgdata                  with what pg_walsummary prints")]
pub(super) struct Args {
    #[command(flatten)]
    wal: WalArgs,

    /// Print the contents of WAL summaries as pg_walsummary does
    #[arg(long)]
    summaries: bool,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    let input = args.wal.open(global)?;
    if let Some(selector) = input.selectors.first() {
        return Err(CliError::usage(format!("wal check takes no selector: \"{selector}\"")));
    }
    let request = Request { jobs: global.jobs(), summaries: args.summaries };
    let checked = check::check(&input.log, input.cluster.as_ref(), request);
    let Checked { mut check, findings, coverage } = checked;
    check.input.clone_from(&input.quoted);
    Ok(Outcome::new(Envelope::new(check::SCHEMA, input.input, coverage, &findings, check)))
}
