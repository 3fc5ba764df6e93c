//! `explain`: what a finding means, what causes it, what PostgreSQL does, what to do next.
use super::{CliError, Global, Outcome};
use crate::finding::{Rule, rules};
use crate::report::Envelope;
use crate::report::explain::Explain;

/// What a finding means, what causes it, what PostgreSQL does, what to do next
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pgdissect explain                    every finding there is
  pgdissect explain file               the findings of one family
  pgdissect explain file.unreadable    one finding in full")]
pub(super) struct Args {
    /// A finding's id, or the family before the dot; all of them if not given
    #[arg(value_name = "ID")]
    id: Option<String>,
}

pub(super) fn run(args: &Args, _: &Global) -> Result<Outcome, CliError> {
    let wanted = args.id.as_deref().unwrap_or_default();
    let matches = |rule: &&'static Rule| {
        wanted.is_empty() || rule.id == wanted || rule.id.split('.').next() == Some(wanted)
    };
    let rules: Vec<_> = rules::all().filter(matches).collect();
    if rules.is_empty() {
        return Err(CliError::usage(format!("there is no finding called \"{wanted}\""))
            .hint("pgdissect explain lists them all."));
    }
    Ok(Outcome::new(Envelope::without_input("explain/1", Explain { rules })))
}
