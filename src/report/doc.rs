//! A document: what every report can be shown as. Renderers know this and no analysis.

/// Blocks, top to bottom.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Doc {
    /// In order.
    pub blocks: Vec<Block>,
    /// Whether it says itself what was found, so that it is not said again behind it.
    pub tells_findings: bool,
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
    /// Labels and paragraphs, aligned; renderers wrap them.
    Points(Vec<(String, Cell)>),
    /// Rows and columns.
    Table(Table),
    /// Lines to be kept as they are (hex).
    Verbatim(Vec<String>),
    /// Short texts, in as many columns as there is room for.
    List(Vec<String>),
    /// Something drawn to scale.
    Picture(Picture),
    /// Bytes with what they mean.
    Bytes(Vec<BytesOf>),
    /// Commands that show more, each with what it shows.
    Next(Vec<(String, String)>),
}

/// Something drawn to scale: runs, one behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What is counted: `byte`, `block`.
    pub unit: &'static str,
    /// From the first to the last.
    pub runs: Vec<Run>,
}

/// A part of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Where it begins.
    pub at: u32,
    /// How long it is.
    pub len: u32,
    /// How it is drawn.
    pub ink: Ink,
    /// What it is called.
    pub label: Option<u16>,
}

/// How runs of one kind are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink {
    /// What they are.
    pub name: &'static str,
    /// What fills them.
    pub fill: char,
    /// Their colour, where there are colours.
    pub hue: Hue,
    /// Whether each is told from the next by a frame, with its label inside.
    pub framed: bool,
}

/// Colours of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Hue {
    Plain,
    Faint,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
}

/// The bytes of one structure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BytesOf {
    /// What it is, and where it is declared.
    pub title: String,
    /// Its fields, in order.
    pub fields: Vec<Bytes>,
}

/// Some bytes with what they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes {
    /// Where they begin.
    pub at: u32,
    /// They, in hexadecimal.
    pub digits: String,
    /// The field.
    pub field: String,
    /// Its value.
    pub value: String,
    /// What it means, a sentence.
    pub meaning: String,
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

/// A row of a list that may be longer than memory: such rows are written as they are found.
pub trait Row: serde::Serialize + Sized {
    /// What the list is called in JSON, and its table in CSV.
    const LIST: &'static str;

    /// A table of some of them: `complete`, as CSV has it, or for people.
    fn table(rows: &[Self], complete: bool) -> Table;
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
