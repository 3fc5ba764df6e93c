//! `page`: one page or more, field by field.
use super::{CliError, Effective, Global, Outcome, Target};
use crate::analysis::page_dump::{self, Answer, PageError, Request};
use crate::analysis::snapshot::{Snapshot, SnapshotError, Viewer};
use crate::cluster::{BlockSelector, Selector};
use crate::report::Envelope;
use crate::report::page::Views;
use crate::types::{Fork, FullXid};

/// What is on a page: header, line pointers, tuples, what their flags mean
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The first selector is the relation, the others are blocks of it: a number, a range such as
0-9, last, or a tuple such as '(12,3)'; the first block if none is given. Numbers have the
names that pageinspect gives them. If the input is one file, all selectors are blocks.

--snapshot answers as the session saw it, though by now its transactions have ended. What the files
do not tell is said to be so: command ids of rows that one transaction both inserted and deleted,
and the parents of subtransactions where pg_subtrans was cleared by a restart; subtransactions in
XIP help there. On a standby, pg_current_snapshot() lists no transactions at all.

Examples:
  pgdissect page -D pgdata public.t 0-3               the first four blocks of a table
  pgdissect page -D pgdata shop.public.t '(12,3)'     the block of one tuple
  pgdissect page -D pgdata base/5/16390_vm 0 --hex    a block of a visibility map, byte by byte
  pgdissect page -D pgdata public.t 0 --snapshot 740:748:740,745   what such a session sees
  pgdissect page -D pgdata public.t 7 --diagram       what fills a block, drawn to scale
  pgdissect page -D pgdata public.t_pkey 1 --explain  a block of an index, every byte explained
  pgdissect page base/5/16390 last                    one file, without its data directory")]
pub(super) struct Args {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    effective: Effective,

    /// Show every byte beside the field that it belongs to
    #[arg(long)]
    hex: bool,

    /// Show every byte with its field, its value, what it means, and where PostgreSQL declares it
    #[arg(long)]
    explain: bool,

    /// Draw the page to scale
    #[arg(long)]
    diagram: bool,

    /// Say of each tuple whether a session with this snapshot sees it, and by what rule: the text
    /// of pg_current_snapshot()
    #[arg(long, value_name = "XMIN:XMAX:XIP,…")]
    snapshot: Option<Snapshot>,

    /// The session's own transaction, if it has an id
    #[arg(long, value_name = "XID", requires = "snapshot")]
    xid: Option<u64>,

    /// The command of its own transaction that looks: earlier ones have smaller numbers (cmin, cmax)
    #[arg(long, value_name = "CID", requires = "xid")]
    cid: Option<u32>,

    /// The fork: main (the default), fsm, vm or init
    #[arg(long, value_name = "FORK", value_parser = fork)]
    fork: Option<Fork>,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    let (cluster, selectors) = args.effective.cluster(&args.target, global)?;
    let (relation, blocks) = match selectors.split_first() {
        Some((first, rest)) if cluster.source().single_file().is_none() => {
            (Some(Selector::parse(first)?), rest)
        }
        _ => (None, selectors.as_slice()),
    };
    let blocks: Result<_, _> = blocks.iter().map(|text| BlockSelector::parse(text)).collect();
    let viewer = args.snapshot.clone().map(|snapshot| Viewer {
        snapshot,
        xid: args.xid.map(FullXid),
        cid: args.cid,
    });
    let views = Views { hex: args.hex, explain: args.explain, diagram: args.diagram };
    let request = Request { relation, fork: args.fork, blocks: blocks?, views, viewer };
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
            PageError::Snapshot(SnapshotError::Epoch { .. }) => Self::usage(error.to_string())
                .hint("Ids count on from epoch to epoch, as pg_current_snapshot() has them."),
            PageError::NoFork(..)
            | PageError::NoBlock { .. }
            | PageError::TooMany { .. }
            | PageError::NoRows(_)
            | PageError::Snapshot(_) => Self::usage(error.to_string()),
        }
    }
}
