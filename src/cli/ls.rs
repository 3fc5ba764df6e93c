//! `ls`: databases, relations and files, by name and by number.
use super::target::quoted;
use super::{CliError, Effective, Global, Outcome, Target};
use crate::analysis::inventory::{self, Inventory};
use crate::cluster::Selector;
use crate::report::Envelope;

/// What there is: databases, relations, their files, and files that belong to nothing
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pgdissect ls /srv/copy/pgdata                      databases, and files that belong to nothing
  pgdissect ls /srv/copy/pgdata database:shop        the relations of one
  pgdissect ls /srv/copy/pgdata schema:shop.public   those of one schema
  pgdissect ls /srv/copy/pgdata base/5/16390.1       which relation a file belongs to
  pgdissect ls /srv/copy/pgdata filenode:16390       the same, by filenode
  pgdissect ls backup.tar.zst shop.public.orders     the files of a relation")]
pub(super) struct Args {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    effective: Effective,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    let (cluster, selectors) = args.effective.cluster(&args.target, global)?;
    let selectors: Result<Vec<_>, _> = selectors.iter().map(|text| Selector::parse(text)).collect();
    let Inventory { mut ls, findings, coverage } = inventory::inventory(&cluster, &selectors?)?;
    let input = cluster.input();
    ls.input = quoted(&input.path);
    Ok(Outcome::new(Envelope::new(inventory::SCHEMA, input, coverage, &findings, ls)))
}
