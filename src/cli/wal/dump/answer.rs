//! The answer: written while the log is read, as it may be larger than memory.
use super::{WalInput, Waldump};
use crate::analysis::wal::dump::{self, Dumped, Piece, Request, Writer};
use crate::cli::global::Format;
use crate::cli::outcome::Answer;
use crate::cli::{CliError, Global};
use crate::finding::Severity;
use crate::format::wal::{Located, Record};
use crate::render::wal::PgWaldump;
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
        let says = Waldump { log: &self.input.log, from: self.request.range.from };
        let mut written = Ok(());
        let dumped = dump::dump(&self.input.log, &self.request, &writer, |piece| {
            let result = match piece {
                Piece::Text(text) => out.write_all(text.as_bytes()),
                Piece::First(first) => says.skipped(first, out),
                Piece::Damage(gap) => {
                    says.complain(gap.after, &gap.failure);
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
            says.complain(after, &failure);
        }
        Ok(dumped)
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
