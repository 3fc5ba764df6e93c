//! `replay`: what recovery would do, without starting anything.
mod records;

use super::target::{archive_options, quoted};
use super::{CliError, Global, Outcome, Target};
use crate::analysis::replay::{self, Replayed, Request};
use crate::analysis::wal::Filter;
use crate::replay::{Goal, Ground, Target as RecoveryTarget, TimelineGoal, Wish};
use crate::report::Envelope;
use crate::report::replay::View;
use crate::types::{Lsn, TimestampTz, Xid};
use jiff::tz::TimeZone;
use records::{RecordArgs, RecordsAnswer};
use std::path::PathBuf;

/// What recovery would do: how it begins and ends, what is lost, where a target stops it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Nothing is started and nothing is changed. What recovery.signal, standby.signal, backup_label and
the settings ask for is what is looked at. With a --target option, recovery.signal and
restore_command are assumed, and the settings' own target is not looked at. restore_command is
never run: name with --archive what it would fetch.

Pages that no record names are read too, for checksums, headers and LSNs beyond the end of WAL,
unless --quick or --records.

A target is what recovery_target_time, _xid, _lsn and _name take, or \"immediate\".

Examples:
  pgdissect replay /srv/copy/pgdata                      would it start, and what would be gone
  pgdissect replay --archive /backup/wal basebackup      a restored base backup, with its archive
  pgdissect replay --archive /backup/wal --target-time '2026-11-21 14:00+01' basebackup
  pgdissect replay --archive /backup/wal --list-targets basebackup
  pgdissect replay pgdata --records -R shop.public.orders    each record, and what it does
  pgdissect replay --format json pgdata                  every number of it")]
pub(super) struct Args {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    records: RecordArgs,

    /// Where restore_command would find WAL: a directory, tar or file; may be repeated
    #[arg(long = "archive", value_name = "DIR", help_heading = "Input")]
    archives: Vec<PathBuf>,

    /// Stop by the time of transactions' ends, such as '2026-01-31 09:00+01'
    #[arg(long, value_name = "TIME", help_heading = "Target", group = "goal", value_parser = time)]
    target_time: Option<TimestampTz>,

    /// Stop at the end of this transaction
    #[arg(long, value_name = "XID", help_heading = "Target", group = "goal")]
    target_xid: Option<u32>,

    /// Stop at this position
    #[arg(long, value_name = "LSN", help_heading = "Target", group = "goal")]
    target_lsn: Option<Lsn>,

    /// Stop at the restore point of this name
    #[arg(long, value_name = "NAME", help_heading = "Target", group = "goal")]
    target_name: Option<String>,

    /// Stop as soon as the files are consistent
    #[arg(long = "target", value_name = "immediate", help_heading = "Target", group = "goal")]
    target_word: Option<Immediate>,

    /// Whether what is named is replayed too: on (the default) or off
    #[arg(long, value_name = "on|off", help_heading = "Target", value_parser = on_or_off)]
    target_inclusive: Option<bool>,

    /// Follow this timeline: a number, latest (the default) or current
    #[arg(long, value_name = "TIMELINE", help_heading = "Target", value_parser = timeline)]
    target_timeline: Option<TimelineGoal>,

    /// List what could be a target: restore points, timelines, transactions that did DDL
    #[arg(long, help_heading = "Target")]
    list_targets: bool,

    /// Leave out the pass over the pages that no record names
    #[arg(long)]
    quick: bool,
}

/// What `--target` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Immediate {
    Immediate,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    args.records.check(global)?;
    let (cluster, log, input) = args.target.cluster_and_wal("replay", &args.archives, global)?;
    let wish = Wish { target: args.wanted(), archive: !args.archives.is_empty() };
    let (records, list_targets, jobs) = (args.records.records, args.list_targets, global.jobs());
    let request = Request { wish, records, list_targets, quick: args.quick, jobs };
    let answer = replay::replay(&cluster, &log, &request, &*global.progress())
        .map_err(|error| CliError::unreadable(format!("could not start threads: {error}")))?;
    let Replayed { start, course, mut replay, findings, coverage, .. } = answer;
    replay.view = View { input: quoted(&input.path) + &archive_options(&args.archives) };
    let envelope = Envelope::new(replay::SCHEMA, input, coverage, &findings, replay);
    match course.filter(|_| records) {
        Some(course) => {
            let ground = Ground::of(&cluster, &start, &course);
            let filter = match &ground {
                Some(ground) => args.records.filter(&cluster, ground, jobs)?,
                None => Filter::default(),
            };
            Ok(Outcome::of(RecordsAnswer { cluster, start, course, filter, jobs, envelope }))
        }
        None => Ok(Outcome::new(envelope)),
    }
}

impl Args {
    /// The target that the options name, if one does.
    fn wanted(&self) -> Option<RecoveryTarget> {
        let goal = self
            .target_time
            .map(Goal::Time)
            .or_else(|| self.target_xid.map(|xid| Goal::Xid(Xid(xid))))
            .or_else(|| self.target_lsn.map(Goal::Lsn))
            .or_else(|| self.target_name.clone().map(Goal::Name))
            .or_else(|| self.target_word.map(|_| Goal::Immediate));
        let named = goal.is_some() || self.target_timeline.is_some();
        named.then(|| RecoveryTarget {
            goal,
            inclusive: self.target_inclusive.unwrap_or(true),
            timeline: self.target_timeline.unwrap_or_default(),
        })
    }
}

fn time(text: &str) -> Result<TimestampTz, String> {
    TimestampTz::parse(text, &TimeZone::system())
}

fn on_or_off(text: &str) -> Result<bool, String> {
    match text {
        "on" | "true" => Ok(true),
        "off" | "false" => Ok(false),
        _ => Err("expected on or off".to_owned()),
    }
}

fn timeline(text: &str) -> Result<TimelineGoal, String> {
    TimelineGoal::parse(text).map_err(|_| "expected a number, latest or current".to_owned())
}
