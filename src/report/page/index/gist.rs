//! GiST indexes: gist_page_opaque_info, gist_page_items.
use super::{Fields, Pointer, maybe, table, text, yes};
use crate::report::doc::{Cell, Table};
use crate::report::key::{self, Key};
use crate::types::{BlockNumber, Lsn, Tid};
use serde::Serialize;

/// A page of a GiST index.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Gist {
    /// `leaf`, `internal`, `deleted`.
    pub page_type: &'static str,
    /// What gist_page_opaque_info says.
    pub opaque: GistOpaque,
    /// What gist_page_items says.
    pub items: Vec<GistItem>,
}

/// The special space.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "gist_page_opaque_info documents them")]
pub struct GistOpaque {
    pub lsn: Lsn,
    pub nsn: Lsn,
    pub rightlink: BlockNumber,
    pub flags: Vec<String>,
    /// Of a deleted page, the last transaction that could still see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_xid: Option<String>,
}

/// A tuple.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GistItem {
    /// The line pointer.
    #[serde(flatten)]
    pub pointer: Pointer,
    /// t_tid as stored: the row, or in its block number the child.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ctid: Option<Tid>,
    /// Bytes of the tuple.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub itemlen: Option<u16>,
    /// The child, on an internal page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub downlink: Option<BlockNumber>,
    /// The values, decoded: on an internal page, what covers all below.
    pub keys: Vec<Key>,
    /// The tuple, in hexadecimal (gist_page_items_bytea).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_data: Option<String>,
}

impl Gist {
    pub(super) fn fields(&self) -> Fields {
        let opaque = &self.opaque;
        let rightlink = match opaque.rightlink {
            BlockNumber::INVALID => text("none"),
            block => Cell::number(block.0),
        };
        vec![
            ("nsn", text(opaque.nsn.to_string())),
            ("rightlink", rightlink),
            ("page flags", text(opaque.flags.join(" "))),
            ("delete_xid", maybe(opaque.delete_xid.as_ref(), text)),
        ]
    }

    pub(super) fn table(&self) -> Table {
        let row = |item: &GistItem| {
            item.pointer.tone(vec![
                Cell::number(item.pointer.itemoffset),
                Cell::number(item.pointer.lp_off),
                text(item.pointer.lp_flags_name),
                maybe(item.ctid, |tid| text(tid.to_string())),
                maybe(item.itemlen, Cell::number),
                yes(item.pointer.dead),
                maybe(item.downlink, |block| Cell::number(block.0)),
                text(key::listed(&item.keys)),
                maybe(item.key_data.as_ref(), text),
            ])
        };
        let columns = [
            ("itemoffset", 0),
            ("lp_off", 4),
            ("lp_flags_name", 9),
            ("ctid", 1),
            ("itemlen", 2),
            ("dead", 3),
            ("downlink", 0),
            ("keys", 0),
            ("key_data", 9),
        ];
        table("gist_page_items", &columns, self.items.iter().map(row).collect())
    }
}
