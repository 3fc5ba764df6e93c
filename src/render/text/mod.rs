//! Text for people: what was looked at, the answer, what is wrong, how far it was read.
mod findings;
mod number;
mod paint;
mod table;
mod width;

pub use number::pretty_size;
pub use width::escape;

use crate::report::doc::{Block, Cell, Table, Tone};
use crate::report::{Coverage, Envelope, Input, Present};
use paint::Paint;

/// How text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal; `None` if it goes elsewhere: then paragraphs have 80 columns,
    /// tables are as wide as they are, and no name is cut, so that `grep` finds it.
    pub width: Option<usize>,
    /// Whether to colour.
    pub color: bool,
}

/// Columns of a paragraph where there is no terminal.
const PARAGRAPH: usize = 80;
/// Columns of a paragraph at most, on a terminal however wide.
const WIDEST_PARAGRAPH: usize = 100;
/// How many things that were not read are named; the rest is counted.
const SKIPPED_SHOWN: usize = 10;

/// The whole report. Nothing in it that comes from the input can drive the terminal.
pub fn text<T: Present>(envelope: &Envelope<T>, style: &Style) -> String {
    let mut page = Page::new(style);
    if let Some(input) = &envelope.input {
        page.input(input);
    }
    envelope.report.present().blocks.iter().for_each(|block| page.block(block));
    page.left_out();
    findings::show(&envelope.findings, &mut page);
    if let Some(coverage) = &envelope.coverage {
        page.coverage(coverage);
    }
    page.out
}

/// The text so far.
struct Page {
    out: String,
    width: Option<usize>,
    paint: Paint,
    /// Columns that did not fit, by table.
    dropped: Vec<String>,
}

impl Page {
    fn new(style: &Style) -> Self {
        let paint = Paint(style.color);
        Self { out: String::new(), width: style.width, paint, dropped: Vec::new() }
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// An empty line, unless there is one already or nothing to separate.
    fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A paragraph whose first line starts with `label` and whose other lines are indented alike.
    /// The label is counted, but not escaped: it is ours.
    fn paragraph(&mut self, label: &str, text: &str) {
        let room = self.width.map_or(PARAGRAPH, |width| width.min(WIDEST_PARAGRAPH));
        let indent = width::width(label);
        let lines = width::wrap(&escape(text), room.saturating_sub(indent));
        for (index, line) in lines.iter().enumerate() {
            let before = if index == 0 { label.to_owned() } else { " ".repeat(indent) };
            self.line(&format!("{before}{line}"));
        }
    }

    fn heading(&mut self, text: &str) {
        self.gap();
        let heading = self.paint.heading(&escape(text));
        self.line(&heading);
    }

    fn input(&mut self, input: &Input) {
        let mut facts = vec![input.kind.clone()];
        facts.extend(input.postgres.map(|major| format!("PostgreSQL {major}")));
        facts.extend(input.state.clone());
        facts.extend(input.system_identifier.as_ref().map(|id| format!("system identifier {id}")));
        facts.retain(|fact| !fact.is_empty());
        self.paragraph("", &format!("{}: {}", input.path, facts.join(", ")));
        input.notes.iter().for_each(|note| self.paragraph("note: ", note));
        self.gap();
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => self.heading(text),
            Block::Text(text) => self.paragraph("", text),
            Block::Fields(fields) => self.fields(fields),
            Block::Table(table) => self.table(table),
            Block::Verbatim(lines) => lines.iter().for_each(|line| self.line(&escape(line))),
            Block::Next(commands) => self.next(commands),
        }
    }

    fn fields(&mut self, fields: &[(String, Cell)]) {
        let labels: Vec<_> = fields.iter().map(|(label, _)| escape(label) + ":").collect();
        let widest = labels.iter().map(|label| width::width(label)).max().unwrap_or(0);
        for (label, (_, cell)) in labels.iter().zip(fields) {
            let padding = " ".repeat(widest - width::width(label) + 1);
            let value = self.paint.tone(cell.tone, &number::show(&cell.value));
            self.line(format!("{label}{padding}{value}").trim_end());
        }
    }

    fn table(&mut self, table: &Table) {
        if table.title.is_empty() {
            self.gap();
        } else {
            self.heading(&table.title);
        }
        if table.rows.is_empty() {
            return self.line("(none)");
        }
        let (lines, dropped) = table::lines(table, self.width, self.paint);
        lines.iter().for_each(|line| self.line(line));
        if !dropped.is_empty() {
            self.dropped.push(format!("{} ({})", dropped.join(", "), table.name));
        }
    }

    /// Commands in a column, what they show in the next.
    fn next(&mut self, commands: &[(String, String)]) {
        let escaped = commands.iter().map(|(command, shows)| (escape(command), escape(shows)));
        let escaped: Vec<_> = escaped.collect();
        let widest = escaped.iter().map(|(command, _)| width::width(command)).max().unwrap_or(0);
        for (command, shows) in &escaped {
            let padding = " ".repeat(widest - width::width(command));
            let shows = self.paint.tone(Tone::Faint, shows);
            self.line(format!("  {command}{padding}  {shows}").trim_end());
        }
    }

    /// Says which columns the terminal had no room for.
    fn left_out(&mut self) {
        if self.dropped.is_empty() {
            return;
        }
        let columns = std::mem::take(&mut self.dropped).join("; ");
        self.gap();
        self.paragraph(
            "",
            &format!("No room for: {columns}. A wider terminal or --format csv shows them."),
        );
    }

    fn coverage(&mut self, coverage: &Coverage) {
        self.gap();
        self.paragraph("", &read(coverage));
        for skipped in coverage.skipped.iter().take(SKIPPED_SHOWN) {
            self.paragraph("Not read: ", &format!("{}: {}", skipped.what, skipped.why));
        }
        let more = coverage.skipped.len().saturating_sub(SKIPPED_SHOWN);
        if more > 0 {
            self.paragraph("Not read: ", &format!("{more} more; --format json names them."));
        }
    }
}

/// `Read 36 of 36 relations: 72 files, 1,234 blocks, 9872 kB.`
fn read(coverage: &Coverage) -> String {
    let count = |number: u64, one: &str, many: &str| {
        format!("{} {}", number::grouped(number.into()), if number == 1 { one } else { many })
    };
    let mut parts = vec![count(coverage.files, "file", "files")];
    if coverage.blocks > 0 {
        parts.push(count(coverage.blocks, "block", "blocks"));
    }
    parts.push(number::pretty_size(coverage.bytes));
    let parts = parts.join(", ");
    if coverage.relations == 0 {
        return format!("Read {parts}.");
    }
    let relations = count(coverage.relations, "relation", "relations");
    let read = number::grouped(coverage.relations_read.into());
    format!("Read {read} of {relations}: {parts}.")
}
