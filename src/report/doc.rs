//! A document: what every report can be shown as. Renderers know this and no analysis.

/// Blocks, top to bottom.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Doc {
    /// In order.
    pub blocks: Vec<Block>,
}

/// One part of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Heading of what follows.
    Heading(String),
    /// A paragraph; renderers wrap it.
    Text(String),
    /// Label and value pairs, aligned.
    Fields(Vec<(String, Cell)>),
    /// Rows and columns.
    Table(Table),
    /// Lines to be kept as they are (hex, diagrams).
    Verbatim(Vec<String>),
    /// Commands that show more, each with what it shows.
    Next(Vec<(String, String)>),
}

/// A table. Every row has as many cells as there are columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Short name; what `--format csv` calls it when a report has several.
    pub name: &'static str,
    /// Heading over it in text, none if empty.
    pub title: String,
    /// Left to right.
    pub columns: Vec<Column>,
    /// Top to bottom.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// PostgreSQL's name for it: the header in CSV, and in text unless `short` is set.
    pub name: &'static str,
    /// Shorter header for text.
    pub short: Option<&'static str>,
    /// Which columns to leave out first when the terminal is narrow: 0 is never left out.
    pub rank: u8,
}

/// One value. CSV prints it bare, text with its unit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// The value.
    pub value: Value,
    /// How much it should stand out.
    pub tone: Tone,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Not known or not applicable; an empty field in CSV.
    #[default]
    None,
    /// Left-aligned.
    Text(String),
    /// Right-aligned, thousands grouped in text.
    Count(i128),
    /// Right-aligned, never grouped: oids, xids, block numbers.
    Number(i128),
    /// Bytes: "1.3 GB" in text, the number in CSV.
    Bytes(u64),
    /// 0 to 100, two decimals.
    Percent(f64),
}

/// How much a cell should stand out; colour in text, nothing elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// As any other.
    #[default]
    Plain,
    /// Less than others.
    Faint,
    /// A threshold was passed.
    Warning,
    /// The higher threshold was passed.
    Critical,
}

/// A report that can be shown.
pub trait Present {
    /// The document that shows it to people: what matters, on one screen where that is enough.
    fn present(&self) -> Doc;

    /// Its tables, complete, for `--format csv`; the first is the one written if none is named.
    fn tables(&self) -> Vec<Table> {
        let tables = self.present().blocks.into_iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        });
        tables.collect()
    }
}

impl Column {
    /// A column that is never left out.
    pub const fn new(name: &'static str) -> Self {
        Self { name, short: None, rank: 0 }
    }

    /// With a shorter header for text.
    #[must_use]
    pub const fn short(self, short: &'static str) -> Self {
        Self { short: Some(short), ..self }
    }

    /// Left out on narrow terminals, the highest rank first.
    #[must_use]
    pub const fn rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }
}

impl Cell {
    /// With a tone.
    #[must_use]
    pub fn tone(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Value::Text(text.into()).into()
    }
    /// A count of things.
    pub fn count(count: impl Into<i128>) -> Self {
        Value::Count(count.into()).into()
    }
    /// A number that names something.
    pub fn number(number: impl Into<i128>) -> Self {
        Value::Number(number.into()).into()
    }
    /// Bytes.
    pub fn bytes(bytes: u64) -> Self {
        Value::Bytes(bytes).into()
    }
    /// Percent, 0 to 100.
    pub fn percent(percent: f64) -> Self {
        Value::Percent(percent).into()
    }
    /// Nothing.
    pub const fn none() -> Self {
        Self { value: Value::None, tone: Tone::Plain }
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        Self { value, tone: Tone::Plain }
    }
}

impl Doc {
    /// Appends a block.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }
}
