//! `wal stats`: what WAL is made of.
use super::input::WalArgs;
use super::position::{self, Position};
use super::waldump::Waldump;
use super::{CliError, Global, Outcome};
use crate::analysis::wal::stats::{self, Counted, Request};
use crate::cli::global::Format;
use crate::cli::outcome::Answer;
use crate::finding::Severity;
use crate::render::wal::pg_waldump_stats;
use crate::report::wal::stats::{By, View};
use crate::report::{Coverage, Envelope};
use crate::types::Lsn;
use crate::wal::{End, Log};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use std::io::{self, Write};

/// What filled WAL: by resource manager, relation, transaction, time, cause
#[derive(Debug, clap::Args)]
#[command(after_help = "\
record_size is without full-page images, fpi_size is the images. With --by relation, a record counts
for the relation of its first block, an image for its own. With --by xid, subtransactions count for
their parents. With --by minute, a record counts for the last time that one before it told. What
counts for which cause is in the column \"rule\" of --by cause, and in full in docs/wal.md.

Examples:
  pgdissect wal stats pgdata                               what filled pg_wal, on one screen
  pgdissect wal stats --by relation --top 50 pgdata        the 50 relations with most WAL
  pgdissect wal stats --by record --format pg_waldump pgdata   as pg_waldump --stats=record
  pgdissect wal stats --format csv --table xid pgdata      every number of the largest transactions")]
pub(super) struct Args {
    #[command(flatten)]
    wal: WalArgs,

    /// One table: by rmgr, record, relation, database, xid, minute, segment, or cause
    #[arg(long, value_name = "WHAT", hide_possible_values = true)]
    by: Option<By>,

    /// How many rows of it to show, and how many transactions to keep
    #[arg(long, value_name = "N", default_value_t = 100)]
    top: usize,

    /// Begin at the first record at or behind this position
    #[arg(long, short, value_name = "POSITION", help_heading = "Records")]
    start: Option<Position>,

    /// End before the first record that reaches beyond this position
    #[arg(long, short, value_name = "POSITION", help_heading = "Records")]
    end: Option<Position>,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    if global.format == Format::PgWaldump && !matches!(args.by, Some(By::Rmgr | By::Record)) {
        let what = "--format pg_waldump is of --by rmgr and of --by record";
        return Err(CliError::usage(what));
    }
    let input = args.wal.open(global)?;
    let request = Request {
        range: position::range(&input, args.start, args.end)?,
        by: args.by,
        transactions: args.top,
        jobs: global.jobs(),
    };
    let counted = stats::stats(&input.log, input.cluster.as_ref(), &request);
    if global.format == Format::PgWaldump {
        let by_record = args.by == Some(By::Record);
        let from = request.range.from;
        return Ok(Outcome::of(AsPgWaldump { log: input.log, from, counted, by_record }));
    }
    let Counted { mut stats, findings, .. } = counted;
    stats.view = View { by: args.by, top: args.top, input: input.quoted };
    let (files, bytes) = (stats.segments, stats.totals.combined_size());
    let coverage = Coverage { files, bytes, ..Coverage::default() };
    Ok(Outcome::new(Envelope::new(stats::SCHEMA, input.input, coverage, &findings, stats)))
}

impl ValueEnum for By {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// The answer in the words of pg_waldump.
struct AsPgWaldump {
    log: Log,
    from: Lsn,
    counted: Counted,
    by_record: bool,
}

impl Answer for AsPgWaldump {
    fn write(&self, _: &Global, out: &mut dyn Write) -> io::Result<()> {
        let Counted { stats, end, .. } = &self.counted;
        let says = Waldump { log: &self.log, from: self.from };
        stats.start_lsn.map_or(Ok(()), |first| says.skipped(first, out))?;
        pg_waldump_stats(stats, self.by_record, self.log.shape.layout, out)?;
        out.flush()?;
        if let Some(End { after, failure, .. }) = end {
            says.complain(*after, failure);
        }
        Ok(())
    }

    fn tables(&self) -> Vec<&'static str> {
        Vec::new()
    }

    fn worst(&self) -> Option<Severity> {
        // pg_waldump fails wherever it finds no further record, be that the end of WAL.
        let ended = self.counted.end.map(|_| Severity::Error);
        self.counted.findings.worst().max(ended)
    }

    fn complete(&self) -> bool {
        true
    }
}
