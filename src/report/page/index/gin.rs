//! GIN indexes: gin_metapage_info, gin_page_opaque_info, gin_leafpage_items, and what pageinspect
//! has not: entries and the pending list.
use super::{Fields, Pointer, listed, maybe, table, text};
use crate::report::doc::{Cell, Table};
use crate::report::key::Key;
use crate::types::{BlockNumber, Tid};
use serde::Serialize;

/// A page of a GIN index.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Gin {
    /// `metapage`, `entry leaf`, `entry internal`, `posting tree leaf`, `posting tree internal`,
    /// `pending list`, `deleted`.
    pub page_type: &'static str,
    /// What gin_page_opaque_info says.
    pub opaque: GinOpaque,
    /// What gin_metapage_info says, of the metapage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meta: Option<GinMeta>,
    /// Entries, on pages of the entry tree.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<GinEntry>,
    /// Keys of rows that are not in the entry tree yet, on pages of the pending list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<GinPending>,
    /// Right bound of a posting tree's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right_bound: Option<Tid>,
    /// Children, on an internal page of a posting tree.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub posting_items: Vec<PostingItem>,
    /// What gin_leafpage_items says, on a compressed leaf of a posting tree.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<GinList>,
}

/// The special space.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "gin_page_opaque_info documents them")]
pub struct GinOpaque {
    pub rightlink: BlockNumber,
    pub maxoff: u16,
    pub flags: Vec<String>,
}

/// The metapage.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "gin_metapage_info documents them")]
pub struct GinMeta {
    pub pending_head: BlockNumber,
    pub pending_tail: BlockNumber,
    pub tail_free_size: u32,
    pub n_pending_pages: u32,
    pub n_pending_tuples: String,
    pub n_total_pages: u32,
    pub n_entry_pages: u32,
    pub n_data_pages: u32,
    pub n_entries: String,
    pub version: i32,
}

/// An entry.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GinEntry {
    /// The line pointer.
    #[serde(flatten)]
    pub pointer: Pointer,
    /// Bytes of the tuple.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub itemlen: Option<u16>,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attnum: Option<u16>,
    /// `key`, or what stands for it: `null key`, `empty item`, `null item`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'static str>,
    /// The key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// The child, on an internal page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub downlink: Option<BlockNumber>,
    /// The root of the posting tree, if the rows are not in the entry itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posting_tree: Option<BlockNumber>,
    /// The rows in the entry itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tids: Option<Vec<Tid>>,
    /// Why it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A key of a row in the pending list.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GinPending {
    /// The line pointer.
    #[serde(flatten)]
    pub pointer: Pointer,
    /// The row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ctid: Option<Tid>,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attnum: Option<u16>,
    /// As of an entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'static str>,
    /// The key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
}

/// A child of an internal page of a posting tree.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PostingItem {
    /// The child.
    pub child: BlockNumber,
    /// The highest row below it.
    pub key: Tid,
}

/// A packed list of rows.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "gin_leafpage_items documents them")]
pub struct GinList {
    pub first_tid: Tid,
    pub nbytes: u16,
    pub tids: Vec<Tid>,
    /// Why it cannot be read to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Gin {
    pub(super) fn fields(&self) -> Fields {
        let block = |block: BlockNumber| match block {
            BlockNumber::INVALID => text("none"),
            block => Cell::number(block.0),
        };
        let mut fields = vec![
            ("rightlink", block(self.opaque.rightlink)),
            ("maxoff", Cell::number(self.opaque.maxoff)),
            ("page flags", text(self.opaque.flags.join(" "))),
            ("right_bound", maybe(self.right_bound, |tid| text(tid.to_string()))),
        ];
        if let Some(meta) = &self.meta {
            fields.extend([
                ("pending_head", block(meta.pending_head)),
                ("pending_tail", block(meta.pending_tail)),
                ("tail_free_size", Cell::number(meta.tail_free_size)),
                ("n_pending_pages", Cell::number(meta.n_pending_pages)),
                ("n_pending_tuples", text(&meta.n_pending_tuples)),
                ("n_total_pages", Cell::number(meta.n_total_pages)),
                ("n_entry_pages", Cell::number(meta.n_entry_pages)),
                ("n_data_pages", Cell::number(meta.n_data_pages)),
                ("n_entries", text(&meta.n_entries)),
                ("version", Cell::number(meta.version)),
            ]);
        }
        fields
    }

    pub(super) fn tables(&self) -> Vec<Table> {
        let tables = [self.entries(), self.pending(), self.items(), self.lists()];
        tables.into_iter().filter(|table| !table.rows.is_empty()).collect()
    }

    fn entries(&self) -> Table {
        let row = |entry: &GinEntry| {
            let rows = match (&entry.tids, entry.posting_tree) {
                (_, Some(root)) => text(format!("posting tree at block {root}")),
                (Some(tids), _) => match tids.as_slice() {
                    [] => text("none"),
                    [only] => text(only.to_string()),
                    [first, more @ ..] => text(format!("{first} and {} more", more.len())),
                },
                (None, None) => maybe(entry.error.as_ref(), text),
            };
            entry.pointer.tone(vec![
                Cell::number(entry.pointer.itemoffset),
                Cell::number(entry.pointer.lp_off),
                text(entry.pointer.lp_flags_name),
                maybe(entry.itemlen, Cell::number),
                maybe(entry.attnum, Cell::number),
                maybe(entry.category, text),
                maybe(entry.downlink, |block| Cell::number(block.0)),
                rows,
                maybe(entry.key.as_ref(), |key| text(key.to_string())),
                maybe(entry.tids.as_deref(), |tids| text(listed(tids))),
            ])
        };
        let columns = [
            ("itemoffset", 0),
            ("lp_off", 4),
            ("lp_flags_name", 9),
            ("itemlen", 3),
            ("attnum", 0),
            ("category", 2),
            ("downlink", 0),
            ("rows", 0),
            ("key", 0),
            ("tids", 9),
        ];
        table("entries", &columns, self.entries.iter().map(row).collect())
    }

    fn pending(&self) -> Table {
        let row = |item: &GinPending| {
            item.pointer.tone(vec![
                Cell::number(item.pointer.itemoffset),
                maybe(item.ctid, |tid| text(tid.to_string())),
                maybe(item.attnum, Cell::number),
                maybe(item.category, text),
                maybe(item.key.as_ref(), |key| text(key.to_string())),
            ])
        };
        let columns = [("itemoffset", 0), ("ctid", 0), ("attnum", 0), ("category", 1), ("key", 0)];
        table("pending", &columns, self.pending.iter().map(row).collect())
    }

    fn items(&self) -> Table {
        let row = |item: &PostingItem| vec![Cell::number(item.child.0), text(item.key.to_string())];
        let rows = self.posting_items.iter().map(row).collect();
        table("posting_items", &[("child", 0), ("key", 0)], rows)
    }

    fn lists(&self) -> Table {
        let row = |list: &GinList| {
            vec![
                text(list.first_tid.to_string()),
                Cell::number(list.nbytes),
                Cell::count(list.tids.len() as u64),
                maybe(list.error.as_ref(), text),
                text(listed(&list.tids)),
            ]
        };
        let columns = [("first_tid", 0), ("nbytes", 0), ("rows", 0), ("error", 0), ("tids", 9)];
        table("gin_leafpage_items", &columns, self.lists.iter().map(row).collect())
    }
}
