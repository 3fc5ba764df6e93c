//! `index`: what an index is made of.
use super::outcome::Answer;
use super::target::quoted;
use super::{CliError, Global, Outcome, Target};
use crate::analysis::index::{self, IndexError, Request, View};
use crate::cluster::Selector;
use crate::finding::Severity;
use crate::report::Envelope;
use crate::report::index::Index;
use std::io::{self, Write};

/// What an index is made of: pages, levels, fill, rows, and what REINDEX would free
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The selector is one index. Numbers have the names that pgstatindex, pgstatginindex, pgstathashindex
and pgstattuple give them. Links between pages are followed and held against each other. What
REINDEX would make of it is an estimate: its items, packed as a build packs them. Of GiST, SP-GiST
and large GIN indexes that depends on the order of the rows too: there it is between two lengths,
and what would be freed is the least of it. The first and the last key of each level are shown of
B-trees and of the entries of GIN; keys of other access methods have no order.

Examples:
  pgdissect index -D pgdata shop.public.orders_pkey               what it is made of
  pgdissect index -D pgdata public.orders_pkey --with-heap        and whether its rows are there
  pgdissect index -D pgdata public.orders_pkey --tree --depth 2   the tree, two levels of it
  pgdissect index -D pgdata public.orders_pkey --dot | dot -Tsvg  the same, as a graph")]
pub(super) struct Args {
    #[command(flatten)]
    target: Target,

    /// Look up each row in the table: is its line pointer in use, dead, or not there
    #[arg(long)]
    with_heap: bool,

    /// Draw the tree from its root
    #[arg(long)]
    tree: bool,

    /// Write the tree, and nothing else, in the language of Graphviz
    #[arg(long)]
    dot: bool,

    /// Levels of the tree to draw
    #[arg(long, value_name = "N", default_value_t = 4)]
    depth: u32,

    /// Children of each page to draw
    #[arg(long, value_name = "N", default_value_t = 8)]
    children: usize,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    let (cluster, selectors) = args.target.cluster(global)?;
    let index = match selectors.as_slice() {
        [] => None,
        [index] => Some(Selector::parse(index)?),
        _ => return Err(CliError::usage("one index at a time")),
    };
    let view = View { depth: args.depth, children: args.children };
    let request = Request {
        index,
        with_heap: args.with_heap,
        tree: (args.tree || args.dot).then_some(view),
        jobs: global.jobs(),
    };
    let index::Answer { mut index, findings, coverage } =
        index::inspect(&cluster, &request, &*global.progress())?;
    let input = cluster.input();
    index.input = quoted(&input.path);
    let envelope = Envelope::new("index/1", input, coverage, &findings, index);
    Ok(if args.dot { Outcome::of(Dot(envelope)) } else { Outcome::new(envelope) })
}

/// The tree alone, as a graph.
struct Dot(Envelope<Index>);

impl Answer for Dot {
    fn write(&self, _: &Global, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.0.report.dot().as_bytes())
    }

    fn tables(&self) -> Vec<&'static str> {
        Vec::new()
    }

    fn worst(&self) -> Option<Severity> {
        self.0.worst()
    }

    fn complete(&self) -> bool {
        self.0.complete()
    }
}

impl From<IndexError> for CliError {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Select(error) => error.into(),
            IndexError::Read(error) => error.into(),
            IndexError::NoIndex => {
                Self::usage(error.to_string()).hint("Name it behind the data directory.")
            }
            IndexError::NotAnIndex(..) => Self::usage(error.to_string()),
            IndexError::NoTable(..) | IndexError::Threads(_) => Self::unreadable(error.to_string()),
        }
    }
}
