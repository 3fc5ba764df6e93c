//! The metapage (`xl_btree_metadata`), and the records about it: a new root
//! (`xl_btree_newroot`), and what vacuum notes there: access/nbtxlog.h.
//!
//! ```text
//! 0 version | 4 root | 8 level | 12 fastroot | 16 fastlevel
//! 20 oldest_btpo_xact | 24 last_cleanup_num_heap_tuples | 32 allequalimage (13)          to 13
//! 20 last_cleanup_num_delpages | 24 allequalimage                                        from 14
//! ```
use crate::format::bytes::{flag, u32, u64};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::index_tuple::IndexTuples;
use crate::layout::wal::{BtreeShape, BtreeWords};
use crate::types::{BlockNumber, Xid};
use std::fmt::{self, Write};

/// What a metapage says after the record.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Metadata {
    /// `btm_version`.
    pub version: u32,
    /// The root's block.
    pub root: BlockNumber,
    /// Its level.
    pub level: u32,
    /// The root that searches begin at: below it no level has a single page.
    pub fastroot: BlockNumber,
    /// Its level.
    pub fastlevel: u32,
    /// Oldest xid of a deleted page (to 13).
    pub oldest_btpo_xact: Option<Xid>,
    /// Rows of the table at the last cleanup, -1 for none (to 13).
    pub last_cleanup_num_heap_tuples: Option<f64>,
    /// Deleted pages left by the last vacuum (14 and later).
    pub last_cleanup_num_delpages: Option<u32>,
    /// Whether equal keys always have equal bytes, so that entries can be merged (13 and later).
    pub allequalimage: Option<bool>,
}

/// A root made: block 0, from the halves of the old one if its level is above 0.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NewRoot<'a> {
    /// The root's block, which is also block 0.
    pub rootblk: BlockNumber,
    /// Its level.
    pub level: u32,
    /// Its two entries; `None` in an empty root.
    pub items: Option<IndexTuples<'a>>,
    /// The metapage, block 2, as it becomes.
    pub metadata: Option<Metadata>,
}

/// What vacuum notes in the metapage, block 0.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MetaCleanup {
    /// The metapage as it becomes.
    pub metadata: Metadata,
}

impl Metadata {
    /// Reads that of the block that the record calls `id`, if there is data with it.
    ///
    /// # Errors
    /// If the data is too short.
    #[inline]
    pub fn of_block(
        record: &Record<'_>,
        id: u8,
        shape: BtreeShape,
    ) -> Result<Option<Self>, ParseError> {
        let data = record.block_data(id);
        let parse = || parse_at(data, 0, "xl_btree_metadata", |input| Self::parse(input, shape));
        (!data.is_empty()).then(parse).transpose()
    }

    fn parse(input: &[u8], shape: BtreeShape) -> Parse<'_, Self> {
        let (rest, version) = u32(input)?;
        let (rest, root) = u32(rest)?;
        let (rest, level) = u32(rest)?;
        let (rest, fastroot) = u32(rest)?;
        let (rest, fastlevel) = u32(rest)?;
        let mut metadata = Self {
            version,
            root: BlockNumber(root),
            level,
            fastroot: BlockNumber(fastroot),
            fastlevel,
            oldest_btpo_xact: None,
            last_cleanup_num_heap_tuples: None,
            last_cleanup_num_delpages: None,
            allequalimage: None,
        };
        match shape {
            BtreeShape::Plain | BtreeShape::PostingLists => {
                let (rest, xact) = u32(rest)?;
                let (mut rest, tuples) = u64(rest)?;
                metadata.oldest_btpo_xact = Some(Xid(xact));
                metadata.last_cleanup_num_heap_tuples = Some(f64::from_bits(tuples));
                if shape == BtreeShape::PostingLists {
                    let allequalimage;
                    (rest, allequalimage) = flag(rest)?;
                    metadata.allequalimage = Some(allequalimage);
                }
                Ok((rest, metadata))
            }
            BtreeShape::FullXids | BtreeShape::CatalogRel => {
                let (rest, delpages) = u32(rest)?;
                let (rest, allequalimage) = flag(rest)?;
                metadata.last_cleanup_num_delpages = Some(delpages);
                metadata.allequalimage = Some(allequalimage);
                Ok((rest, metadata))
            }
        }
    }
}

impl<'a> NewRoot<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data or a block's data is too short.
    pub fn parse(record: &Record<'a>, shape: BtreeShape) -> Result<Self, ParseError> {
        let (rootblk, level) = parse_at(record.main, 0, "xl_btree_newroot", |input| {
            let (rest, rootblk) = u32(input)?;
            let (rest, level) = u32(rest)?;
            Ok((rest, (BlockNumber(rootblk), level)))
        })?;
        let data = record.block_data(0);
        let items = || parse_at(data, 0, "IndexTupleData", IndexTuples::parse);
        let items = (!data.is_empty()).then(items).transpose()?;
        let metadata = Metadata::of_block(record, 2, shape)?;
        Ok(Self { rootblk, level, items, metadata })
    }

    /// Writes what btree_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let level = match out.layout.btree_wal().words {
            BtreeWords::Prose => "lev ",
            BtreeWords::Keyed | BtreeWords::KeyedCatalogRel => "level: ",
        };
        out.pair(level, self.level)
    }
}

impl MetaCleanup {
    /// Reads one.
    ///
    /// # Errors
    /// If the block's data is too short.
    pub fn parse(record: &Record<'_>, shape: BtreeShape) -> Result<Self, ParseError> {
        let data = record.block_data(0);
        let metadata =
            parse_at(data, 0, "xl_btree_metadata", |input| Metadata::parse(input, shape))?;
        Ok(Self { metadata })
    }

    /// Writes what btree_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let Metadata { oldest_btpo_xact, last_cleanup_num_heap_tuples, .. } = self.metadata;
        if let (Some(xact), Some(tuples)) = (oldest_btpo_xact, last_cleanup_num_heap_tuples) {
            out.pair("oldest_btpo_xact ", xact.0)?;
            return write!(out, "; last_cleanup_num_heap_tuples: {tuples:.6}");
        }
        let label = match out.layout.btree_wal().words {
            BtreeWords::Prose => "last_cleanup_num_delpages ",
            BtreeWords::Keyed | BtreeWords::KeyedCatalogRel => "last_cleanup_num_delpages: ",
        };
        out.pair(label, self.metadata.last_cleanup_num_delpages.unwrap_or_default())
    }
}
