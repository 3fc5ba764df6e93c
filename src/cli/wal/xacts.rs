//! `wal xacts`: what each transaction did.
use super::input::WalArgs;
use super::position::{self, Position};
use super::relation::locators;
use super::time;
use super::{CliError, Global, Outcome};
use crate::analysis::wal::xacts::{self, Listed, Order, Request};
use crate::report::wal::xacts::View;
use crate::report::{Coverage, Envelope};
use crate::types::TimestampTz;
use clap::ValueEnum;

/// What each transaction did: rows by relation, DDL, how it ended, how to stop before it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Rows are those that records insert, update and delete, also in what was rolled back. DDL is what
changed in pg_class, files, databases and tablespaces; if that is nothing, catalogs whose rows
changed. Counts begin with the part of the log that is read.

With --ddl, each transaction comes with the settings that stop recovery just before its commit.
Only one recovery_target_... may be set, and recovery_target_inclusive = off belongs to it.
Recovery stops at the first record that fits: by LSN and by xid that is this commit; by time it
is the first end that is not earlier, so a time is given only if that is this one.

Examples:
  pgdissect wal xacts pgdata                                  in the order of their ends
  pgdissect wal xacts --ddl pgdata                            who dropped the table, and when
  pgdissect wal xacts --relation lab.public.t pgdata          who changed it
  pgdissect wal xacts --sort size --limit 10 pgdata           the largest
  pgdissect wal xacts --limit 0 --format csv pgdata           every number of every transaction")]
pub(super) struct Args {
    #[command(flatten)]
    wal: WalArgs,

    /// Only transactions that did DDL, each with how to stop recovery before it
    #[arg(long)]
    ddl: bool,

    /// Only transactions that changed rows of this relation, or dropped its files; may be repeated
    #[arg(long, value_name = "RELATION", help_heading = "Transactions")]
    relation: Vec<String>,

    /// Only transactions that ended at this time or later, such as '2026-01-31 09:00+01'
    #[arg(long, value_name = "TIME", help_heading = "Transactions", value_parser = time::parse)]
    since: Option<TimestampTz>,

    /// Only transactions that ended before this time
    #[arg(long, value_name = "TIME", help_heading = "Transactions", value_parser = time::parse)]
    until: Option<TimestampTz>,

    /// The order: end (the default), start, or the most of size, records, rows first
    #[arg(long, value_name = "ORDER", default_value = "end", help_heading = "Transactions")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    sort: Sort,

    /// Keep so many, the first in that order; 0 for all
    #[arg(long, short = 'n', value_name = "N", default_value_t = 1000)]
    #[arg(help_heading = "Transactions")]
    limit: usize,

    /// Begin at the first record at or behind this position
    #[arg(long, short, value_name = "POSITION", help_heading = "Records")]
    start: Option<Position>,

    /// End before the first record that reaches beyond this position
    #[arg(long, short, value_name = "POSITION", help_heading = "Records")]
    end: Option<Position>,
}

/// What `--sort` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    End,
    Start,
    Size,
    Records,
    Rows,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    let input = args.wal.open(global)?;
    let range = position::range(&input, args.start, args.end)?;
    let locators =
        locators((input.cluster.as_ref(), &input.log), &args.relation, range, global.jobs())?;
    let request = Request {
        state: None,
        range,
        ddl: args.ddl,
        locators: (!args.relation.is_empty()).then_some(locators),
        since: args.since,
        until: args.until,
        order: match args.sort {
            Sort::End => Order::End,
            Sort::Start => Order::Start,
            Sort::Size => Order::Size,
            Sort::Records => Order::Records,
            Sort::Rows => Order::Rows,
        },
        limit: if args.limit == 0 { usize::MAX } else { args.limit },
        jobs: global.jobs(),
    };
    let listed = xacts::xacts(&input.log, input.cluster.as_ref(), &request);
    let Listed { mut xacts, segments, bytes, findings } = listed;
    xacts.view = View { ddl: args.ddl };
    let coverage = Coverage { files: segments, bytes, ..Coverage::default() };
    Ok(Outcome::new(Envelope::new(xacts::SCHEMA, input.input, coverage, &findings, xacts)))
}
