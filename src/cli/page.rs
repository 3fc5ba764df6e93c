//! `page`: one page or more, field by field.
use super::{CliError, Global, Outcome, Target};
use crate::analysis::page_dump::{self, Answer, PageError, Request};
use crate::cluster::{BlockSelector, Selector};
use crate::report::Envelope;
use crate::types::Fork;

/// What is on a page: header, line pointers, tuples, what their flags mean
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The first selector is the relation, the others are blocks of it: a number, a range such as
0-9, last, or a tuple such as '(12,3)'; the first block if none is given. Numbers have the
names that pageinspect gives them. If the input is one file, all selectors are blocks.

Examples:
  pgdissect page -D pgdata public.t 0-3               the first four blocks of a table
  pgdissect page -D pgdata shop.public.t '(12,3)'     the block of one tuple
  pgdissect page -D pgdata base/5/16390_vm 0 --hex    a block of a visibility map, byte by byte
  pgdissect page base/5/16390 last                    one file, without its data directory")]
pub(super) struct Args {
    #[command(flatten)]
    target: Target,

    /// Show every byte beside the field that it belongs to
    #[arg(long)]
    hex: bool,

    /// The fork: main (the default), fsm, vm or init
    #[arg(long, value_name = "FORK", value_parser = fork)]
    fork: Option<Fork>,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    let (cluster, selectors) = args.target.cluster(global)?;
    let (relation, blocks) = match selectors.split_first() {
        Some((first, rest)) if cluster.source().single_file().is_none() => {
            (Some(Selector::parse(first)?), rest)
        }
        _ => (None, selectors.as_slice()),
    };
    let blocks: Result<_, _> = blocks.iter().map(|text| BlockSelector::parse(text)).collect();
    let request = Request { relation, fork: args.fork, blocks: blocks?, hex: args.hex };
    let Answer { pages, findings, coverage } = page_dump::pages(&cluster, &request)?;
    Ok(Outcome::new(Envelope::new("page/1", cluster.input(), coverage, &findings, pages)))
}

fn fork(text: &str) -> Result<Fork, String> {
    let fork = Fork::ALL.into_iter().find(|fork| fork.to_string() == text);
    fork.ok_or_else(|| "expected main, fsm, vm or init".to_owned())
}

impl From<PageError> for CliError {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Select(error) => error.into(),
            PageError::Read(error) => error.into(),
            PageError::NoRelation => {
                Self::usage(error.to_string()).hint("Name it behind the data directory.")
            }
            PageError::NoFork(..) | PageError::NoBlock { .. } | PageError::TooMany { .. } => {
                Self::usage(error.to_string())
            }
        }
    }
}
