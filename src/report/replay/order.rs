//! What replay does to blocks and files.
use crate::report::doc::{Block, Cell, Column, Doc, Table};
use crate::types::{BlockNumber, Fork, Lsn, Xid};
use serde::Serialize;
use std::cmp::Reverse;

/// What replay does to blocks and files, in all.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Order {
    /// The first record that is replayed begins here or later.
    pub redo_lsn: Lsn,
    /// Where the last one ends.
    pub end_lsn: Lsn,
    /// Records.
    pub records: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// What comes of the blocks that they name.
    pub blocks: Deeds,
    /// Blocks that they name, each once.
    pub pages: u64,
    /// Pages among these that replay leaves other than they are in the files.
    pub changed: u64,
    /// The same for each fork of each relation.
    pub relations: Vec<RelationRow>,
    /// What is done to files, by kind.
    pub files: Vec<FileKind>,
    /// The first of these.
    pub file_deeds: Vec<FileRow>,
}

/// What comes of blocks: references in records, by what comes of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Deeds {
    /// The full-page image is put in its place.
    pub restored: u64,
    /// The page is made anew.
    pub initialised: u64,
    /// The page is changed: its LSN is older.
    pub applied: u64,
    /// Nothing: the page is at or past the record.
    pub skipped: u64,
    /// Nothing: the block is not there, or not initialised.
    pub missing: u64,
    /// The page is damaged, and the server cannot read it.
    pub broken: u64,
    /// Nothing: the page is only read, or not looked at.
    pub untouched: u64,
    /// How often a fork is made longer, so that a block is there.
    pub extended: u64,
}

/// One fork of one relation.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RelationRow {
    /// Qualified name, or numbers.
    pub relation: String,
    /// Fork.
    pub fork: Fork,
    /// Its file, relative to the data directory; absent if its tablespace is out of reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What becomes of the file: "created" or "dropped"; absent if it is there before and after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fate: Option<&'static str>,
    /// Blocks in it after replay.
    pub blocks_after: u32,
    /// Blocks that records name, each once.
    pub pages: u64,
    /// Pages among these that replay leaves other than they are in the file.
    pub changed: u64,
    /// What comes of them.
    #[serde(flatten)]
    pub blocks: Deeds,
    /// The first record that names a block; 0/0 if none does.
    pub first_lsn: Lsn,
    /// The last one.
    pub last_lsn: Lsn,
    /// The record that cuts it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated_lsn: Option<Lsn>,
    /// To how many blocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated_to: Option<u32>,
}

/// What is done to files, of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FileKind {
    /// "create", "truncate", "drop", "slru-zero", "slru-truncate", "relation-map",
    /// "database-copy", "database-create", "database-drop", "tablespace-create" or
    /// "tablespace-drop".
    pub action: &'static str,
    /// How often.
    pub count: u64,
}

/// One thing done to files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FileRow {
    /// The record.
    pub lsn: Lsn,
    /// What is done: as `action` of the kinds.
    pub action: &'static str,
    /// To what, in words.
    pub subject: String,
}

/// A record, and what replay does by it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RecordRow {
    /// Where it begins.
    pub start_lsn: Lsn,
    /// Where the next one would begin: what pages that it changes get as pd_lsn.
    pub end_lsn: Lsn,
    /// Its transaction; 0 if none.
    pub xid: Xid,
    /// The resource manager, and the type.
    pub record_type: String,
    /// The blocks that it names.
    pub blocks: Vec<BlockRow>,
    /// What it does to files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileRow>,
}

/// What comes of one block of a record.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BlockRow {
    /// Qualified name, or numbers.
    pub relation: String,
    /// Fork.
    pub fork: Fork,
    /// Block.
    pub block: BlockNumber,
    /// What comes of it.
    pub outcome: BlockOutcome,
    /// The page's LSN before; 0/0 if there is none.
    pub page_lsn: Lsn,
    /// Blocks added to the fork so that it is there.
    pub extended: u32,
    /// Whether the page is damaged in its file, and is not any more.
    pub healed: bool,
}

/// What comes of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum BlockOutcome {
    /// The full-page image is put in its place.
    Restored,
    /// The page is made anew.
    Initialised,
    /// The page is changed.
    Applied,
    /// Nothing: the page is at or past the record.
    Skipped,
    /// Nothing: there is no such block.
    Missing,
    /// Nothing: the page was never initialised.
    Uninitialised,
    /// The page is damaged: the server ends here.
    Damaged,
    /// Nothing: the page is only read.
    Read,
    /// Nothing: the page is not looked at.
    Untouched,
}

/// Relations on the screen.
const TOP: usize = 15;

impl BlockOutcome {
    /// As JSON has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::Initialised => "initialised",
            Self::Applied => "applied",
            Self::Skipped => "skipped",
            Self::Missing => "missing",
            Self::Uninitialised => "uninitialised",
            Self::Damaged => "damaged",
            Self::Read => "read",
            Self::Untouched => "untouched",
        }
    }
}

impl Deeds {
    /// With labels, those that are not 0.
    fn fields(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let all = [
            ("  restored from images", self.restored),
            ("  initialised", self.initialised),
            ("  applied", self.applied),
            ("  skipped: page is newer", self.skipped),
            ("  not there", self.missing),
            ("  damaged", self.broken),
            ("  only read", self.untouched),
            ("  made a file longer", self.extended),
        ];
        all.into_iter().filter(|(_, count)| *count > 0)
    }

    /// References in all.
    pub const fn all(&self) -> u64 {
        let changed = self.restored + self.initialised + self.applied;
        changed + self.skipped + self.missing + self.broken + self.untouched
    }

    /// Adds others.
    pub const fn add(&mut self, other: &Self) {
        self.restored += other.restored;
        self.initialised += other.initialised;
        self.applied += other.applied;
        self.skipped += other.skipped;
        self.missing += other.missing;
        self.broken += other.broken;
        self.untouched += other.untouched;
        self.extended += other.extended;
    }
}

impl Order {
    /// Its part of the screen.
    pub fn present(&self, doc: &mut Doc) {
        doc.push(Block::Heading("Blocks and files".to_owned()));
        let field = |label: &str, count: u64| (label.to_owned(), Cell::count(count));
        let mut fields = vec![field("Blocks in records", self.blocks.all())];
        fields.extend(self.blocks.fields().map(|(label, count)| field(label, count)));
        fields.push(field("Pages", self.pages));
        fields.push(field("  changed by replay", self.changed));
        for kind in &self.files {
            fields.push(field(&format!("Files: {}", kind.action.replace('-', " ")), kind.count));
        }
        doc.push(Block::Fields(fields));
        let mut table = self.relations();
        let rest = table.rows.len().saturating_sub(TOP);
        table.rows.truncate(TOP);
        if !table.rows.is_empty() {
            doc.push(Block::Table(table));
        }
        if rest > 0 {
            doc.push(Block::Text(format!("and {rest} more: --format csv --table relations")));
        }
    }

    /// Relations, those with most references first.
    pub fn relations(&self) -> Table {
        let lsn = |lsn: Lsn| {
            if lsn.is_valid() { Cell::text(lsn.to_string()) } else { Cell::none() }
        };
        let row = |of: &RelationRow| {
            vec![
                Cell::text(&*of.relation),
                Cell::text(of.fork.name()),
                Cell::text(of.fate.unwrap_or_default()),
                Cell::count(of.pages),
                Cell::count(of.changed),
                Cell::count(of.blocks.restored),
                Cell::count(of.blocks.initialised),
                Cell::count(of.blocks.applied),
                Cell::count(of.blocks.skipped),
                Cell::count(of.blocks.missing),
                Cell::count(of.blocks.broken),
                Cell::count(of.blocks_after),
                lsn(of.first_lsn),
                lsn(of.last_lsn),
            ]
        };
        let mut rows: Vec<_> = self.relations.iter().collect();
        rows.sort_by_key(|of| Reverse(of.blocks.all()));
        Table {
            name: "relations",
            title: "Relations, most blocks in records first".to_owned(),
            columns: vec![
                Column::new("relation"),
                Column::new("fork"),
                Column::new("fate").rank(2),
                Column::new("pages"),
                Column::new("changed"),
                Column::new("restored").rank(1),
                Column::new("initialised").short("init").rank(1),
                Column::new("applied").rank(1),
                Column::new("skipped").rank(1),
                Column::new("missing").rank(3),
                Column::new("broken").rank(3),
                Column::new("blocks_after").rank(4),
                Column::new("first_lsn").short("first").rank(5),
                Column::new("last_lsn").short("last").rank(5),
            ],
            rows: rows.into_iter().map(row).collect(),
        }
    }

    /// What is done to files.
    pub fn file_deeds(&self) -> Table {
        let row = |of: &FileRow| {
            vec![Cell::text(of.lsn.to_string()), Cell::text(of.action), Cell::text(&*of.subject)]
        };
        Table {
            name: "files",
            title: "What is done to files".to_owned(),
            columns: vec![Column::new("lsn"), Column::new("action"), Column::new("subject")],
            rows: self.file_deeds.iter().map(row).collect(),
        }
    }
}
