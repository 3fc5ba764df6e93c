//! Text for people: what was looked at, the answer, what is wrong, how far it was read.
mod bytes;
mod findings;
mod number;
mod paint;
mod picture;
mod table;
pub(super) mod width;

pub use number::pretty_size;
pub use width::{escape, shorten};

use crate::report::doc::{Block, BytesOf, Cell, Picture, Table, Tone};
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
    TextParts::new(envelope.input.as_ref(), style).end(envelope)
}

/// The same report in parts, for rows that are not held until the last one is known.
pub struct TextParts(Page);

impl TextParts {
    /// What was looked at.
    pub fn new(input: Option<&Input>, style: &Style) -> Self {
        let mut page = Page::new(style);
        if let Some(input) = input {
            page.input(input);
        }
        Self(page)
    }

    /// A table, as wide as its own rows are, and what comes before it and was not given yet.
    pub fn table(&mut self, table: &Table) -> String {
        self.0.table(table);
        std::mem::take(&mut self.0.out)
    }

    /// All the rest.
    pub fn end<T: Present>(self, envelope: &Envelope<T>) -> String {
        let mut page = self.0;
        let doc = envelope.report.present();
        doc.blocks.iter().for_each(|block| page.block(block));
        page.left_out();
        if !doc.tells_findings {
            findings::show(&envelope.findings, &mut page);
        }
        if let Some(coverage) = &envelope.coverage {
            page.coverage(coverage);
        }
        page.out
    }
}

/// The text so far.
struct Page {
    out: String,
    width: Option<usize>,
    paint: Paint,
    /// Columns that did not fit, by table.
    dropped: Vec<String>,
    /// Whether there is nothing to separate from what comes next.
    fresh: bool,
}

impl Page {
    fn new(style: &Style) -> Self {
        let paint = Paint(style.color);
        Self { out: String::new(), width: style.width, paint, dropped: Vec::new(), fresh: true }
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
        self.fresh = line.is_empty();
    }

    /// An empty line, unless there is one already, or nothing to separate, or only a heading.
    fn gap(&mut self) {
        if !self.fresh {
            self.line("");
        }
    }

    /// A paragraph whose first line starts with `label`, and whose other lines are indented alike.
    fn paragraph(&mut self, label: &str, text: &str) {
        self.hanging(label, &" ".repeat(width::width(label)), text);
    }

    /// A paragraph with `first` before its first line and `rest` before the others. These
    /// two are ours and not escaped.
    fn hanging(&mut self, first: &str, rest: &str, text: &str) {
        let room = self.width.map_or(PARAGRAPH, |width| width.min(WIDEST_PARAGRAPH));
        let room = room.saturating_sub(width::width(first).max(width::width(rest)));
        for (index, line) in width::wrap(&escape(text), room).iter().enumerate() {
            let before = if index == 0 { first } else { rest };
            self.line(&format!("{before}{line}"));
        }
    }

    fn heading(&mut self, text: &str) {
        self.gap();
        let heading = self.paint.heading(&escape(text));
        self.line(&heading);
        self.fresh = true;
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
            Block::Points(points) => self.points(points),
            Block::Table(table) => self.table(table),
            Block::Verbatim(lines) => lines.iter().for_each(|line| self.line(&escape(line))),
            Block::List(texts) => self.list(texts),
            Block::Picture(picture) => self.picture(picture),
            Block::Bytes(parts) => parts.iter().for_each(|part| self.bytes(part)),
            Block::Next(commands) => self.next(commands),
        }
    }

    /// In columns, read from top to bottom.
    fn list(&mut self, texts: &[String]) {
        let texts: Vec<_> = texts.iter().map(|text| escape(text)).collect();
        let widest = texts.iter().map(|text| width::width(text)).max().unwrap_or(0) + 3;
        let columns = (self.width.unwrap_or(PARAGRAPH) / widest).max(1);
        let rows = texts.len().div_ceil(columns);
        for row in 0..rows {
            let cells = texts.iter().skip(row).step_by(rows.max(1));
            let cell = |text: &String| format!("{text}{:1$}", "", widest - width::width(text));
            let line: String = cells.map(cell).collect();
            self.line(line.trim_end());
        }
    }

    fn picture(&mut self, picture: &Picture) {
        self.gap();
        let room = self.width.unwrap_or(PARAGRAPH);
        for line in picture::lines(picture, room, self.paint) {
            self.line(&line);
        }
    }

    fn bytes(&mut self, part: &BytesOf) {
        self.heading(&part.title);
        let room = self.width.unwrap_or(PARAGRAPH);
        for line in bytes::lines(part, room, self.paint) {
            self.line(&line);
        }
    }

    /// Labels and values in two columns; values that are all numbers are aligned to the right.
    fn fields(&mut self, fields: &[(String, Cell)]) {
        let widest = |texts: &[String]| texts.iter().map(|text| width::width(text)).max();
        let labels: Vec<_> = fields.iter().map(|(label, _)| escape(label) + ":").collect();
        let values: Vec<_> = fields.iter().map(|(_, cell)| number::show(&cell.value)).collect();
        let numbers = fields.iter().all(|(_, cell)| number::is_number(&cell.value));
        let label_width = widest(&labels).unwrap_or(0);
        let value_width = if numbers { widest(&values).unwrap_or(0) } else { 0 };
        for ((label, value), (_, cell)) in labels.iter().zip(&values).zip(fields) {
            let gap = label_width - width::width(label) + 1;
            let gap = gap + value_width.saturating_sub(width::width(value));
            let value = self.paint.tone(cell.tone, value);
            self.line(format!("{label}{:gap$}{value}", "").trim_end());
        }
    }

    /// Labels, and paragraphs beside them; below a label that would leave them too little room.
    fn points(&mut self, points: &[(String, Cell)]) {
        /// Columns that a label may take.
        const WIDEST_LABEL: usize = 20;
        let labels: Vec<_> = points.iter().map(|(label, _)| escape(label)).collect();
        let widths = labels.iter().map(|label| width::width(label));
        let indent = widths.filter(|width| *width <= WIDEST_LABEL).max().unwrap_or(0) + 2;
        for (label, (_, cell)) in labels.iter().zip(points) {
            let room = self.width.map_or(PARAGRAPH, |width| width.min(WIDEST_PARAGRAPH));
            let mut first = format!("{label}{:1$}", "", indent.saturating_sub(width::width(label)));
            if width::width(label) > WIDEST_LABEL {
                self.line(label);
                first = " ".repeat(indent);
            }
            let text = number::show(&cell.value);
            for line in width::wrap(&text, room.saturating_sub(indent)) {
                let line = self.paint.tone(cell.tone, &line);
                self.line(format!("{first}{line}").trim_end());
                first = " ".repeat(indent);
            }
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
        for line in &lines {
            self.line(line);
        }
        if !dropped.is_empty() {
            let dropped = format!("{} ({})", dropped.join(", "), table.name);
            if !self.dropped.contains(&dropped) {
                self.dropped.push(dropped);
            }
        }
    }

    /// Commands in a column, what they show in the next; below each other where that is too wide.
    fn next(&mut self, commands: &[(String, String)]) {
        let escaped = commands.iter().map(|(command, shows)| (escape(command), escape(shows)));
        let escaped: Vec<_> = escaped.collect();
        let widest = |part: fn(&(String, String)) -> &String| {
            escaped.iter().map(|pair| width::width(part(pair))).max().unwrap_or(0)
        };
        let (commands, shows) = (widest(|pair| &pair.0), widest(|pair| &pair.1));
        self.gap();
        let beside = self.width.is_none_or(|width| 4 + commands + shows <= width);
        for (command, shows) in &escaped {
            let shows = self.paint.tone(Tone::Faint, shows);
            if beside {
                let padding = commands - width::width(command);
                self.line(format!("  {command}{:padding$}  {shows}", "").trim_end());
            } else {
                for line in folded(command, self.width) {
                    self.line(&line);
                }
                self.line(&format!("      {shows}"));
            }
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

/// A command in lines that fit and that a shell takes for one; in one line, if a quoted word might be
/// broken.
fn folded(command: &str, width: Option<usize>) -> Vec<String> {
    let whole = format!("  {command}");
    let quoted = command.contains(['\'', '"', '\\']);
    let Some(most) = width.filter(|&most| width::width(&whole) > most && !quoted) else {
        return vec![whole];
    };
    let (mut lines, mut line) = (Vec::new(), " ".to_owned());
    for word in command.split(' ') {
        // With room for what says that the command goes on.
        let long = width::width(&line) + 1 + width::width(word) + 2 > most;
        if long && !line.trim_start().is_empty() {
            lines.push(format!("{line} \\"));
            "   ".clone_into(&mut line);
        }
        line.push(' ');
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::{Style, text};
    use crate::finding::{Finding, Findings, Place, rules};
    use crate::report::doc::{Block, Cell, Column, Doc, Table, Tone};
    use crate::report::{Coverage, Envelope, Input, Present};

    struct Report;

    impl Present for Report {
        fn present(&self) -> Doc {
            let columns = vec![
                Column::new("relation"),
                Column::new("table_len").short("size"),
                Column::new("dead_tuple_percent").short("dead %").rank(1),
                Column::new("free_space").rank(2),
            ];
            let row = vec![
                Cell::text("lab.public.evil\u{1b}[31m"),
                Cell::bytes(1 << 30),
                Cell::percent(41.5).tone(Tone::Critical),
                Cell::bytes(8192),
            ];
            let title = "Tables by wasted bytes".to_owned();
            let next = ("pgdissect ls clean.tar.zst lab".into(), "every relation".into());
            let fields = vec![
                ("Tables".into(), Cell::count(1_234)),
                ("Next transaction id".into(), Cell::number(812)),
            ];
            Doc {
                blocks: vec![
                    Block::Fields(fields),
                    Block::Table(Table { name: "bloat", title, columns, rows: vec![row] }),
                    Block::Next(vec![next]),
                ],
                ..Doc::default()
            }
        }
    }

    fn envelope() -> Envelope<Report> {
        let notes =
            vec!["The server did not stop cleanly: this shows the files before recovery.".into()];
        let input = Input {
            path: "clean.tar.zst".into(),
            kind: "tar (zst)".into(),
            postgres: Some(18),
            system_identifier: Some("7571890541327893421".into()),
            state: Some("shut down".into()),
            notes,
        };
        let mut coverage = Coverage { relations: 2, relations_read: 1, ..Coverage::default() };
        (coverage.files, coverage.blocks, coverage.bytes) = (3, 1_300, 1_300 * 8192);
        coverage.skip("base/5/16390", "permission denied");
        let mut findings = Findings::default();
        for n in 0..5 {
            let place = Place::file(format!("base/5/{n}"));
            let finding = Finding::new(&rules::FILE_UNREADABLE, place, "permission denied");
            findings.push(finding.says("could not open file: Permission denied"));
        }
        Envelope::new("test/1", input, coverage, &findings, Report)
    }

    #[test]
    fn a_report_has_its_input_on_top_and_its_findings_and_coverage_below() {
        let shown = text(&envelope(), &Style { width: Some(60), color: false });
        let expected = "\
clean.tar.zst: tar (zst), PostgreSQL 18, shut down, system
identifier 7571890541327893421
note: The server did not stop cleanly: this shows the files
      before recovery.

Tables:              1,234
Next transaction id:   812

Tables by wasted bytes
   relation                      size  dead %  free_space
   -------------------------  -------  ------  ----------
!! lab.public.evil\\u{1b}[31m  1024 MB   41.50  8192 bytes

  pgdissect ls clean.tar.zst lab  every relation

Findings: 5 errors
error: file.unreadable (5)
  base/5/0: permission denied
    PostgreSQL says: could not open file: Permission denied
  base/5/1: permission denied
    PostgreSQL says: could not open file: Permission denied
  base/5/2: permission denied
    PostgreSQL says: could not open file: Permission denied
  … and 2 more
  More: pgdissect explain file.unreadable

Read 1 of 2 relations: 3 files, 1,300 blocks, 10 MB.
Not read: base/5/16390: permission denied
";
        assert_eq!(shown, expected);
    }

    #[test]
    fn without_colour_there_are_no_escape_sequences() {
        let style = |color| Style { width: None, color };
        let plain = text(&envelope(), &style(false));
        assert!(!plain.contains('\u{1b}'));
        let colored = text(&envelope(), &style(true));
        assert!(colored.contains("\u{1b}[31m") && colored.contains("evil\\u{1b}[31m"));
    }

    #[test]
    fn a_command_that_is_too_wide_goes_on_in_the_next_line() {
        let command = "pgdissect page base.tar.zst lab.public.t 0";
        let whole = [format!("  {command}")];
        assert_eq!(super::folded(command, None), whole);
        assert_eq!(super::folded(command, Some(44)), whole);
        let lines = ["  pgdissect page base.tar.zst \\", "    lab.public.t 0"];
        assert_eq!(super::folded(command, Some(43)), lines);
        assert_eq!(super::folded("ls 'a b' c", Some(8)), ["  ls 'a b' c"]);
    }
}
