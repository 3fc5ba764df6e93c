//! Rows of a catalog moved by a rewrite, told to logical decoding (`xl_heap_rewrite_mapping`,
//! access/heapam_xlog.h; `LogicalRewriteMappingData`, access/rewriteheap.h).
//!
//! ```text
//! 0 mapped_xid | 4 mapped_db | 8 mapped_rel | 16 offset | 24 num_mappings | 32 start_lsn | 40 mappings
//! ```
use crate::format::bytes::{i64, skip, u32, u64};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::array::{Array, Element, one};
use crate::types::{Lsn, Oid, RelFileLocator, Tid, Xid};

/// What goes to a file in pg_logical/mappings.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Rewrite<'a> {
    /// The transaction that might need the rows.
    pub mapped_xid: Xid,
    /// The catalog's database, 0 for shared ones.
    pub mapped_db: Oid,
    /// The catalog.
    pub mapped_rel: Oid,
    /// Where in the file, in bytes.
    pub offset: i64,
    /// Where WAL was when the rewrite began.
    pub start_lsn: Lsn,
    /// Where rows were, and are.
    pub mappings: Array<'a, RewriteMapping>,
}

/// A row moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RewriteMapping {
    /// The old files.
    pub old_locator: RelFileLocator,
    /// The new files.
    pub new_locator: RelFileLocator,
    /// The row in the old files.
    pub old_tid: Tid,
    /// The row in the new files.
    pub new_tid: Tid,
}

impl<'a> Rewrite<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data is too short.
    pub fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        parse_at(record.main, 0, "xl_heap_rewrite_mapping", |input| {
            let (rest, mapped_xid) = one(input)?;
            let (rest, mapped_db) = one(rest)?;
            let (rest, mapped_rel) = one(rest)?;
            let (rest, ()) = skip(4)(rest)?;
            let (rest, offset) = i64(rest)?;
            let (rest, num_mappings) = u32(rest)?;
            let (rest, ()) = skip(4)(rest)?;
            let (rest, start_lsn) = u64(rest)?;
            let (rest, mappings) = Array::parse(num_mappings as usize)(rest)?;
            let start_lsn = Lsn(start_lsn);
            Ok((rest, Self { mapped_xid, mapped_db, mapped_rel, offset, start_lsn, mappings }))
        })
    }
}

impl RewriteMapping {
    fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, old_locator) = one(input)?;
        let (rest, new_locator) = one(rest)?;
        let (rest, old_tid) = one(rest)?;
        let (rest, new_tid) = one(rest)?;
        Ok((rest, Self { old_locator, new_locator, old_tid, new_tid }))
    }
}

impl Element for RewriteMapping {
    const SIZE: usize = 36;

    fn read(bytes: &[u8]) -> Option<Self> {
        Self::parse(bytes).ok().map(|(_, mapping)| mapping)
    }
}
