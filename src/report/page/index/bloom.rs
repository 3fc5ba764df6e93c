//! bloom indexes (contrib/bloom), for which pageinspect has nothing: names are those of
//! contrib/bloom/bloom.h.
use super::{Fields, table, text};
use crate::report::doc::{Cell, Table, Tone};
use crate::types::{BlockNumber, Tid};
use serde::Serialize;

/// A page of a bloom index.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Bloom {
    /// `metapage`, `data`, `deleted`.
    pub page_type: &'static str,
    /// Rows on the page.
    pub maxoff: u16,
    /// Flags by name.
    pub flags: Vec<String>,
    /// Of the metapage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meta: Option<BloomMeta>,
    /// The rows with their signatures.
    pub items: Vec<BloomItem>,
}

/// The metapage.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BloomMeta {
    /// `magickNumber`.
    #[serde(rename = "magickNumber")]
    pub magick_number: u32,
    /// `bloomLength`: 16-bit words of a signature.
    #[serde(rename = "bloomLength")]
    pub bloom_length: i32,
    /// `bitSize`: bits that a value of each column sets.
    #[serde(rename = "bitSize")]
    pub bit_size: Vec<i32>,
    /// `notFullPage` from nStart to nEnd: pages that may have room.
    #[serde(rename = "notFullPage")]
    pub not_full_page: Vec<BlockNumber>,
}

/// A row.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BloomItem {
    /// Its number on the page, from 1.
    pub itemoffset: u16,
    /// The row.
    #[serde(rename = "heapPtr")]
    pub heap_ptr: Tid,
    /// The numbers of the bits that are set in its signature.
    pub bits: Vec<u32>,
    /// Whether it was asked for by name.
    pub selected: bool,
}

impl Bloom {
    pub(super) fn fields(&self) -> Fields {
        let mut fields =
            vec![("maxoff", Cell::number(self.maxoff)), ("page flags", text(self.flags.join(" ")))];
        if let Some(meta) = &self.meta {
            let pages = meta.not_full_page.len() as u64;
            fields.extend([
                ("magickNumber", text(format!("{:#010x}", meta.magick_number))),
                ("bloomLength", Cell::number(meta.bloom_length)),
                ("bitSize", text(super::listed(&meta.bit_size))),
                ("notFullPage", Cell::count(pages)),
            ]);
        }
        fields
    }

    pub(super) fn tables(&self) -> Vec<Table> {
        let row = |item: &BloomItem| {
            let tone = if item.selected { Tone::Warning } else { Tone::Plain };
            let row = [
                Cell::number(item.itemoffset),
                text(item.heap_ptr.to_string()),
                text(super::listed(&item.bits)),
            ];
            row.into_iter().map(|cell| cell.tone(tone)).collect()
        };
        let columns = [("itemoffset", 0), ("heapPtr", 0), ("bits", 0)];
        vec![table("items", &columns, self.items.iter().map(row).collect())]
    }
}
