//! Hash indexes: hash_metapage_info, hash_page_type, hash_page_stats, hash_page_items,
//! hash_bitmap_info.
use super::{Fields, Pointer, listed, maybe, table, text, yes};
use crate::report::doc::{Cell, Table};
use crate::types::{BlockNumber, Oid, Tid};
use serde::Serialize;

/// A page of a hash index.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Hash {
    /// What hash_page_type says: `metapage`, `bucket`, `overflow`, `bitmap`, `unused`.
    #[serde(rename = "hash_page_type")]
    pub page_type: String,
    /// What hash_metapage_info says, of the metapage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meta: Option<HashMeta>,
    /// What hash_page_stats says, of all other pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stats: Option<HashStats>,
    /// What hash_page_items says.
    pub items: Vec<HashItem>,
    /// What hash_bitmap_info says of an overflow page, if the metapage and the bitmap can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bitmap_info: Option<HashBit>,
    /// Of a bitmap, the numbers of the bits that are not set: overflow pages that are free.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub free: Vec<u32>,
}

/// The metapage.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "hash_metapage_info documents them")]
pub struct HashMeta {
    pub magic: u32,
    pub version: u32,
    pub ntuples: f64,
    pub ffactor: u16,
    pub bsize: u16,
    pub bmsize: u16,
    pub bmshift: u16,
    pub maxbucket: u32,
    pub highmask: u32,
    pub lowmask: u32,
    pub ovflpoint: u32,
    pub firstfree: u32,
    pub nmaps: u32,
    pub procid: Oid,
    pub spares: Vec<u32>,
    pub mapp: Vec<BlockNumber>,
}

/// The special space, and what is counted.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "hash_page_stats documents them")]
pub struct HashStats {
    pub live_items: u32,
    pub dead_items: u32,
    pub page_size: u32,
    pub free_size: u32,
    pub hasho_prevblkno: BlockNumber,
    pub hasho_nextblkno: BlockNumber,
    pub hasho_bucket: u32,
    pub hasho_flag: u16,
    /// hasho_flag by name.
    pub hasho_flag_names: Vec<String>,
    pub hasho_page_id: u16,
}

/// A tuple.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HashItem {
    /// The line pointer.
    #[serde(flatten)]
    pub pointer: Pointer,
    /// The row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ctid: Option<Tid>,
    /// The hash value of its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<u32>,
    /// Whether it was put there by a split that has not ended.
    pub moved_by_split: bool,
}

/// Where the bit of an overflow page is.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HashBit {
    /// The bitmap.
    pub bitmapblkno: BlockNumber,
    /// The bit in it.
    pub bitmapbit: u32,
    /// Whether it is set: the page is in use.
    pub bitstatus: bool,
}

impl Hash {
    pub(super) fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        if let Some(meta) = &self.meta {
            let mapp: Vec<_> = meta.mapp.iter().filter(|block| block.0 != 0).collect();
            let spares = meta.spares.iter().rposition(|&spare| spare != 0).map_or(0, |at| at + 1);
            fields.extend([
                ("magic", Cell::number(meta.magic)),
                ("version", Cell::number(meta.version)),
                ("ntuples", text(meta.ntuples.to_string())),
                ("ffactor", Cell::number(meta.ffactor)),
                ("bsize", Cell::number(meta.bsize)),
                ("bmsize", Cell::number(meta.bmsize)),
                ("bmshift", Cell::number(meta.bmshift)),
                ("maxbucket", Cell::number(meta.maxbucket)),
                ("highmask", Cell::number(meta.highmask)),
                ("lowmask", Cell::number(meta.lowmask)),
                ("ovflpoint", Cell::number(meta.ovflpoint)),
                ("firstfree", Cell::number(meta.firstfree)),
                ("nmaps", Cell::number(meta.nmaps)),
                ("procid", Cell::number(meta.procid.0)),
                ("spares", text(listed(meta.spares.get(..spares).unwrap_or_default()))),
                ("mapp", text(listed(&mapp))),
            ]);
        }
        if let Some(stats) = &self.stats {
            let block = |block: BlockNumber| match block {
                BlockNumber::INVALID => text("none"),
                block => Cell::number(block.0),
            };
            let names = stats.hasho_flag_names.join(" ");
            fields.extend([
                ("live_items", Cell::number(stats.live_items)),
                ("dead_items", Cell::number(stats.dead_items)),
                ("free_size", Cell::number(stats.free_size)),
                ("hasho_prevblkno", block(stats.hasho_prevblkno)),
                ("hasho_nextblkno", block(stats.hasho_nextblkno)),
                ("hasho_bucket", Cell::number(stats.hasho_bucket)),
                ("hasho_flag", text(format!("{} {names}", stats.hasho_flag))),
                ("hasho_page_id", text(format!("{:#06x}", stats.hasho_page_id))),
            ]);
        }
        if let Some(bit) = &self.bitmap_info {
            fields.extend([
                ("bitmapblkno", Cell::number(bit.bitmapblkno.0)),
                ("bitmapbit", Cell::number(bit.bitmapbit)),
                ("bitstatus", yes(bit.bitstatus)),
            ]);
        }
        fields
    }

    pub(super) fn tables(&self) -> Vec<Table> {
        let row = |item: &HashItem| {
            let pointer = item.pointer;
            pointer.tone(vec![
                Cell::number(pointer.itemoffset),
                Cell::number(pointer.lp_off),
                text(pointer.lp_flags_name),
                maybe(item.ctid, |tid| text(tid.to_string())),
                maybe(item.data, Cell::number),
                yes(pointer.dead),
                yes(item.moved_by_split),
            ])
        };
        let columns = [
            ("itemoffset", 0),
            ("lp_off", 4),
            ("lp_flags_name", 9),
            ("ctid", 0),
            ("hash_value", 0),
            ("dead", 1),
            ("moved_by_split", 1),
        ];
        let items = table("hash_page_items", &columns, self.items.iter().map(row).collect());
        let free = self.free.iter().map(|bit| vec![Cell::number(*bit)]).collect();
        let free = table("free_overflow_pages", &[("free_bit", 0)], free);
        [items, free].into_iter().filter(|table| !table.rows.is_empty()).collect()
    }
}
