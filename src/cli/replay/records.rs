//! `replay --records`: each record that is replayed, written while the log is read.
use crate::analysis::replay::records;
use crate::analysis::wal::Filter;
use crate::cli::global::Format;
use crate::cli::outcome::{self, Answer};
use crate::cli::wal::relation;
use crate::cli::{CliError, Global};
use crate::cluster::Cluster;
use crate::finding::Severity;
use crate::render::{self, wal::replay_text};
use crate::replay::{Course, Ground, Start};
use crate::report::Envelope;
use crate::report::replay::Replay;
use crate::types::Fork;
use crate::wal::Names;
use std::io::{self, Write};
use std::ops::RangeInclusive;

/// The options that choose records.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Records")]
pub(super) struct RecordArgs {
    /// Show each record that is replayed, with what it does to each block
    #[arg(long)]
    pub(super) records: bool,

    /// With --records, about this relation, by name or as 1663/5/16384; may be repeated
    #[arg(long = "relation", short = 'R', value_name = "RELATION", requires = "records")]
    relations: Vec<String>,

    /// With --records, about this block, or one of a range such as 0-9
    #[arg(long, short = 'B', value_name = "BLOCK", requires = "records", value_parser = relation::blocks)]
    block: Option<RangeInclusive<u32>>,

    /// With --records, about this fork: main, fsm, vm or init
    #[arg(long, short = 'F', value_name = "FORK", requires = "records", value_parser = relation::fork)]
    fork: Option<Fork>,
}

/// What will be written.
pub(super) struct RecordsAnswer {
    pub(super) cluster: Cluster,
    pub(super) start: Start,
    pub(super) course: Course,
    pub(super) filter: Filter,
    pub(super) jobs: usize,
    /// What follows the records.
    pub(super) envelope: Envelope<Replay>,
}

impl RecordArgs {
    /// Refuses, before WAL is opened, what cannot be written.
    pub(super) fn check(&self, global: &Global) -> Result<(), CliError> {
        match global.format {
            Format::Json | Format::Csv if self.records => {
                let what = "replay --records does not write that format: there may be no end to it";
                let hint = "--format jsonl writes an object for each record.";
                Err(CliError::usage(what).hint(hint))
            }
            _ => Ok(()),
        }
    }

    /// Which records are meant.
    pub(super) fn filter(
        &self,
        cluster: &Cluster,
        ground: &Ground<'_>,
        jobs: usize,
    ) -> Result<Filter, CliError> {
        let range = ground.span.range();
        let relations = match &*self.relations {
            [] => None,
            names => Some(relation::locators((Some(cluster), ground.log), names, range, jobs)?),
        };
        let (blocks, fork) = (self.block.clone(), self.fork);
        Ok(Filter { relations, blocks, fork, ..Filter::default() })
    }
}

impl RecordsAnswer {
    /// Writes each record by `line`.
    fn lines(
        &self,
        out: &mut dyn Write,
        mut line: impl FnMut(&crate::report::replay::RecordRow, &mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(ground) = Ground::of(&self.cluster, &self.start, &self.course) else {
            return Ok(());
        };
        let (range, cluster) = (ground.span.range(), Some(&self.cluster));
        let names = Names::with_history(cluster, ground.log, range, self.jobs);
        let mut written = Ok(());
        records(&ground, &names, &self.filter, self.jobs, |row| {
            if written.is_ok() {
                written = line(row, out);
            }
        });
        written
    }
}

impl Answer for RecordsAnswer {
    fn write(&self, global: &Global, out: &mut dyn Write) -> io::Result<()> {
        if global.format == Format::Jsonl {
            self.lines(out, |row, out| render::jsonl_item("records", row, out))?;
            return render::jsonl(&self.envelope, out);
        }
        let mut text = String::new();
        self.lines(out, |row, out| {
            text.clear();
            replay_text(row, &mut text);
            out.write_all(text.as_bytes())
        })?;
        let closing = render::text(&self.envelope, &outcome::style(global));
        write!(out, "\n{closing}")
    }

    fn tables(&self) -> Vec<&'static str> {
        Vec::new()
    }

    fn worst(&self) -> Option<Severity> {
        self.envelope.worst()
    }

    fn complete(&self) -> bool {
        self.envelope.complete()
    }
}
