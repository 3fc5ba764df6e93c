//! `wal dump`: records, one after the other.
mod answer;

use super::filter::FilterArgs;
use super::input::{WalArgs, WalInput};
use super::waldump::Waldump;
use super::{CliError, Global, Outcome};
use crate::analysis::wal::dump::Request;
use answer::DumpAnswer;

/// Every record, in order: what it did, to which block of which relation
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Selectors are one segment, or the first and the last of several. A POSITION is an LSN, or the name
of a segment. Filters combine: only records that pass all of them are shown. Damage does not end
it: what cannot be read is shown as a gap, and records go on behind it.

  --format text         a line for each record, with names (the default)
  --format pg_waldump   byte for byte what pg_waldump of that major prints; its errors, and the end
                        of WAL, are on standard error, and make the exit status 1
  --format jsonl        an object for each record, with every field of it

Examples:
  pgdissect wal dump pgdata 000000010000000000000002        the records of one segment
  pgdissect wal dump pgdata -R shop.public.orders -B 12     what happened to one block
  pgdissect wal dump pgdata -x 7301 --format jsonl          what one transaction did
  pgdissect wal dump pgdata -r Heap/DELETE --since '2026-11-21 14:00' --until '2026-11-21 14:05'
  pgdissect wal dump pgdata --quiet                         whether every record can be read")]
pub(super) struct Args {
    #[command(flatten)]
    wal: WalArgs,

    #[command(flatten)]
    filter: FilterArgs,

    /// Show no more records than this
    #[arg(long, short = 'n', value_name = "N", help_heading = "Records")]
    limit: Option<std::num::NonZeroU64>,

    /// Show nothing: only check that every record can be read
    #[arg(long, short, help_heading = "Records")]
    quiet: bool,

    /// With --format pg_waldump: a line for each block, with the details of its image
    #[arg(long, short, help_heading = "Records")]
    bkp_details: bool,

    /// End at the first record that cannot be read, as pg_waldump does
    #[arg(long, help_heading = "Records")]
    stop_at_damage: bool,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    answer::check(global, args.bkp_details)?;
    let input = args.wal.open(global)?;
    let range = args.filter.range(&input)?;
    let request = Request {
        range,
        filter: args.filter.filter(&input, range, global.jobs())?,
        limit: args.limit.map(Into::into),
        quiet: args.quiet,
        stop_at_damage: args.stop_at_damage,
        jobs: global.jobs(),
    };
    Ok(Outcome::of(DumpAnswer::new(input, request, args.bkp_details)))
}
