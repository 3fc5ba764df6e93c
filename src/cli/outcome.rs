//! What a command returns: a report in its envelope, to be rendered by the frame.
use super::global::{Format, When};
use super::{CliError, DONE, FOUND, Global, UNREADABLE, output};
use crate::finding::Severity;
use crate::render::{self, Style};
use crate::report::{Envelope, Present};
use serde::Serialize;
use std::io::{self, IsTerminal as _, Write};

/// A finished report of any kind.
pub(super) struct Outcome(Box<dyn Answer>);

impl Outcome {
    /// A report with everything that surrounds it.
    pub(super) fn new<T: Serialize + Present + 'static>(envelope: Envelope<T>) -> Self {
        Self(Box::new(envelope))
    }

    /// An answer that is made while it is written.
    pub(super) fn of(answer: impl Answer + 'static) -> Self {
        Self(Box::new(answer))
    }

    /// Writes it as the options ask and gives the exit status.
    ///
    /// # Errors
    /// If it could not be written.
    pub(super) fn deliver(&self, global: &Global) -> Result<u8, CliError> {
        if global.format == Format::Csv {
            self.check_table(global.table.as_deref())?;
        }
        output::write(global.output.as_deref(), |out| self.0.write(global, out))?;
        Ok(match self.0.worst() {
            _ if !self.0.complete() => UNREADABLE,
            Some(worst) if global.fail_on.covers(worst) => FOUND,
            _ => DONE,
        })
    }

    /// Whether there is a table to write as CSV.
    fn check_table(&self, wanted: Option<&str>) -> Result<(), CliError> {
        let names = self.0.tables();
        match (wanted, names.as_slice()) {
            (_, []) => Err(CliError::usage("this report has no table to write as CSV")),
            (Some(wanted), names) if !names.contains(&wanted) => {
                let what = format!("there is no table \"{wanted}\" in this report");
                Err(CliError::usage(what).hint(format!("It has: {}.", names.join(", "))))
            }
            _ => Ok(()),
        }
    }
}

/// What can be written: an envelope whose report's type is forgotten, or what is made while it is
/// written.
pub(super) trait Answer {
    /// Writes it in the format asked for.
    fn write(&self, global: &Global, out: &mut dyn Write) -> io::Result<()>;

    /// The tables that can be written as CSV.
    fn tables(&self) -> Vec<&'static str>;

    /// The worst that was found; asked after writing.
    fn worst(&self) -> Option<Severity>;

    /// Whether everything that was asked for was read; asked after writing.
    fn complete(&self) -> bool;
}

impl<T: Serialize + Present> Answer for Envelope<T> {
    fn write(&self, global: &Global, out: &mut dyn Write) -> io::Result<()> {
        match global.format {
            Format::Text => out.write_all(render::text(self, &style(global)).as_bytes()),
            Format::Json => render::json(self, out),
            Format::Jsonl => render::jsonl(self, out),
            Format::Csv => render::csv(&self.report, global.table.as_deref(), out),
            // Refused before any work was done.
            Format::PgWaldump => Ok(()),
        }
    }

    fn tables(&self) -> Vec<&'static str> {
        self.report.tables().iter().map(|table| table.name).collect()
    }

    fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|group| group.severity).max()
    }

    fn complete(&self) -> bool {
        self.coverage.as_ref().is_none_or(|coverage| coverage.skipped.is_empty())
    }
}

/// How text is laid out where it goes.
pub(super) fn style(global: &Global) -> Style {
    let stdout = io::stdout();
    let terminal = global.output.is_none() && stdout.is_terminal();
    let color = match global.color {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            terminal && anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never
        }
    };
    Style { width: terminal.then(terminal_width), color }
}

/// Columns of the terminal; 80 if it does not say.
fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)).max(40)
}
