//! The answer: written while the log is read, as it may be larger than memory.
use super::WalInput;
use crate::analysis::wal::dump::{self, Dumped, Piece, Request, Writer};
use crate::cli::global::Format;
use crate::cli::outcome::Answer;
use crate::cli::{CliError, Global, output};
use crate::finding::Severity;
use crate::format::wal::{Failure, Located, Record, WalFault};
use crate::render::wal::PgWaldump;
use crate::types::Lsn;
use crate::wal::{End, Gap};
use jiff::tz::TimeZone;
use std::cell::OnceCell;
use std::io::{self, Write};
use std::ops::ControlFlow;

/// What will be written.
pub(super) struct DumpAnswer {
    input: WalInput,
    request: Request,
    bkp_details: bool,
    zone: TimeZone,
    dumped: OnceCell<Dumped>,
}

impl DumpAnswer {
    /// Checks that it can be written as it is asked for.
    pub(super) fn new(
        input: WalInput,
        request: Request,
        bkp_details: bool,
        global: &Global,
    ) -> Result<Self, CliError> {
        if global.format != Format::PgWaldump {
            return Err(CliError::usage("wal dump writes --format pg_waldump"));
        }
        let (zone, dumped) = (TimeZone::system(), OnceCell::new());
        Ok(Self { input, request, bkp_details, zone, dumped })
    }

    fn pg_waldump(&self, out: &mut dyn Write) -> io::Result<Dumped> {
        let dialect = &self.input.log.dialect;
        let writer = PgWaldump { dialect, bkp_details: self.bkp_details, zone: &self.zone };
        let mut written = Ok(());
        let dumped = dump::dump(&self.input.log, &self.request, &writer, |piece| {
            let result = match piece {
                Piece::Text(text) => out.write_all(text.as_bytes()),
                Piece::First(first) => self.skipped(first, out),
                Piece::Damage(gap) => {
                    self.complain(gap.after, &gap.failure);
                    Ok(())
                }
            };
            match result {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    written = Err(error);
                    ControlFlow::Break(())
                }
            }
        });
        written?;
        out.flush()?;
        if let Some(End { after, failure }) = dumped.end {
            self.complain(after, &failure);
        }
        Ok(dumped)
    }

    /// What pg_waldump says when its start is not the start of a record.
    fn skipped(&self, first: Lsn, out: &mut dyn Write) -> io::Result<()> {
        let layout = self.input.log.dialect.layout;
        let from = self.request.range.from;
        let segment_size = u64::from(self.input.log.shape.segment_size);
        if from >= first || from.0.is_multiple_of(segment_size) {
            return Ok(());
        }
        let bytes = first.0.saturating_sub(from.0);
        let plural = if bytes == 1 { "" } else { "s" };
        let (from, first) = (layout.lsn_text(from), layout.lsn_text(first));
        let line =
            format!("first record is after {from}, at {first}, skipping over {bytes} byte{plural}");
        if layout.waldump_words().skipping_on_stderr {
            output::say(&format!("pg_waldump: {line}"));
            Ok(())
        } else {
            writeln!(out, "{line}")
        }
    }

    /// What pg_waldump says of a record that it cannot read.
    fn complain(&self, after: Option<Lsn>, failure: &Failure) {
        let layout = self.input.log.dialect.layout;
        let words = layout.waldump_words();
        let said = failure.said(layout);
        let own = failure.fault.is_of_record_only() && words.names_record_itself;
        let at = layout.lsn_text(if own { failure.record } else { after.unwrap_or_default() });
        let line = match (failure.fault, after) {
            // These are its own, not its reader's.
            (WalFault::Missing, _) => format!("{said}: No such file or directory"),
            (WalFault::Short { .. }, _) => said,
            (_, None) if self.request.range.from.is_valid() => {
                let from = layout.lsn_text(self.request.range.from);
                let why = if words.says_why_none { format!(": {said}") } else { String::new() };
                format!("could not find a valid record after {from}{why}")
            }
            _ => format!("error in WAL record at {at}: {said}"),
        };
        output::say(&format!("pg_waldump: {}: {line}", words.grave));
    }
}

impl Writer for PgWaldump<'_> {
    fn record(&self, located: &Located<'_>, record: &Record<'_>, out: &mut String) {
        self.record(located, record, out);
    }

    // What is missing, pg_waldump has no line for: it is said on standard error.
    fn undecodable(&self, _: &Located<'_>, _: &Gap, _: &mut String) {}

    fn gap(&self, _: &Gap, _: &mut String) {}
}

impl Answer for DumpAnswer {
    fn write(&self, _: &Global, out: &mut dyn Write) -> io::Result<()> {
        let dumped = self.pg_waldump(out)?;
        let _ = self.dumped.set(dumped);
        Ok(())
    }

    fn tables(&self) -> Vec<&'static str> {
        Vec::new()
    }

    fn worst(&self) -> Option<Severity> {
        let dumped = self.dumped.get()?;
        // pg_waldump fails wherever it finds no further record, be that the end of WAL.
        let ended = dumped.end.map(|_| Severity::Error);
        dumped.findings.worst().max(ended)
    }

    fn complete(&self) -> bool {
        true
    }
}
