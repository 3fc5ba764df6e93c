//! `triage`: what happened to a copy, on one screen; and messages, answered.
use super::target::{archive_options, quoted};
use super::{CliError, Global, Outcome, Target};
use crate::analysis::triage::{self, Heard, Request, Triaged};
use crate::report::Envelope;
use std::io::{self, BufRead, Read as _};
use std::path::PathBuf;

/// What happened, would it start, what would be gone, what is damaged: on one screen
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Nothing is started and nothing is changed. All pages of all relations are read once, for checksums
and headers, unless --quick.

A message is a line of the server's log, or of a backup tool: the object that it is about is named,
with its state in these files, the cause as far as evidence shows, good copies in WAL, and the next
safe step. With - it is standard input, which may be a whole log.

Examples:
  pgdissect triage /srv/copy/pgdata
  pgdissect triage pgdata --message 'invalid page in block 5 of relation base/16384/66427'
  pgdissect triage pgdata --quick --message - < postgresql.log
  pgdissect triage --archive /backup/wal basebackup")]
pub(super) struct Args {
    #[command(flatten)]
    target: Target,

    /// Where restore_command would find WAL: a directory, tar or file; may be repeated
    #[arg(long = "archive", value_name = "DIR", help_heading = "Input")]
    archives: Vec<PathBuf>,

    /// Answer this message, or - for those on standard input; may be repeated
    #[arg(long, short, value_name = "TEXT", allow_hyphen_values = true)]
    message: Vec<String>,

    /// Leave out the pass over all pages
    #[arg(long)]
    quick: bool,
}

/// Longest line of a log that is looked at; the rest of it is another line.
const LONGEST: u64 = 1 << 20;

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    let (cluster, log, input) = args.target.cluster_and_wal("triage", &args.archives, global)?;
    let request = Request {
        heard: heard(&args.message).map_err(|error| {
            CliError::unreadable(format!("could not read standard input: {error}"))
        })?,
        quick: args.quick,
        archives: archive_options(&args.archives),
        jobs: global.jobs(),
        input: quoted(&input.path),
    };
    let answer = triage::triage(&cluster, &log, &request, &*global.progress())
        .map_err(|error| CliError::unreadable(format!("could not start threads: {error}")))?;
    let Triaged { triage, findings, coverage } = answer;
    Ok(Outcome::new(Envelope::new(triage::SCHEMA, input, coverage, &findings, triage)))
}

fn heard(messages: &[String]) -> io::Result<Heard> {
    let mut heard = Heard::default();
    for message in messages {
        if message == "-" {
            log(&mut io::stdin().lock(), &mut heard)?;
        } else {
            heard.message(message);
        }
    }
    Ok(heard)
}

/// A whole log, line by line.
fn log(input: &mut dyn BufRead, heard: &mut Heard) -> io::Result<()> {
    let mut line = Vec::new();
    while input.take(LONGEST).read_until(b'\n', &mut line)? > 0 {
        heard.line(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(())
}
