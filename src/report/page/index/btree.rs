//! B-trees: bt_metap, bt_page_stats, bt_page_items.
use super::{Fields, Pointer, listed, maybe, table, text, yes};
use crate::report::doc::{Cell, Table};
use crate::report::key::{self, Key};
use crate::types::{BlockNumber, Tid};
use serde::Serialize;

/// A page of a B-tree.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Btree {
    /// What bt_metap says, of the metapage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meta: Option<BtreeMeta>,
    /// What bt_page_stats says, of all other pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stats: Option<BtreeStats>,
    /// What bt_page_items says.
    pub items: Vec<BtreeItem>,
}

/// The metapage.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "bt_metap documents them")]
pub struct BtreeMeta {
    pub magic: u32,
    pub version: u32,
    pub root: BlockNumber,
    pub level: u32,
    pub fastroot: BlockNumber,
    pub fastlevel: u32,
    /// To 13.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_xact: Option<u32>,
    /// From 14 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_cleanup_num_delpages: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_cleanup_num_tuples: Option<f64>,
    /// From 13 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allequalimage: Option<bool>,
}

/// The special space, and what is counted.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "bt_page_stats documents them")]
pub struct BtreeStats {
    /// `l` leaf, `r` root, `i` internal, `e` half-dead, `d` deleted leaf, `D` deleted internal.
    #[serde(rename = "type")]
    pub kind: char,
    pub live_items: u32,
    pub dead_items: u32,
    pub avg_item_size: u32,
    pub page_size: u32,
    pub free_size: u32,
    pub btpo_prev: BlockNumber,
    pub btpo_next: BlockNumber,
    pub btpo_level: u32,
    pub btpo_flags: u16,
    /// btpo_flags by name.
    pub btpo_flag_names: Vec<String>,
    /// The VACUUM during which the page was split.
    pub btpo_cycleid: u16,
    /// Of a deleted page, the transaction after which it can be used again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_xid: Option<String>,
}

/// A tuple.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BtreeItem {
    /// The line pointer.
    #[serde(flatten)]
    pub pointer: Pointer,
    /// t_tid as stored; what is in it depends on the kind of tuple.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ctid: Option<Tid>,
    /// Bytes of the tuple.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub itemlen: Option<u16>,
    /// Whether a value is null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nulls: Option<bool>,
    /// Whether a value is of variable length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vars: Option<bool>,
    /// The values, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// The row, or the first of several; of a pivot, what tells equal keys apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub htid: Option<Tid>,
    /// The rows of a posting list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tids: Option<Vec<Tid>>,
    /// The values, decoded; of a pivot those that it has kept.
    pub keys: Vec<Key>,
    /// The child, on an internal page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub downlink: Option<BlockNumber>,
    /// What the tuple is for: `high key`, `downlink`, `row`, `posting list`.
    pub meaning: String,
}

impl Btree {
    pub(super) fn page_type(&self) -> String {
        let Some(stats) = &self.stats else { return "metapage".to_owned() };
        let root = if stats.btpo_flags & 2 != 0 { ", root" } else { "" };
        let kind = match stats.kind {
            'l' => "leaf",
            'r' | 'i' => "internal",
            'e' => "half-dead",
            'd' => "deleted leaf",
            _ => "deleted internal",
        };
        format!("{kind}{root}")
    }

    pub(super) fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        if let Some(meta) = &self.meta {
            fields.extend([
                ("magic", Cell::number(meta.magic)),
                ("version", Cell::number(meta.version)),
                ("root", Cell::number(meta.root.0)),
                ("level", Cell::number(meta.level)),
                ("fastroot", Cell::number(meta.fastroot.0)),
                ("fastlevel", Cell::number(meta.fastlevel)),
                ("oldest_xact", maybe(meta.oldest_xact, Cell::number)),
                ("last_cleanup_num_delpages", maybe(meta.last_cleanup_num_delpages, Cell::number)),
                (
                    "last_cleanup_num_tuples",
                    maybe(meta.last_cleanup_num_tuples, |count| text(count.to_string())),
                ),
                ("allequalimage", maybe(meta.allequalimage, yes)),
            ]);
        }
        if let Some(stats) = &self.stats {
            let names = stats.btpo_flag_names.join(" ");
            fields.extend([
                ("type", text(stats.kind)),
                ("live_items", Cell::number(stats.live_items)),
                ("dead_items", Cell::number(stats.dead_items)),
                ("avg_item_size", Cell::number(stats.avg_item_size)),
                ("free_size", Cell::number(stats.free_size)),
                ("btpo_prev", Cell::number(stats.btpo_prev.0)),
                ("btpo_next", Cell::number(stats.btpo_next.0)),
                ("btpo_level", Cell::number(stats.btpo_level)),
                ("btpo_flags", text(format!("{} {names}", stats.btpo_flags))),
                ("btpo_cycleid", Cell::number(stats.btpo_cycleid)),
                ("delete_xid", maybe(stats.delete_xid.as_ref(), text)),
            ]);
        }
        fields
    }

    pub(super) fn table(&self) -> Table {
        let columns = [
            ("itemoffset", 0),
            ("lp_off", 4),
            ("lp_flags_name", 9),
            ("ctid", 3),
            ("itemlen", 2),
            ("nulls", 5),
            ("vars", 5),
            ("dead", 5),
            ("htid", 1),
            ("downlink", 1),
            ("meaning", 0),
            ("keys", 0),
            ("tids", 9),
            ("data", 9),
        ];
        let row = |item: &BtreeItem| {
            let pointer = item.pointer;
            pointer.tone(vec![
                Cell::number(pointer.itemoffset),
                Cell::number(pointer.lp_off),
                text(pointer.lp_flags_name),
                maybe(item.ctid, |tid| text(tid.to_string())),
                maybe(item.itemlen, Cell::number),
                maybe(item.nulls, yes),
                maybe(item.vars, yes),
                yes(pointer.dead),
                maybe(item.htid, |tid| text(tid.to_string())),
                maybe(item.downlink, |block| Cell::number(block.0)),
                text(item.meaning.clone()),
                text(key::listed(&item.keys)),
                maybe(item.tids.as_deref(), |tids| text(listed(tids))),
                maybe(item.data.as_ref(), text),
            ])
        };
        table("bt_page_items", &columns, self.items.iter().map(row).collect())
    }
}
