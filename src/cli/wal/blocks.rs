//! `wal blocks`: what happened to the blocks of a relation.
use super::input::{WalArgs, WalInput};
use super::position::Position;
use super::{CliError, Global, Outcome, position, relation};
use crate::analysis::wal::Filter;
use crate::analysis::wal::blocks::{self, Request};
use crate::cli::outcome::Answer;
use crate::cli::rows::Rows;
use crate::cli::target::quoted;
use crate::finding::Severity;
use crate::report::wal::blocks::{Blocks, Touch};
use crate::report::{Envelope, Row as _};
use crate::types::Fork;
use crate::wal::{Keys, Names};
use std::cell::Cell;
use std::io::{self, Write};

/// What happened to a block: every record about it, and where its last full-page image is
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The first selector is the relation, by name or, where there is no data directory, as 1663/5/16384;
the second is a block, or a range of them. Without it, the blocks that records are about are
listed, and no records.

Examples:
  pgdissect wal blocks pgdata shop.public.orders           which of its blocks are in WAL
  pgdissect wal blocks pgdata shop.public.orders 12        every record about one
  pgdissect wal blocks -D pgdata orders 12 --fork vm       of its visibility map")]
pub(super) struct Args {
    #[command(flatten)]
    wal: WalArgs,

    /// Only this fork: main, fsm, vm or init
    #[arg(long, short = 'F', value_name = "FORK", value_parser = relation::fork)]
    fork: Option<Fork>,

    /// Begin with the first record at or behind this place: an LSN or the name of a segment
    #[arg(long, short, value_name = "POSITION")]
    start: Option<Position>,

    /// End before the first record that reaches beyond this place
    #[arg(long, short, value_name = "POSITION")]
    end: Option<Position>,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    let mut input = args.wal.open(global)?;
    let selectors = std::mem::take(&mut input.selectors);
    let (name, chosen) = match selectors.as_slice() {
        [] => {
            return Err(CliError::usage("no relation was named")
                .hint("Name it behind the data directory: a table, or an index."));
        }
        [relation] => (relation, None),
        [relation, blocks] => (relation, Some(relation::blocks(blocks).map_err(CliError::usage)?)),
        _ => return Err(CliError::usage("expected a relation, and a block or a range of them")),
    };
    let range = position::range(&input, args.start, args.end)?;
    let relations = relation::locators(
        (input.cluster.as_ref(), &input.log),
        std::slice::from_ref(name),
        range,
        global.jobs(),
    )?;
    let request = Request {
        relation: name.clone(),
        range,
        records: chosen.is_some(),
        filter: Filter {
            relations: Some(relations),
            blocks: chosen,
            fork: args.fork,
            ..Filter::default()
        },
        jobs: global.jobs(),
    };
    Ok(Outcome::of(List { input, request, worst: Cell::new(None) }))
}

/// The records, written while the log is read, and then the blocks.
struct List {
    input: WalInput,
    request: Request,
    worst: Cell<Option<Severity>>,
}

impl List {
    /// The command that shows the records of the first block, if these are not listed.
    fn next(&self, report: &Blocks) -> Option<String> {
        let first = report.blocks.first().filter(|_| !self.request.records)?;
        let (path, name) = (&self.input.quoted, quoted(&report.relation));
        Some(format!("pgdissect wal blocks {path} {name} {}", first.block))
    }
}

impl Answer for List {
    fn write(&self, global: &Global, out: &mut dyn Write) -> io::Result<()> {
        let names = Names::new(self.input.cluster.as_ref());
        let keys = Keys::new(&names);
        let how = (global, &*self.tables(), self.request.records);
        let mut rows = Rows::new(how, &self.input.input, out);
        let (report, passed) =
            blocks::blocks(&self.input.log, &keys, &self.request, |touch| rows.push(touch))?;
        let next = self.next(&report);
        self.worst.set(rows.finish(|records| {
            let (findings, coverage) = (passed.findings, passed.coverage);
            let (input, report) = (self.input.input.clone(), Blocks { records, next, ..report });
            Envelope::new("wal-blocks/1", input, coverage, &findings, report)
        })?);
        Ok(())
    }

    fn tables(&self) -> Vec<&'static str> {
        vec!["blocks", Touch::LIST]
    }

    fn worst(&self) -> Option<Severity> {
        self.worst.get()
    }

    fn complete(&self) -> bool {
        true
    }
}
