//! `wal images`: full-page images. Schemas `wal-images/1` and `wal-image/1`.
use super::dump::ImageRow;
use crate::report::doc::{Block, Cell, Column, Doc, Table, Value};
use crate::report::page::Pages;
use crate::report::{Present, Row};
use crate::types::{BlockNumber, Fork, Lsn, Oid, RelFileNumber, TimelineId};
use serde::Serialize;

/// The list.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Images {
    /// The images, in the order of the log.
    pub images: Vec<ImageOf>,
    /// How many there are.
    pub count: u64,
    /// Bytes that they take in WAL.
    pub length: u64,
    /// Bytes of the pages that they give.
    pub restored: u64,
    /// How many were saved as files; null if that was not asked for.
    pub saved: Option<u64>,
}

/// An image, and of which block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ImageOf {
    /// The record that has it.
    pub start_lsn: Lsn,
    /// Its timeline.
    pub timeline: TimelineId,
    /// The resource manager, and the type.
    pub record_type: String,
    /// The relation, if its name is known.
    pub relation: Option<String>,
    /// Tablespace.
    pub reltablespace: Oid,
    /// Database; 0 for shared relations.
    pub reldatabase: Oid,
    /// Filenode.
    pub relfilenode: RelFileNumber,
    /// Fork.
    pub fork: Fork,
    /// Block.
    pub block: BlockNumber,
    /// The image.
    pub image: ImageRow,
    /// Whether it gives a page.
    pub sound: bool,
    /// What pg_waldump --save-fullpage calls its file.
    pub file: String,
}

impl Row for ImageOf {
    const LIST: &'static str = "images";

    fn table(rows: &[Self], complete: bool) -> Table {
        let row = |of: &ImageOf| {
            let numbers = || format!("{}/{}/{}", of.reltablespace, of.reldatabase, of.relfilenode);
            let compression = of.image.compression.map_or("", |method| method.name());
            let fork = if of.fork == Fork::Main { "" } else { of.fork.name() };
            let mut cells = vec![
                Cell::text(of.start_lsn.to_string()),
                Cell::text(of.relation.clone().unwrap_or_else(numbers)),
                Cell::text(fork),
                Cell::number(of.block.0),
                Value::Count(of.image.length.into()).into(),
                Cell::count(of.image.hole_offset),
                Cell::count(of.image.hole_length),
                Cell::text(compression),
                Cell::text(if of.image.apply { "" } else { "to compare with" }),
                Cell::text(&*of.record_type),
            ];
            cells.extend(complete.then(|| Cell::text(&*of.file)));
            cells
        };
        let mut columns = vec![
            Column::new("start_lsn").short("lsn"),
            Column::new("relation"),
            Column::new("fork"),
            Column::new("block"),
            Column::new("length").short("bytes"),
            Column::new("hole_offset").short("hole at").rank(2),
            Column::new("hole_length").short("hole"),
            Column::new("compression").short("packed"),
            Column::new("use").rank(3),
            Column::new("record_type").short("record").rank(1),
        ];
        // For programs: in text it would double the width.
        columns.extend(complete.then_some(Column::new("file")));
        let rows = rows.iter().map(row).collect();
        Table { name: Self::LIST, title: String::new(), columns, rows }
    }
}

/// What is said below the list.
impl Present for Images {
    fn present(&self) -> Doc {
        let mut doc = Doc::default();
        let mut fields = vec![
            ("Images".to_owned(), Cell::count(self.count)),
            ("Bytes in WAL".to_owned(), Cell::bytes(self.length)),
            ("Pages they give".to_owned(), Cell::bytes(self.restored)),
        ];
        fields.extend(self.saved.map(|saved| ("Saved as files".to_owned(), Cell::count(saved))));
        doc.push(Block::Heading("All of them".to_owned()));
        doc.push(Block::Fields(fields));
        doc
    }
}

/// The pages that the images of one record give.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ImagePages {
    /// The record.
    pub start_lsn: Lsn,
    /// The pages, each with its relation and fork.
    pub images: Vec<Pages>,
}

impl Present for ImagePages {
    fn present(&self) -> Doc {
        let blocks = self.images.iter().flat_map(|pages| pages.present().blocks);
        Doc { blocks: blocks.collect(), ..Doc::default() }
    }
}
