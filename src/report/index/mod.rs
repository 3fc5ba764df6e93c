//! What an index is made of. Schema `index/1`.
mod fields;
mod present;
mod tree;

pub use tree::TreeNode;

use crate::types::{BlockNumber, Oid, RelFileNumber};
use serde::Serialize;

/// The answer of `index`.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Index {
    /// `db.schema.index`.
    pub index: String,
    /// `db.schema.table`; none if the catalogs do not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Name of the access method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_method: Option<String>,
    /// pg_class.oid.
    pub oid: Oid,
    /// Number that names its files.
    pub filenode: RelFileNumber,
    /// pg_index.indisunique; none if its row is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indisunique: Option<bool>,
    /// pg_index.indisvalid, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indisvalid: Option<bool>,
    /// Percent of a page that building it fills; none where the access method has no such option.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fillfactor: Option<u32>,
    /// Length of the main fork, in bytes.
    pub index_len: u64,
    /// Pages that could not be read or are damaged; no other number counts what is on them.
    pub lost_pages: u64,
    /// What pgstatindex gives; of B-trees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pgstatindex: Option<PgStatIndex>,
    /// What pgstatginindex gives; of GIN indexes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pgstatginindex: Option<PgStatGinIndex>,
    /// What pgstathashindex gives; of hash indexes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pgstathashindex: Option<PgStatHashIndex>,
    /// What pgstattuple gives; of B-trees, hash and GiST indexes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pgstattuple: Option<PgStatTuple>,
    /// Ranges and their summaries; of BRIN indexes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranges: Option<Ranges>,
    /// Pages by what they are for.
    pub pages: Vec<PagesOf>,
    /// Level by level, the root's first; of trees.
    pub levels: Vec<Level>,
    /// Pages that no link leads to, though they are neither new nor deleted: left by a crash in the
    /// middle of a split, or lost to damage. None where links were not followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreached_pages: Option<u64>,
    /// Items, and the rows they lead to.
    pub items: Items,
    /// What is at the other end, in the table; none unless it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heap: Option<HeapCheck>,
    /// What REINDEX would make of it; none for access methods that are not estimated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reindex: Option<Reindex>,
    /// Why `reindex` is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_estimated: Option<&'static str>,
    /// The tree from its root, each page before what is below it; empty unless it was asked for.
    pub tree: Vec<TreeNode>,
    /// The input, as commands name it.
    #[serde(skip)]
    pub input: String,
}

/// What pgstatindex gives, under its names.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PgStatIndex {
    /// Of the metapage.
    pub version: u32,
    /// Level of the root.
    pub tree_level: u32,
    /// Bytes, all pages that could be read.
    pub index_size: u64,
    /// The root; 0 for none.
    pub root_block_no: BlockNumber,
    /// Pages that are neither leaves nor deleted; new ones count here.
    pub internal_pages: u64,
    /// Leaves.
    pub leaf_pages: u64,
    /// Half-dead pages.
    pub empty_pages: u64,
    /// Deleted pages.
    pub deleted_pages: u64,
    /// Percent of leaves that is used; none (NaN there) without leaves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avg_leaf_density: Option<f64>,
    /// Percent of leaves whose right sibling lies before them; none without leaves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaf_fragmentation: Option<f64>,
}

/// What pgstatginindex gives, under its names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PgStatGinIndex {
    /// Of the metapage.
    pub version: i32,
    /// Pages in the pending list.
    pub pending_pages: u32,
    /// Rows in the pending list.
    pub pending_tuples: i64,
}

/// What pgstathashindex gives, under its names.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PgStatHashIndex {
    /// Of the metapage.
    pub version: u32,
    /// First pages of buckets.
    pub bucket_pages: u64,
    /// Overflow pages.
    pub overflow_pages: u64,
    /// Bitmaps of overflow pages.
    pub bitmap_pages: u64,
    /// Unused and new pages.
    pub unused_pages: u64,
    /// Items that are not `LP_DEAD`.
    pub live_items: u64,
    /// Items that are.
    pub dead_items: u64,
    /// Percent of the room for items that is free.
    pub free_percent: f64,
}

/// What pgstattuple gives of an index, under its names: of leaves and buckets.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PgStatTuple {
    /// Length of the main fork.
    pub table_len: u64,
    /// Items that are not `LP_DEAD`.
    pub tuple_count: u64,
    /// Their bytes.
    pub tuple_len: u64,
    /// Items that are.
    pub dead_tuple_count: u64,
    /// Their bytes.
    pub dead_tuple_len: u64,
    /// Free space as the pgstattuple of this major counts it.
    pub free_space: u64,
}

/// Ranges of heap blocks and their summaries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ranges {
    /// Heap blocks in a range.
    pub pages_per_range: u32,
    /// Pages of the map from ranges to summaries.
    pub revmap_pages: u64,
    /// Ranges that the table has.
    pub ranges: u64,
    /// Of these, ranges that have a summary.
    pub summarized: u64,
    /// Of these, ranges that have none: scans read all of their blocks.
    pub unsummarized: u64,
    /// Of the summaries, those that only keep a place.
    pub placeholders: u64,
    /// Of the summaries, those of ranges without rows.
    pub empty: u64,
}

/// Pages that are for the same thing.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PagesOf {
    /// "leaf", "internal", "bucket", "pending list" …
    pub kind: &'static str,
    /// How many.
    pub pages: u64,
    /// Items on them, high keys not counted.
    pub items: u64,
    /// Of these, `LP_DEAD` ones.
    pub dead_items: u64,
    /// Free bytes.
    pub free_space: u64,
    /// Percent of the room between page header and special space that is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill_percent: Option<f64>,
}

/// One level of a tree.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Level {
    /// What the level belongs to, where an index has several trees: "entry", "posting", "nulls".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tree: Option<&'static str>,
    /// Of a B-tree, as its pages have it, 0 for leaves; else counted down from the deepest level.
    pub level: u32,
    /// Pages; of SP-GiST, tuples, whose pages are not of one level.
    pub pages: u64,
    /// Items on them, high keys not counted; of SP-GiST, nodes and rows.
    pub items: u64,
    /// Percent of the room for items that is used; none of SP-GiST.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill_percent: Option<f64>,
    /// The first key, of B-trees and of entries of GIN; keys of other access methods have no order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_key: Option<String>,
    /// The last key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_key: Option<String>,
}

/// Items that lead to rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Items {
    /// Items of leaves, buckets and lists.
    pub items: u64,
    /// Of these, `LP_DEAD` ones.
    pub dead_items: u64,
    /// Of these, posting lists: one key with several rows.
    pub posting_lists: u64,
    /// Rows that all items together lead to.
    pub rows: u64,
    /// Of these, rows that posting lists lead to.
    pub posting_rows: u64,
}

/// What is at the other end of each item, in the table: a count of rows by their line pointer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HeapCheck {
    /// `LP_NORMAL`: a tuple.
    pub tuples: u64,
    /// `LP_REDIRECT`: a HOT chain.
    pub redirects: u64,
    /// `LP_DEAD`: a row that is gone; the next VACUUM takes the item away.
    pub dead: u64,
    /// `LP_UNUSED`: damage, scans would return whatever comes to be there.
    pub unused: u64,
    /// No such line pointer or block: damage.
    pub absent: u64,
    /// A tuple that is not the root of its HOT chain: damage.
    pub heap_only: u64,
    /// On a page of the table that could not be read or is damaged.
    pub unreadable: u64,
}

/// What REINDEX would make of it, by packing its items as a build does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Reindex {
    /// Length of the index built anew, in bytes: the most, if there is a least.
    pub rebuilt_len: u64,
    /// The least that this may be, where it depends on more than the items: on the order of rows
    /// (GiST, SP-GiST) or on memory (GIN).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rebuilt_len_least: Option<u64>,
    /// What that would free, in bytes, at least.
    pub frees: u64,
    /// `frees` of the length there is, 0 to 100.
    pub bloat_percent: f64,
}
