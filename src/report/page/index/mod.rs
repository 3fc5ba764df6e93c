//! What pages hold beside heap tuples: pages of indexes, one file per access method, sequences, and
//! maps. Names are those of pageinspect.
mod bloom;
mod brin;
mod btree;
mod gin;
mod gist;
mod hash;
mod map;
mod other;
mod sequence;
mod spgist;

pub use bloom::{Bloom, BloomItem, BloomMeta};
pub use brin::{Brin, BrinItem, BrinMeta};
pub use btree::{Btree, BtreeItem, BtreeMeta, BtreeStats};
pub use gin::{Gin, GinEntry, GinList, GinMeta, GinOpaque, GinPending, PostingItem};
pub use gist::{Gist, GistItem, GistOpaque};
pub use hash::{Hash, HashBit, HashItem, HashMeta, HashStats};
pub use map::{FreeSpace, Slot, Visibility};
pub use other::{Other, OtherItem};
pub use sequence::Sequence;
pub use spgist::{LastUsed, Spgist, SpgistItem, SpgistNode, SpgistOpaque};

use crate::report::doc::{Cell, Column, Table, Tone};
use serde::Serialize;

/// What an index is, as far as the catalogs say.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct IndexInfo {
    /// Its access method.
    pub access_method: String,
    /// Its columns, in the order of the values in `keys`.
    pub columns: Vec<ColumnInfo>,
}

/// A column of an index.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ColumnInfo {
    /// Its name; of an expression, what the server made up.
    pub name: String,
    /// The type of what is stored, which is not always that of the table's column.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Its operator class; none of an INCLUDE column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opclass: Option<String>,
}

/// What is on a page, by what it is.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// A page of a B-tree.
    Btree(Btree),
    /// A page of a hash index.
    Hash(Hash),
    /// A page of a GIN index.
    Gin(Gin),
    /// A page of a GiST index.
    Gist(Gist),
    /// A page of an SP-GiST index.
    Spgist(Spgist),
    /// A page of a BRIN index.
    Brin(Brin),
    /// A page of a bloom index.
    Bloom(Bloom),
    /// A page of something else, or one that is not what it should be.
    Other(Other),
    /// A sequence.
    Sequence(Sequence),
    /// A page of a free space map.
    Fsm(FreeSpace),
    /// A page of a visibility map.
    Vm(Visibility),
}

/// A line pointer of an index page.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Pointer {
    /// Its number.
    pub itemoffset: u16,
    /// Where its tuple begins on the page.
    pub lp_off: u16,
    /// lp_flags by name.
    pub lp_flags_name: &'static str,
    /// Bytes of its tuple.
    pub lp_len: u16,
    /// Whether it is LP_DEAD.
    pub dead: bool,
    /// Whether the tuple was asked for by name.
    pub selected: bool,
}

/// Label and value.
type Fields = Vec<(&'static str, Cell)>;

impl Content {
    /// What it is, such as "leaf"; nothing where the kind of page says all.
    pub fn page_type(&self) -> Option<String> {
        match self {
            Self::Btree(page) => Some(page.page_type()),
            Self::Hash(page) => Some(page.page_type.clone()),
            Self::Gin(page) => Some(page.page_type.to_owned()),
            Self::Gist(page) => Some(page.page_type.to_owned()),
            Self::Spgist(page) => Some(page.page_type.to_owned()),
            Self::Brin(page) => Some(page.brin_page_type.clone()),
            Self::Bloom(page) => Some(page.page_type.to_owned()),
            Self::Other(_) | Self::Sequence(_) | Self::Fsm(_) | Self::Vm(_) => None,
        }
    }

    /// What is there once, by name.
    pub(super) fn fields(&self) -> Fields {
        match self {
            Self::Btree(page) => page.fields(),
            Self::Hash(page) => page.fields(),
            Self::Gin(page) => page.fields(),
            Self::Gist(page) => page.fields(),
            Self::Spgist(page) => page.fields(),
            Self::Brin(page) => page.fields(),
            Self::Bloom(page) => page.fields(),
            Self::Other(page) => page.fields(),
            Self::Sequence(page) => page.fields(),
            Self::Fsm(page) => page.fields(),
            Self::Vm(page) => page.fields(),
        }
    }

    /// What is there many times: every table, complete.
    pub(super) fn tables(&self) -> Vec<Table> {
        match self {
            Self::Btree(page) => vec![page.table()],
            Self::Hash(page) => page.tables(),
            Self::Gin(page) => page.tables(),
            Self::Gist(page) => vec![page.table()],
            Self::Spgist(page) => page.tables(),
            Self::Brin(page) => page.tables(),
            Self::Bloom(page) => page.tables(),
            Self::Other(page) => vec![page.table()],
            Self::Sequence(_) => Vec::new(),
            Self::Fsm(page) => vec![page.table()],
            Self::Vm(page) => vec![page.table()],
        }
    }
}

/// Columns that are too long for people: of text, they are left out.
pub(super) const LONG: [&str; 5] = ["data", "key_data", "tids", "signature", "lp_flags_name"];

/// A table of these columns; those that are named with a rank are left out on narrow terminals.
fn table(name: &'static str, columns: &[(&'static str, u8)], rows: Vec<Vec<Cell>>) -> Table {
    let columns = columns.iter().map(|(name, rank)| Column::new(name).rank(*rank)).collect();
    Table { name, title: String::new(), columns, rows }
}

fn text(text: impl Into<String>) -> Cell {
    Cell::text(text)
}

fn maybe<T>(value: Option<T>, cell: impl Fn(T) -> Cell) -> Cell {
    value.map_or_else(Cell::none, cell)
}

fn yes(flag: bool) -> Cell {
    text(if flag { "t" } else { "f" })
}

/// Several of something, with a comma between.
fn listed<T: ToString>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Pointer {
    /// Marks a row: what was asked for stands out, what is dead does not.
    fn tone(self, row: Vec<Cell>) -> Vec<Cell> {
        let tone = if self.selected {
            Tone::Warning
        } else if self.dead {
            Tone::Faint
        } else {
            Tone::Plain
        };
        row.into_iter().map(|cell| cell.tone(tone)).collect()
    }
}
