//! Pages of a relation, field by field, as pageinspect names them. Schema `page/1`.
mod hex;
pub mod index;
mod present;
mod snapshot;

pub use snapshot::{Party, Rule, Sight, Snapshot, Standing};

use self::index::{Content, IndexInfo};
use crate::types::{BlockNumber, Fork, Lsn, MultiXactId, Xid};
use serde::Serialize;

/// The answer of `page`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Pages {
    /// The relation, `db.schema.table`; the file, if no name is known.
    pub relation: String,
    /// Its fork.
    pub fork: Fork,
    /// What the relation is, if it is an index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexInfo>,
    /// The snapshot that was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Snapshot>,
    /// The pages, in order.
    pub pages: Vec<PageDump>,
}

/// One page.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PageDump {
    /// Block of the fork.
    pub block: BlockNumber,
    /// The segment file, relative to the data directory.
    pub file: String,
    /// Where the page begins in that file, in bytes.
    pub byte: u64,
    /// What it holds.
    pub kind: PageKind,
    /// The page header (pageinspect: page_header).
    pub header: Header,
    /// What the bytes of the page are used for; adds up to the block size. Heap pages only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<Space>,
    /// Line pointers and tuples (pageinspect: heap_page_items). Heap pages only.
    pub items: Vec<Item>,
    /// What other pages hold, by their kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// Every byte, region by region, if asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<Region>,
}

/// What a page holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum PageKind {
    /// Rows.
    #[serde(rename = "heap")]
    Heap,
    /// Nothing yet: never initialised.
    #[serde(rename = "new")]
    New,
    /// A page of a B-tree.
    #[serde(rename = "btree")]
    Btree,
    /// A page of a hash index.
    #[serde(rename = "hash")]
    Hash,
    /// A page of a GIN index.
    #[serde(rename = "gin")]
    Gin,
    /// A page of a GiST index.
    #[serde(rename = "gist")]
    Gist,
    /// A page of an SP-GiST index.
    #[serde(rename = "spgist")]
    Spgist,
    /// A page of a BRIN index.
    #[serde(rename = "brin")]
    Brin,
    /// A page of a bloom index (contrib/bloom).
    #[serde(rename = "bloom")]
    Bloom,
    /// A page of an index of another access method.
    #[serde(rename = "index")]
    Index,
    /// A sequence's one row.
    #[serde(rename = "sequence")]
    Sequence,
    /// Free space map.
    #[serde(rename = "free space map")]
    FreeSpaceMap,
    /// Visibility map.
    #[serde(rename = "visibility map")]
    VisibilityMap,
    /// Something else, or not known.
    #[serde(rename = "unknown")]
    Unknown,
}

/// The page header under pageinspect's names.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Header {
    /// pd_lsn.
    pub lsn: Lsn,
    /// pd_checksum.
    pub checksum: u16,
    /// What the checksum of these bytes is (page_checksum); of a new page there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computed_checksum: Option<u16>,
    /// Whether the cluster has checksums.
    pub checksums: bool,
    /// pd_flags.
    pub flags: u16,
    /// pd_flags by name.
    pub flag_names: Vec<&'static str>,
    /// pd_lower.
    pub lower: u16,
    /// pd_upper.
    pub upper: u16,
    /// pd_special.
    pub special: u16,
    /// Size in pd_pagesize_version, in bytes.
    pub pagesize: u16,
    /// Layout version in pd_pagesize_version.
    pub version: u8,
    /// pd_prune_xid.
    pub prune_xid: Xid,
}

/// What the bytes of a heap page are used for; all of them together are the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Space {
    /// Page header.
    pub header: u32,
    /// Line pointers.
    pub line_pointers: u32,
    /// Tuples that are live, or whose end is not certain.
    pub live: u32,
    /// Tuples that are dead or deleted.
    pub dead: u32,
    /// Behind each tuple, up to the next multiple of 8.
    pub padding: u32,
    /// The hole between pd_lower and pd_upper.
    pub hole: u32,
    /// Behind pd_upper, of no tuple: what pruned tuples left until the page is compacted.
    pub unclaimed: u32,
    /// Special space.
    pub special: u32,
}

/// A line pointer under the names of heap_page_items.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Item {
    /// Its number.
    pub lp: u16,
    /// Where its tuple begins on the page; of a redirect, the line pointer it leads to.
    pub lp_off: u16,
    /// 0 unused, 1 normal, 2 redirect, 3 dead.
    pub lp_flags: u8,
    /// lp_flags by name.
    pub lp_flags_name: &'static str,
    /// Bytes of its tuple.
    pub lp_len: u16,
    /// The line pointer on this page where the HOT chain goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain_next: Option<u16>,
    /// Whether the tuple was asked for by name.
    pub selected: bool,
    /// The tuple, if its header can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tuple: Option<Tuple>,
}

/// A tuple under the names of heap_page_items and heap_tuple_infomask_flags.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tuple {
    /// Inserting transaction.
    pub t_xmin: Xid,
    /// Deleting or locking transaction, or a multixact.
    pub t_xmax: Xid,
    /// Command id, or the transaction of an old VACUUM FULL.
    pub t_field3: u32,
    /// This tuple or its next version, `(block,offset)`.
    pub t_ctid: String,
    /// Number of attributes and flags.
    pub t_infomask2: u16,
    /// Flags.
    pub t_infomask: u16,
    /// Where the values begin in the tuple.
    pub t_hoff: u8,
    /// Null bitmap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub t_bits: Option<String>,
    /// Oid of a row of an old table WITH OIDS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub t_oid: Option<u32>,
    /// ROWID of a row of an IvorySQL table WITH ROWID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rowid: Option<String>,
    /// The values, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub t_data: Option<String>,
    /// Attributes in the tuple.
    pub natts: u16,
    /// Flags by name.
    pub raw_flags: Vec<&'static str>,
    /// What flags mean together.
    pub combined_flags: Vec<&'static str>,
    /// What became of t_xmin.
    pub xmin_status: Status,
    /// What became of t_xmax, if it is a transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xmax_status: Option<Status>,
    /// The multixact in t_xmax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multixact: Option<Multi>,
    /// What became of the tuple.
    pub fate: TupleFate,
    /// All of this in words.
    pub meaning: Vec<String>,
    /// Whether a session with the snapshot that was asked about sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Sight>,
}

/// What became of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Status {
    /// Prepared, or running when the server ended.
    #[serde(rename = "in progress")]
    InProgress,
    /// Committed.
    #[serde(rename = "committed")]
    Committed,
    /// Rolled back.
    #[serde(rename = "aborted")]
    Aborted,
    /// Committed so long ago that it does not matter which it was.
    #[serde(rename = "frozen")]
    Frozen,
    /// Its status is not there.
    #[serde(rename = "unknown")]
    Unknown,
}

/// What became of a tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum TupleFate {
    /// Live.
    #[serde(rename = "live")]
    Live,
    /// Its insertion has not ended.
    #[serde(rename = "insert in progress")]
    InsertInProgress,
    /// Its deletion has not ended.
    #[serde(rename = "delete in progress")]
    DeleteInProgress,
    /// Deleted; dead as soon as no snapshot needs it.
    #[serde(rename = "deleted")]
    Deleted,
    /// Dead: its insertion never committed.
    #[serde(rename = "dead")]
    Dead,
    /// The status of its transactions is not there.
    #[serde(rename = "unknown")]
    Unknown,
}

/// A multixact.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Multi {
    /// Its number.
    pub multi: MultiXactId,
    /// Its members; none if they cannot be read.
    pub members: Vec<Member>,
}

/// A member of a multixact, as pg_get_multixact_members gives it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Member {
    /// The transaction.
    pub xid: Xid,
    /// What it does: `keysh`, `sh`, `fornokeyupd`, `forupd`, `nokeyupd`, `upd`.
    pub mode: String,
    /// What became of it.
    pub status: Status,
}

/// Some bytes of a page and what they are. The regions of a page follow each other without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Region {
    /// Where it begins on the page.
    pub at: u32,
    /// Its bytes, in hexadecimal.
    pub bytes: String,
    /// What it is, with its value.
    pub field: String,
}

impl Status {
    /// As txid_status names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InProgress => "in progress",
            Self::Committed => "committed",
            Self::Aborted => "aborted",
            Self::Frozen => "frozen",
            Self::Unknown => "unknown",
        }
    }
}

impl TupleFate {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::InsertInProgress => "insert in progress",
            Self::DeleteInProgress => "delete in progress",
            Self::Deleted => "deleted",
            Self::Dead => "dead",
            Self::Unknown => "unknown",
        }
    }
}

impl PageKind {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Heap => "heap",
            Self::New => "new",
            Self::Btree => "btree",
            Self::Hash => "hash",
            Self::Gin => "gin",
            Self::Gist => "gist",
            Self::Spgist => "spgist",
            Self::Brin => "brin",
            Self::Bloom => "bloom",
            Self::Index => "index",
            Self::Sequence => "sequence",
            Self::FreeSpaceMap => "free space map",
            Self::VisibilityMap => "visibility map",
            Self::Unknown => "unknown",
        }
    }
}

impl Space {
    /// All bytes of the page.
    pub fn total(&self) -> u32 {
        self.parts().iter().map(|(_, bytes)| bytes).sum()
    }

    /// The parts, by name.
    pub fn parts(&self) -> [(&'static str, u32); 8] {
        [
            ("header", self.header),
            ("line pointers", self.line_pointers),
            ("live", self.live),
            ("dead", self.dead),
            ("padding", self.padding),
            ("hole", self.hole),
            ("unclaimed", self.unclaimed),
            ("special", self.special),
        ]
    }
}
