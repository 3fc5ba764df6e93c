//! BRIN indexes: brin_page_type, brin_metapage_info, brin_revmap_data, brin_page_items.
use super::{Fields, Pointer, maybe, table, text, yes};
use crate::report::doc::{Cell, Table};
use crate::types::{BlockNumber, Tid};
use serde::Serialize;

/// A page of a BRIN index.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Brin {
    /// What brin_page_type says: `meta`, `revmap`, `regular`.
    pub brin_page_type: String,
    /// Whether the page is being emptied to become part of the map.
    pub evacuating: bool,
    /// What brin_metapage_info says, of the metapage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meta: Option<BrinMeta>,
    /// What brin_revmap_data says, on a page of the map: of each range its summary, `(0,0)` for
    /// none. What lies behind the last range is left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<Tid>,
    /// What brin_page_items says, on a regular page.
    pub items: Vec<BrinItem>,
}

/// The metapage.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "brin_metapage_info documents them")]
pub struct BrinMeta {
    pub magic: String,
    pub version: u32,
    pub pagesperrange: BlockNumber,
    pub lastrevmappage: BlockNumber,
}

/// What is summarised of one column in one range of blocks.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "brin_page_items documents them")]
pub struct BrinItem {
    /// The line pointer.
    #[serde(flatten)]
    pub pointer: Pointer,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blknum: Option<BlockNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attnum: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allnulls: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hasnulls: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub empty: Option<bool>,
    /// As far as the operator class is known; else the bytes of all columns from here on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Brin {
    pub(super) fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        if let Some(meta) = &self.meta {
            fields.extend([
                ("magic", text(&meta.magic)),
                ("version", Cell::number(meta.version)),
                ("pagesperrange", Cell::number(meta.pagesperrange.0)),
                ("lastrevmappage", Cell::number(meta.lastrevmappage.0)),
            ]);
        }
        if self.evacuating {
            fields.push(("evacuating", yes(true)));
        }
        fields
    }

    pub(super) fn tables(&self) -> Vec<Table> {
        let row =
            |(range, tid): (usize, &Tid)| vec![Cell::number(range as u64), text(tid.to_string())];
        let pages = self.pages.iter().enumerate().map(row).collect();
        let pages = table("brin_revmap_data", &[("entry", 0), ("pages", 0)], pages);
        [self.items(), pages].into_iter().filter(|table| !table.rows.is_empty()).collect()
    }

    fn items(&self) -> Table {
        let row = |item: &BrinItem| {
            item.pointer.tone(vec![
                Cell::number(item.pointer.itemoffset),
                Cell::number(item.pointer.lp_off),
                text(item.pointer.lp_flags_name),
                maybe(item.blknum, |block| Cell::number(block.0)),
                maybe(item.attnum, Cell::number),
                maybe(item.allnulls, yes),
                maybe(item.hasnulls, yes),
                maybe(item.placeholder, yes),
                maybe(item.empty, yes),
                maybe(item.value.as_ref(), text),
            ])
        };
        let columns = [
            ("itemoffset", 0),
            ("lp_off", 4),
            ("lp_flags_name", 9),
            ("blknum", 0),
            ("attnum", 0),
            ("allnulls", 1),
            ("hasnulls", 1),
            ("placeholder", 2),
            ("empty", 2),
            ("value", 0),
        ];
        table("brin_page_items", &columns, self.items.iter().map(row).collect())
    }
}
