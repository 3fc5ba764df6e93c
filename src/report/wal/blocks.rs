//! `wal blocks`: what happened to the blocks of a relation. Schema `wal-blocks/1`.
use super::dump::ImageRow;
use super::tuple::{TupleRow, words};
use crate::report::doc::{Block, Cell, Column, Doc, Table};
use crate::report::{Present, Row};
use crate::types::{BlockNumber, Fork, Lsn, Xid};
use serde::Serialize;

/// The answer.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Blocks {
    /// The relation.
    pub relation: String,
    /// Blocks that records are about, by fork and number.
    pub blocks: Vec<TouchedBlock>,
    /// The records about them, in the order of the log; only if blocks were named.
    pub records: Vec<Touch>,
    /// If no blocks were named, the command that names the first of these.
    #[serde(skip)]
    pub next: Option<String>,
}

/// A block that records are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TouchedBlock {
    /// Fork.
    pub fork: Fork,
    /// Block.
    pub block: BlockNumber,
    /// Records about it.
    pub records: u64,
    /// How many of them have it made anew.
    pub initialised: u64,
    /// How many of them have a full-page image that replay restores.
    pub images: u64,
    /// The first.
    pub first: Lsn,
    /// The last.
    pub last: Lsn,
    /// The last with a full-page image that replay restores.
    pub last_image: Option<Lsn>,
}

/// A record about a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Touch {
    /// Where it begins.
    pub start_lsn: Lsn,
    /// Where the next one would begin: what replay leaves as the page's pd_lsn.
    pub end_lsn: Lsn,
    /// Its transaction; 0 if none.
    pub xid: Xid,
    /// The resource manager, and the type.
    pub record_type: String,
    /// Fork.
    pub fork: Fork,
    /// Block.
    pub block: BlockNumber,
    /// What it does to the block.
    pub deed: Deed,
    /// The full-page image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageRow>,
    /// What pg_waldump says of the record.
    pub description: String,
    /// Index tuples that the block gets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub index_tuples: Vec<TupleRow>,
}

/// What a record does to a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Deed {
    /// Replay makes the page anew.
    Initialised,
    /// Replay puts the full-page image in its place.
    Restored,
    /// Replay changes it.
    Changed,
}

impl Deed {
    const fn name(self) -> &'static str {
        match self {
            Self::Initialised => "initialised",
            Self::Restored => "full-page image",
            Self::Changed => "changed",
        }
    }
}

impl Blocks {
    fn blocks(&self) -> Table {
        let row = |block: &TouchedBlock| {
            vec![
                Cell::text(block.fork.name()),
                Cell::number(block.block.0),
                Cell::count(block.records),
                Cell::count(block.initialised),
                Cell::count(block.images),
                Cell::text(block.first.to_string()),
                Cell::text(block.last.to_string()),
                block.last_image.map_or_else(Cell::none, |lsn| Cell::text(lsn.to_string())),
            ]
        };
        Table {
            name: "blocks",
            title: format!("Blocks of {} that records are about", self.relation),
            columns: vec![
                Column::new("fork"),
                Column::new("block"),
                Column::new("records"),
                Column::new("initialised").short("init"),
                Column::new("images"),
                Column::new("first"),
                Column::new("last"),
                Column::new("last_image"),
            ],
            rows: self.blocks.iter().map(row).collect(),
        }
    }
}

impl Row for Touch {
    const LIST: &'static str = "records";

    /// In text, tuples go on behind the description, as the last column is the one that wraps.
    fn table(rows: &[Self], apart: bool) -> Table {
        let row = |touch: &Self| {
            let tuples = words(&touch.index_tuples);
            let description = match (apart, touch.description.as_str()) {
                (true, said) => said.to_owned(),
                (false, "") => tuples.clone(),
                (false, said) if tuples.is_empty() => said.to_owned(),
                (false, said) => format!("{said}; {tuples}"),
            };
            let mut cells = vec![
                Cell::text(touch.start_lsn.to_string()),
                Cell::number(touch.xid.0),
                Cell::text(touch.fork.name()),
                Cell::number(touch.block.0),
                Cell::text(&*touch.record_type),
                Cell::text(touch.deed.name()),
                Cell::text(description),
            ];
            cells.extend(apart.then(|| Cell::text(tuples)));
            cells
        };
        let mut columns = vec![
            Column::new("start_lsn").short("lsn"),
            Column::new("xid"),
            Column::new("fork").rank(2),
            Column::new("block").rank(1),
            Column::new("record_type").short("record"),
            Column::new("deed").short("block is"),
            Column::new("description"),
        ];
        columns.extend(apart.then_some(Column::new("index_tuples")));
        let title = "Records, in order".to_owned();
        Table { name: Self::LIST, title, columns, rows: rows.iter().map(row).collect() }
    }
}

/// What is said below the records.
impl Present for Blocks {
    fn present(&self) -> Doc {
        let mut doc = Doc::default();
        doc.push(Block::Table(self.blocks()));
        if let Some(next) = &self.next {
            doc.push(Block::Next(vec![(next.clone(), "its records".to_owned())]));
        }
        doc
    }
}
