//! `wal blocks`: what happened to the blocks of a relation.
use super::input::WalArgs;
use super::position::Position;
use super::{CliError, Global, Outcome, position, relation};
use crate::analysis::wal::Filter;
use crate::analysis::wal::blocks::{self, Request};
use crate::cli::target::quoted;
use crate::report::Envelope;
use crate::types::Fork;
use crate::wal::{Keys, Names};

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
    let names = Names::new(input.cluster.as_ref());
    let keys = Keys::new(&names);
    let (mut report, passed) = blocks::blocks(&input.log, &keys, &request);
    if let Some(first) = report.blocks.first().filter(|_| !request.records) {
        let (path, name) = (quoted(&input.input.path), quoted(name));
        report.next = Some(format!("pgdissect wal blocks {path} {name} {}", first.block));
    }
    let (findings, coverage) = (passed.findings, passed.coverage);
    Ok(Outcome::new(Envelope::new("wal-blocks/1", input.input, coverage, &findings, report)))
}
