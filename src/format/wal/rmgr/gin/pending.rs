//! The pending list, for which the metapage answers: `ginxlogUpdateMeta`, `ginxlogInsertListPage`,
//! `ginxlogDeleteListPages` (access/ginxlog.h).
use crate::format::bytes::{i32, i64, skip, u32};
use crate::format::error::{Parse, ParseError};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::one;
use crate::format::wal::rmgr::index::{in_block, main};
use crate::format::wal::rmgr::index_tuple::IndexTuples;
use crate::types::{BlockNumber, RelFileLocator};
use std::fmt::{self, Write};

/// The metapage, block 0, and either tuples added to the list's last page or a list of pages
/// appended to it; block 1 is that page.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct UpdateMeta<'a> {
    /// The index.
    pub locator: RelFileLocator,
    /// The metapage.
    pub metadata: MetaPageData,
    /// The list's last page before; `InvalidBlockNumber` if there was none, or it got tuples.
    pub prev_tail: BlockNumber,
    /// That page's new right neighbour.
    pub new_rightlink: BlockNumber,
    /// How many tuples; 0 if pages were appended.
    pub ntuples: i32,
    /// The tuples; mostly not beside a full-page image of block 1, which has them.
    pub tuples: Option<IndexTuples<'a>>,
}

/// `GinMetaPageData` (access/ginblock.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MetaPageData {
    /// First page of the pending list.
    pub head: BlockNumber,
    /// Last page of it.
    pub tail: BlockNumber,
    /// Bytes free in that.
    pub tail_free_size: u32,
    /// Pages of the list.
    pub n_pending_pages: BlockNumber,
    /// Rows in the list.
    pub n_pending_heap_tuples: Count,
    /// Pages of the index when it was last vacuumed.
    pub n_total_pages: BlockNumber,
    /// Pages of entries then.
    pub n_entry_pages: BlockNumber,
    /// Pages of posting trees then.
    pub n_data_pages: BlockNumber,
    /// Entries then.
    pub n_entries: Count,
    /// `GIN_CURRENT_VERSION`: 2.
    pub gin_version: i32,
}

/// A count of 64 bits; in JSON it is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub i64);

/// A new page of the pending list, block 0.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct InsertListPage<'a> {
    /// Its right neighbour; `InvalidBlockNumber` if it is the last of its row.
    pub rightlink: BlockNumber,
    /// How many tuples.
    pub ntuples: i32,
    /// The tuples.
    pub tuples: Option<IndexTuples<'a>>,
}

/// The first pages of the pending list, blocks 1 and following, free again; block 0 is the
/// metapage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DeleteListPages {
    /// The metapage.
    pub metadata: MetaPageData,
    /// How many pages.
    pub ndeleted: i32,
}

impl MetaPageData {
    fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, head) = u32(input)?;
        let (rest, tail) = u32(rest)?;
        let (rest, tail_free_size) = u32(rest)?;
        let (rest, pending_pages) = u32(rest)?;
        let (rest, pending_tuples) = i64(rest)?;
        let (rest, total_pages) = u32(rest)?;
        let (rest, entry_pages) = u32(rest)?;
        let (rest, data_pages) = u32(rest)?;
        let (rest, ()) = skip(4)(rest)?;
        let (rest, entries) = i64(rest)?;
        let (rest, gin_version) = i32(rest)?;
        let (rest, ()) = skip(4)(rest)?;
        let metadata = Self {
            head: BlockNumber(head),
            tail: BlockNumber(tail),
            tail_free_size,
            n_pending_pages: BlockNumber(pending_pages),
            n_pending_heap_tuples: Count(pending_tuples),
            n_total_pages: BlockNumber(total_pages),
            n_entry_pages: BlockNumber(entry_pages),
            n_data_pages: BlockNumber(data_pages),
            n_entries: Count(entries),
            gin_version,
        };
        Ok((rest, metadata))
    }
}

impl serde::Serialize for Count {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Count {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Count".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }

    fn inline_schema() -> bool {
        true
    }
}

impl<'a> UpdateMeta<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let body = main(record, "ginxlogUpdateMeta", |input| {
            let (rest, locator) = one(input)?;
            let (rest, ()) = skip(4)(rest)?;
            let (rest, metadata) = MetaPageData::parse(rest)?;
            let (rest, prev_tail) = u32(rest)?;
            let (rest, new_rightlink) = u32(rest)?;
            let (rest, ntuples) = i32(rest)?;
            let (prev_tail, new_rightlink) = (BlockNumber(prev_tail), BlockNumber(new_rightlink));
            let tuples = None;
            Ok((rest, Self { locator, metadata, prev_tail, new_rightlink, ntuples, tuples }))
        })?;
        Ok(Self { tuples: in_block(record, 1, "pending tuples", IndexTuples::parse)?, ..body })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        if !out.layout.index_wal().verbose {
            return Ok(());
        }
        write!(out, "ntuples: {}", self.ntuples)?;
        link("prevTail", self.prev_tail, out)?;
        link("newRightlink", self.new_rightlink, out)
    }
}

impl<'a> InsertListPage<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let (rightlink, ntuples) = main(record, "ginxlogInsertListPage", |input| {
            let (rest, rightlink) = u32(input)?;
            i32(rest).map(|(rest, ntuples)| (rest, (BlockNumber(rightlink), ntuples)))
        })?;
        let tuples = in_block(record, 0, "pending tuples", IndexTuples::parse)?;
        Ok(Self { rightlink, ntuples, tuples })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        if !out.layout.index_wal().verbose {
            return Ok(());
        }
        write!(out, "ntuples: {}", self.ntuples)?;
        link("rightlink", self.rightlink, out)
    }
}

impl DeleteListPages {
    pub(super) fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        main(record, "ginxlogDeleteListPages", |input| {
            let (rest, metadata) = MetaPageData::parse(input)?;
            i32(rest).map(|(rest, ndeleted)| (rest, Self { metadata, ndeleted }))
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, "ndeleted: {}", self.ndeleted)
    }
}

/// Writes a link to a page, unless it leads nowhere.
fn link(name: &str, to: BlockNumber, out: &mut Desc<'_>) -> fmt::Result {
    if to == BlockNumber::INVALID { Ok(()) } else { write!(out, " {name}: {to}") }
}
