//! The answer: written while the log is read, as it may be larger than memory.
use super::{WalInput, Waldump};
use crate::analysis::wal::dump::{self, Dumped, Piece, Request, Writer};
use crate::cli::global::Format;
use crate::cli::outcome::{self, Answer};
use crate::cli::{CliError, Global};
use crate::finding::Severity;
use crate::format::wal::{Located, Record, SegmentNumber};
use crate::render;
use crate::render::wal::{PgWaldump, WalJson, WalText};
use crate::report::Envelope;
use crate::types::Lsn;
use crate::wal::{Gap, Keys, Names};
use jiff::tz::TimeZone;
use std::cell::Cell;
use std::io::{self, Write};
use std::ops::ControlFlow;

/// The name and version of its schema.
const SCHEMA: &str = "wal-dump/1";

/// What will be written.
pub(super) struct DumpAnswer {
    input: WalInput,
    request: Request,
    bkp_details: bool,
    zone: TimeZone,
    worst: Cell<Option<Severity>>,
}

/// Refuses, before WAL is opened, what cannot be written.
pub(super) fn check(global: &Global, bkp_details: bool) -> Result<(), CliError> {
    match global.format {
        Format::Json | Format::Csv => {
            Err(CliError::usage("wal dump does not write that format: there may be no end to it")
                .hint("--format jsonl writes an object for each record."))
        }
        Format::Text | Format::Jsonl if bkp_details => {
            Err(CliError::usage("--bkp-details only makes sense with --format pg_waldump"))
        }
        _ => Ok(()),
    }
}

impl DumpAnswer {
    pub(super) fn new(input: WalInput, request: Request, bkp_details: bool) -> Self {
        Self { input, request, bkp_details, zone: TimeZone::system(), worst: Cell::new(None) }
    }

    /// Reads the log; `say` writes what is not the text of records.
    fn dump(
        &self,
        writer: &impl Writer,
        out: &mut dyn Write,
        mut say: impl FnMut(Piece<'_>, &mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Dumped> {
        let mut written = Ok(());
        let dumped = dump::dump(&self.input.log, &self.request, writer, |piece| {
            written = match piece {
                Piece::Text(text) => out.write_all(text),
                other => say(other, out),
            };
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        written.map(|()| dumped)
    }

    /// pg_waldump fails wherever it finds no further record, be that the end of WAL.
    fn pg_waldump(&self, out: &mut dyn Write) -> io::Result<Option<Severity>> {
        let log = &self.input.log;
        let (dialect, said) = (&log.dialect, Waldump { log, from: self.request.range.from });
        let writer = PgWaldump { dialect, bkp_details: self.bkp_details, zone: &self.zone };
        let mut begun = false;
        let dumped = self.dump(&writer, out, |piece, out| match piece {
            Piece::First(first) => {
                begun = true;
                said.skipped(first, out)
            }
            Piece::Damage(gap) => {
                said.complain(gap.after, &gap.failure);
                Ok(())
            }
            Piece::Text(_) => Ok(()),
        })?;
        out.flush()?;
        match dumped.end {
            Some(end) => said.complain(end.after, &end.failure),
            None if !begun && said.from.is_valid() => said.nothing(),
            None => return Ok(dumped.findings.worst()),
        }
        Ok(Some(Severity::Error))
    }

    fn text(&self, global: &Global, out: &mut dyn Write) -> io::Result<Option<Severity>> {
        let style = outcome::style(global);
        let (log, names) = (&self.input.log, self.names());
        let keys = Keys::new(&names);
        let last = log.segments().keys().next_back().copied().map(SegmentNumber::next);
        let last = last.map_or(Lsn::INVALID, |next| next.start(log.shape.segment_size));
        let writer = WalText {
            dialect: &log.dialect,
            names: &names,
            keys: &keys,
            zone: &self.zone,
            lsn_width: log.dialect.layout.lsn_text(last).len(),
            width: style.width,
        };
        if !self.request.quiet {
            out.write_all(writer.head().as_bytes())?;
        }
        let dumped = self.dump(&writer, out, |_, _| Ok(()))?;
        let worst = dumped.findings.worst();
        let gap = if self.request.quiet { "" } else { "\n" };
        let closing = render::text(&self.envelope(dumped), &style);
        write!(out, "{gap}{closing}")?;
        Ok(worst)
    }

    fn jsonl(&self, out: &mut dyn Write) -> io::Result<Option<Severity>> {
        let names = self.names();
        let keys = Keys::new(&names);
        let writer = WalJson { dialect: &self.input.log.dialect, names: &names, keys: &keys };
        let dumped = self.dump(&writer, out, |_, _| Ok(()))?;
        let worst = dumped.findings.worst();
        render::jsonl(&self.envelope(dumped), out)?;
        Ok(worst)
    }

    /// What relations are called, those that are gone included, which only WAL tells.
    fn names(&self) -> Names<'_> {
        let cluster = self.input.cluster.as_ref();
        if self.request.quiet {
            return Names::new(cluster);
        }
        Names::with_history(cluster, &self.input.log, self.request.range, self.request.jobs)
    }

    fn envelope(&self, dumped: Dumped) -> Envelope<crate::report::wal::dump::Dump<'static>> {
        let Dumped { report, findings, coverage, .. } = dumped;
        Envelope::new(SCHEMA, self.input.input.clone(), coverage, &findings, report)
    }
}

impl Writer for PgWaldump<'_> {
    fn record(&self, located: &Located<'_>, record: &Record<'_>, out: &mut Vec<u8>) {
        self.record(located, record, out);
    }

    // For what is missing pg_waldump has no line: it is said on standard error.
    fn undecodable(&self, _: &Located<'_>, _: &Gap, _: &mut Vec<u8>) {}

    fn gap(&self, _: &Gap, _: &mut Vec<u8>) {}
}

impl Writer for WalText<'_> {
    fn record(&self, located: &Located<'_>, record: &Record<'_>, out: &mut Vec<u8>) {
        self.record(located, record, out);
    }

    fn undecodable(&self, located: &Located<'_>, gap: &Gap, out: &mut Vec<u8>) {
        self.undecodable(located, gap, out);
    }

    fn gap(&self, gap: &Gap, out: &mut Vec<u8>) {
        self.gap(gap, out);
    }
}

impl Writer for WalJson<'_> {
    fn record(&self, located: &Located<'_>, record: &Record<'_>, out: &mut Vec<u8>) {
        self.record(located, record, out);
    }

    fn undecodable(&self, _: &Located<'_>, gap: &Gap, out: &mut Vec<u8>) {
        self.gap(gap, out);
    }

    fn gap(&self, gap: &Gap, out: &mut Vec<u8>) {
        self.gap(gap, out);
    }
}

impl Answer for DumpAnswer {
    fn write(&self, global: &Global, out: &mut dyn Write) -> io::Result<()> {
        self.worst.set(match global.format {
            Format::PgWaldump => self.pg_waldump(out)?,
            Format::Jsonl => self.jsonl(out)?,
            // The others were refused.
            Format::Text | Format::Json | Format::Csv => self.text(global, out)?,
        });
        Ok(())
    }

    fn tables(&self) -> Vec<&'static str> {
        Vec::new()
    }

    fn worst(&self) -> Option<Severity> {
        self.worst.get()
    }

    fn complete(&self) -> bool {
        true
    }
}
