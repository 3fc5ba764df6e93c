//! `control`: everything in pg_control, line for line as pg_controldata prints it.
use super::{CliError, Global, Outcome, Target};
use crate::analysis::control;
use jiff::tz::TimeZone;

/// What pg_control says, line for line as pg_controldata prints it, and what the state means
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Times are in the local time zone (TZ), as pg_controldata has them; in JSON they are in UTC.

Examples:
  pgdissect control /srv/copy/pgdata                     of a data directory
  pgdissect control backup.tar.zst                       of a tar of one
  pgdissect control pg_control --format json             of the one file, every field typed")]
pub(super) struct Args {
    #[command(flatten)]
    target: Target,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    let (source, selectors) = args.target.open(global)?;
    if let Some(selector) = selectors.first() {
        return Err(CliError::usage(format!("control takes no selector: \"{selector}\"")));
    }
    let pg_version = args.target.reading.open_options().pg_version;
    Ok(Outcome::new(control::control(&source, pg_version, &TimeZone::system())))
}
