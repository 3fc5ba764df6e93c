//! Answers whose rows are written as they are found: there may be more than fit into memory.
use super::Global;
use super::global::Format;
use super::outcome::{Answer as _, style};
use crate::finding::Severity;
use crate::render::{self, TextParts};
use crate::report::{Envelope, Input, Present, Row};
use serde::Serialize;
use std::io::{self, Write};

/// Rows of text that are laid out together, as one table.
const TOGETHER: usize = 1000;

/// Writes them in the format that was asked for. A JSON document is written at once: it holds all.
pub(super) struct Rows<'o, R> {
    global: &'o Global,
    out: &'o mut dyn Write,
    text: TextParts,
    held: Vec<R>,
    /// Whether a part was written.
    begun: bool,
    /// Whether there are any to be listed.
    listed: bool,
}

impl<'o, R: Row> Rows<'o, R> {
    /// Nothing yet. `tables` are those of the answer, of which CSV has one; without `listed`, there
    /// will be no rows.
    pub(super) fn new(
        (global, tables, listed): (&'o Global, &[&str], bool),
        input: &Input,
        out: &'o mut dyn Write,
    ) -> Self {
        let table = global.table.as_deref().or_else(|| tables.first().copied());
        let listed = match global.format {
            Format::Csv => table == Some(R::LIST),
            _ => listed,
        };
        let text = TextParts::new(Some(input), &style(global));
        Self { global, out, text, held: Vec::new(), begun: false, listed }
    }

    /// Takes the next row.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn push(&mut self, row: R) -> io::Result<()> {
        match self.global.format {
            Format::Jsonl => return render::jsonl_item(R::LIST, &row, self.out),
            Format::Csv if !self.listed => return Ok(()),
            _ => self.held.push(row),
        }
        if self.held.len() >= TOGETHER { self.flush() } else { Ok(()) }
    }

    /// Writes the rows that are held, in the formats that do not need all of them.
    fn flush(&mut self) -> io::Result<()> {
        let mut table = match self.global.format {
            Format::Text => R::table(&self.held, false),
            Format::Csv => R::table(&self.held, true),
            _ => return Ok(()),
        };
        self.held.clear();
        let first = !std::mem::replace(&mut self.begun, true);
        if self.global.format == Format::Csv {
            return render::csv_rows(&table, first, self.out);
        }
        if !first {
            table.title.clear();
        }
        self.out.write_all(self.text.table(&table).as_bytes())
    }

    /// Writes the rest; `envelope` makes the report, of the rows that a document has to hold. Gives
    /// the worst that was found.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn finish<T: Serialize + Present>(
        mut self,
        envelope: impl FnOnce(Vec<R>) -> Envelope<T>,
    ) -> io::Result<Option<Severity>> {
        if self.listed && !(self.begun && self.held.is_empty()) {
            self.flush()?;
        }
        let envelope = envelope(self.held);
        match self.global.format {
            Format::Json => render::json(&envelope, self.out)?,
            Format::Jsonl => render::jsonl(&envelope, self.out)?,
            Format::Csv if self.listed => {}
            Format::Csv => {
                render::csv(&envelope.report, self.global.table.as_deref(), self.out)?;
            }
            Format::Text | Format::PgWaldump => {
                self.out.write_all(self.text.end(&envelope).as_bytes())?;
            }
        }
        Ok(envelope.worst())
    }
}
