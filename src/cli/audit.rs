//! `audit`: bloat, freezing, wraparound and autovacuum of every table, from one scan.
use super::target::quoted;
use super::{CliError, Effective, Global, Outcome, Target};
use crate::analysis::audit::{self, AuditError, Audited, Options};
use crate::cluster::Selector;
use crate::report::Envelope;
use crate::report::audit::{Thresholds, View};

/// Which tables are bloated, not frozen, near wraparound, due for autovacuum
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Every block of tables, TOAST tables, materialized views and the indexes of all of them is read once,
and so are their visibility maps and free space maps. Numbers have the names that pgstattuple,
pg_visibility, pg_freespacemap and pg_class give them. With up to 5 tables, or with --all, indexes
and free space maps are listed one by one. What a map promises and is not there costs inserts a look
at the page; what it does not promise they do not find. VACUUM sets maps right.
What REINDEX would free is the least of it where that depends on the order of the rows: of GiST,
SP-GiST and large GIN indexes.

Examples:
  pgdissect audit /srv/copy/pgdata                     all databases, on one screen
  pgdissect audit /srv/copy/pgdata database:shop       one database
  pgdissect audit backup.tar.zst shop.public.orders    one table, with its TOAST table
  pgdissect audit --all --format csv pgdata            every number of every table")]
pub(super) struct Args {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    effective: Effective,

    /// Show every table, not only the worst
    #[arg(long)]
    all: bool,

    /// How many tables to show, the worst by each measure
    #[arg(long, value_name = "N", default_value_t = 10, conflicts_with = "all")]
    top: usize,

    #[command(flatten)]
    marks: Marks,
}

/// From where on a table is marked.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Thresholds")]
struct Marks {
    /// Warn of a table whose dead tuples are more than this percent of it
    #[arg(long, value_name = "PERCENT", default_value_t = 20.0, value_parser = percent)]
    dead_warning: f64,

    /// Percent of dead tuples that is critical
    #[arg(long, value_name = "PERCENT", default_value_t = 40.0, value_parser = percent)]
    dead_critical: f64,

    /// Warn of a relfrozenxid or datfrozenxid older than this, in transactions
    #[arg(long, value_name = "AGE", default_value_t = 1_000_000_000)]
    age_warning: u32,

    /// Age in transactions that is critical
    #[arg(long, value_name = "AGE", default_value_t = 1_500_000_000)]
    age_critical: u32,

    /// Warn of a relminmxid or datminmxid older than this, in multixacts
    #[arg(long, value_name = "AGE", default_value_t = 1_000_000_000)]
    multi_age_warning: u32,

    /// Age in multixacts that is critical
    #[arg(long, value_name = "AGE", default_value_t = 1_500_000_000)]
    multi_age_critical: u32,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    let (cluster, selectors) = args.effective.cluster(&args.target, global)?;
    let selectors: Result<_, _> = selectors.iter().map(|text| Selector::parse(text)).collect();
    let options = Options {
        selectors: selectors.map_err(AuditError::from)?,
        thresholds: args.marks.thresholds(),
        jobs: global.jobs(),
    };
    let answer = audit::audit(&cluster, &options, &*global.progress())?;
    let Audited { mut audit, findings, coverage } = answer;
    let input = cluster.input();
    audit.view = View { all: args.all, top: args.top, input: quoted(&input.path) };
    Ok(Outcome::new(Envelope::new("audit/1", input, coverage, &findings, audit)))
}

impl Marks {
    fn thresholds(&self) -> Thresholds {
        Thresholds {
            dead_warning: self.dead_warning,
            dead_critical: self.dead_critical,
            age_warning: self.age_warning,
            age_critical: self.age_critical,
            multi_age_warning: self.multi_age_warning,
            multi_age_critical: self.multi_age_critical,
        }
    }
}

impl From<AuditError> for CliError {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Select(_) | AuditError::NoTable => Self::usage(error.to_string()),
            _ => Self::unreadable(error.to_string()),
        }
    }
}

fn percent(text: &str) -> Result<f64, String> {
    let percent: Option<f64> = text.trim_end_matches('%').parse().ok();
    percent
        .filter(|percent| (0.0..=100.0).contains(percent))
        .ok_or_else(|| "expected a number from 0 to 100".to_owned())
}
