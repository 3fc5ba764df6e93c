//! Pages that matter: damaged ones, those that are not there, and those that are ahead of WAL.
use crate::report::doc::{Block, Cell, Column, Doc, Table};
use crate::types::{BlockNumber, Fork, Lsn};
use serde::Serialize;

/// Pages that matter. Of each kind the first are listed, and all are counted.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Pages {
    /// Damaged pages that replay replaces by a full-page image, or makes anew.
    pub healed: PageList,
    /// Damaged pages that it has to read first: the server ends with "invalid page in block".
    pub broken: PageList,
    /// Pages that records change and that are not there, which nothing in WAL explains.
    pub missing: PageList,
    /// Such references that a later drop or truncation explains.
    pub explained: u64,
    /// What becomes of the missing: "ignored" in crash recovery, where the server never looks;
    /// "refused" where it ends because of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_fate: Option<&'static str>,
    /// Pages whose LSN is beyond the end of WAL, among those that records name.
    pub ahead: PageList,
    /// Where full_page_writes was off.
    pub no_images: Vec<Stretch>,
    /// All other pages, if they were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub others: Option<Others>,
}

/// Pages that no record names.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Others {
    /// How many were looked at.
    pub read: u64,
    /// Damaged ones: nothing heals them.
    pub damaged: PageList,
    /// Those whose LSN is beyond the end of WAL.
    pub ahead: PageList,
}

/// Some pages.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PageList {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: Vec<PageRow>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PageRow {
    /// Qualified name, or numbers.
    pub relation: String,
    /// Fork.
    pub fork: Fork,
    /// Block.
    pub block: BlockNumber,
    /// The record that replaces it, reads it or names it first; of a page that is ahead, its own
    /// LSN; absent if no record names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lsn: Option<Lsn>,
    /// What PostgreSQL says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postgres_says: Option<String>,
}

/// A part of WAL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Stretch {
    /// From here.
    pub from_lsn: Lsn,
    /// To here; absent if to the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until_lsn: Option<Lsn>,
}

/// Pages of one kind on the screen.
const TOP: usize = 5;

impl PageList {
    /// Pages that are listed one by one; more are counted.
    pub const MOST: usize = 1000;

    /// Adds one.
    pub fn push(&mut self, page: impl FnOnce() -> PageRow) {
        self.count += 1;
        if self.first.len() < Self::MOST {
            self.first.push(page());
        }
    }
}

impl Pages {
    fn kinds(&self) -> Vec<(&'static str, &'static str, &PageList)> {
        let mut kinds = vec![
            ("healed", "Damaged, replaced by replay", &self.healed),
            ("broken", "Damaged, read by replay: the server ends", &self.broken),
            ("missing", "Changed by records, and not there", &self.missing),
            ("ahead", "With an LSN beyond the end of WAL", &self.ahead),
        ];
        if let Some(others) = &self.others {
            kinds.push(("damaged", "Damaged, named by no record", &others.damaged));
            kinds.push(("ahead", "Others beyond the end of WAL", &others.ahead));
        }
        kinds.retain(|(_, _, pages)| pages.count > 0);
        kinds
    }

    /// Its part of the screen: nothing if there are no such pages.
    pub fn present(&self, doc: &mut Doc) {
        let kinds = self.kinds();
        let others = self.others.as_ref();
        if kinds.is_empty() && self.no_images.is_empty() && self.explained == 0 && others.is_none()
        {
            return;
        }
        doc.push(Block::Heading("Pages that matter".to_owned()));
        let counted = |(_, label, pages): &(&str, &str, &PageList)| {
            ((*label).to_owned(), Cell::count(pages.count))
        };
        let mut fields: Vec<_> = kinds.iter().map(counted).collect();
        if self.explained > 0 {
            let label = "Not there, and dropped or cut later".to_owned();
            fields.push((label, Cell::count(self.explained)));
        }
        if let Some(others) = others {
            let bad = others.damaged.count + others.ahead.count;
            let sound = Cell::count(others.read.saturating_sub(bad));
            fields.push(("Sound, named by no record".to_owned(), sound));
        }
        for stretch in &self.no_images {
            let until = stretch.until_lsn.map_or_else(|| "the end".into(), |lsn| lsn.to_string());
            let text = format!("from {} to {until}", stretch.from_lsn);
            fields.push(("full_page_writes was off".to_owned(), Cell::text(text)));
        }
        doc.push(Block::Fields(fields));
        let rows = kinds.iter().flat_map(|(kind, _, pages)| {
            pages.first.iter().take(TOP).map(move |page| row(kind, page))
        });
        let table = Table { rows: rows.collect(), ..table() };
        if !table.rows.is_empty() {
            doc.push(Block::Table(table));
        }
        if self.missing_fate == Some("ignored") {
            let text = "Crash recovery does not look whether anything explains pages that are not there: the server starts, and what records change on them is lost.";
            doc.push(Block::Text(text.to_owned()));
        }
    }

    /// All that are listed.
    pub fn table(&self) -> Table {
        let kinds = self.kinds().into_iter();
        let rows =
            kinds.flat_map(|(kind, _, pages)| pages.first.iter().map(move |page| row(kind, page)));
        Table { rows: rows.collect(), ..table() }
    }
}

fn table() -> Table {
    Table {
        name: "pages",
        title: String::new(),
        columns: vec![
            Column::new("kind"),
            Column::new("relation"),
            Column::new("fork"),
            Column::new("block"),
            Column::new("lsn"),
            Column::new("postgres_says").rank(1),
        ],
        rows: Vec::new(),
    }
}

fn row(kind: &str, page: &PageRow) -> Vec<Cell> {
    vec![
        Cell::text(kind),
        Cell::text(&*page.relation),
        Cell::text(page.fork.name()),
        Cell::number(page.block.0),
        page.lsn.map_or_else(Cell::none, |lsn| Cell::text(lsn.to_string())),
        page.postgres_says.as_ref().map_or_else(Cell::none, |says| Cell::text(&**says)),
    ]
}
