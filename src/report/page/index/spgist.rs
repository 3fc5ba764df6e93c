//! SP-GiST indexes, for which pageinspect has nothing: names are those of access/spgist_private.h.
use super::{Fields, Pointer, maybe, table, text, yes};
use crate::report::doc::{Cell, Table};
use crate::report::key::{self, Key};
use crate::types::{BlockNumber, Tid, Xid};
use serde::Serialize;

/// A page of an SP-GiST index.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Spgist {
    /// `metapage`, `inner`, `leaf`, and these of the tree of nulls.
    pub page_type: &'static str,
    /// The special space.
    pub opaque: SpgistOpaque,
    /// Of the metapage: pages that had room when they were last used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub last_used: Vec<LastUsed>,
    /// Tuples.
    pub items: Vec<SpgistItem>,
}

/// The special space.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(non_snake_case, reason = "the C names")]
pub struct SpgistOpaque {
    /// Flags by name.
    pub flags: Vec<String>,
    /// Redirections on the page.
    pub nRedirection: u16,
    /// Placeholders on the page.
    pub nPlaceholder: u16,
}

/// A page that had room.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LastUsed {
    /// What for: `inner 0` to `inner 2`, `leaf`, and these of nulls.
    #[serde(rename = "for")]
    pub purpose: &'static str,
    /// The page, or the invalid block.
    pub blkno: BlockNumber,
    /// Bytes that were free.
    #[serde(rename = "freeSpace")]
    pub free_space: i32,
}

/// A tuple.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpgistItem {
    /// The line pointer.
    #[serde(flatten)]
    pub pointer: Pointer,
    /// `live`, `redirect`, `dead`, `placeholder`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tupstate: Option<&'static str>,
    /// Whether all nodes of an inner tuple are equivalent.
    #[serde(rename = "allTheSame", skip_serializing_if = "Option::is_none")]
    pub all_the_same: Option<bool>,
    /// What all values below an inner tuple have in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<Key>,
    /// The nodes of an inner tuple.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<SpgistNode>,
    /// Of a leaf tuple, the next one of its chain; 0 for none.
    #[serde(rename = "nextOffset", skip_serializing_if = "Option::is_none")]
    pub next_offset: Option<u16>,
    /// Of a live leaf tuple, the row.
    #[serde(rename = "heapPtr", skip_serializing_if = "Option::is_none")]
    pub heap_ptr: Option<Tid>,
    /// Of a redirection, where in the index searches go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirects_to: Option<Tid>,
    /// Of a redirection, the transaction that moved the tuples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xid: Option<Xid>,
    /// Of a live leaf tuple, its values: the key, or what is left of it at this depth, and
    /// INCLUDE columns.
    pub keys: Vec<Key>,
    /// Why it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A node of an inner tuple.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpgistNode {
    /// Its label, if nodes have labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Key>,
    /// Where in the index it leads; none for nowhere yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub downlink: Option<Tid>,
}

impl Spgist {
    pub(super) fn fields(&self) -> Fields {
        vec![
            ("page flags", text(self.opaque.flags.join(" "))),
            ("nRedirection", Cell::number(self.opaque.nRedirection)),
            ("nPlaceholder", Cell::number(self.opaque.nPlaceholder)),
        ]
    }

    pub(super) fn tables(&self) -> Vec<Table> {
        let last = |used: &LastUsed| {
            let block = Some(used.blkno).filter(|block| *block != BlockNumber::INVALID);
            vec![
                text(used.purpose),
                maybe(block, |block| Cell::number(block.0)),
                Cell::number(used.free_space),
            ]
        };
        let columns = [("for", 0), ("blkno", 0), ("freeSpace", 0)];
        let used = table("last_used", &columns, self.last_used.iter().map(last).collect());
        [self.items(), self.nodes(), used]
            .into_iter()
            .filter(|table| !table.rows.is_empty())
            .collect()
    }

    fn items(&self) -> Table {
        let row = |item: &SpgistItem| {
            item.pointer.tone(vec![
                Cell::number(item.pointer.itemoffset),
                Cell::number(item.pointer.lp_off),
                text(item.pointer.lp_flags_name),
                Cell::number(item.pointer.lp_len),
                maybe(item.tupstate, text),
                maybe(item.next_offset.filter(|next| *next > 0), Cell::number),
                maybe(item.heap_ptr, |tid| text(tid.to_string())),
                maybe(item.redirects_to, |tid| text(tid.to_string())),
                maybe(item.xid, |xid| Cell::number(xid.0)),
                maybe(item.all_the_same, yes),
                maybe(item.prefix.as_ref(), |prefix| text(prefix.to_string())),
                maybe(Some(&item.nodes).filter(|nodes| !nodes.is_empty()), |nodes| {
                    Cell::number(nodes.len() as u64)
                }),
                text(key::listed(&item.keys)),
                maybe(item.error.as_ref(), text),
            ])
        };
        let columns = [
            ("itemoffset", 0),
            ("lp_off", 4),
            ("lp_flags_name", 9),
            ("lp_len", 3),
            ("tupstate", 1),
            ("nextOffset", 0),
            ("heapPtr", 0),
            ("redirects_to", 0),
            ("xid", 0),
            ("allTheSame", 2),
            ("prefix", 0),
            ("nodes", 0),
            ("keys", 0),
            ("error", 0),
        ];
        table("items", &columns, self.items.iter().map(row).collect())
    }

    fn nodes(&self) -> Table {
        let row = |(item, number, node): (u16, usize, &SpgistNode)| {
            vec![
                Cell::number(item),
                Cell::number(number as u64),
                maybe(node.label.as_ref(), |label| text(label.to_string())),
                maybe(node.downlink, |tid| text(tid.to_string())),
            ]
        };
        let nodes = self.items.iter().flat_map(|item| {
            let numbered = item.nodes.iter().enumerate();
            numbered.map(|(number, node)| (item.pointer.itemoffset, number, node))
        });
        let columns = [("itemoffset", 0), ("node", 0), ("label", 0), ("downlink", 0)];
        table("nodes", &columns, nodes.map(row).collect())
    }
}
