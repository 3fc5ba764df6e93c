//! `wal dump`: records, one after the other.
mod answer;

use super::input::{WalArgs, WalInput};
use super::position::{self, Position};
use super::waldump::Waldump;
use super::{CliError, Global, Outcome};
use crate::analysis::wal::dump::Request;
use answer::DumpAnswer;

/// Every record, in order, with what it did
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Selectors are one segment, or the first and the last of several. A position is an LSN, or the name
of a segment.

Examples:
  pgdissect wal dump pgdata --format pg_waldump       every record, as pg_waldump prints it
  pgdissect wal dump pgdata 000000010000000000000002  those of one segment")]
pub(super) struct Args {
    #[command(flatten)]
    wal: WalArgs,

    /// Begin at the first record at or behind this position
    #[arg(long, short, value_name = "POSITION", help_heading = "Records")]
    start: Option<Position>,

    /// End before the first record that reaches beyond this position
    #[arg(long, short, value_name = "POSITION", help_heading = "Records")]
    end: Option<Position>,

    /// Show no more records than this
    #[arg(long, short = 'n', value_name = "N", help_heading = "Records")]
    limit: Option<std::num::NonZeroU64>,

    /// Show nothing: only check that every record can be read
    #[arg(long, short)]
    quiet: bool,

    /// With --format pg_waldump, give each block its line, and the details of its image
    #[arg(long, short)]
    bkp_details: bool,

    /// End at the first record that cannot be read, as pg_waldump does
    #[arg(long)]
    stop_at_damage: bool,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    let input = args.wal.open(global)?;
    let request = Request {
        range: position::range(&input, args.start, args.end)?,
        limit: args.limit.map(Into::into),
        quiet: args.quiet,
        stop_at_damage: args.stop_at_damage,
        jobs: global.jobs(),
    };
    DumpAnswer::new(input, request, args.bkp_details, global).map(Outcome::of)
}
