//! `wal dump`: records with every field. There may be many millions, so that they are written as
//! they are read, one to a line, and never held.
use super::tuple::TupleRow;
use crate::format::wal::rmgr::{Body, Hex};
use crate::format::wal::{Image, ImageCompression};
use crate::report::Present;
use crate::report::doc::{Block, Doc};
use crate::types::{BlockNumber, Fork, Lsn, Oid, RelFileNumber, TimelineId, Xid};
use serde::Serialize;
use std::borrow::Cow;

/// The answer.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Dump<'a> {
    /// Records, in the order of the log; the lines before this.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordRow<'a>>,
    /// What cannot be read; lines among those of the records, where it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<GapRow>,
    /// How many records were read.
    pub records_read: u64,
    /// How many of them were shown.
    pub records_shown: u64,
    /// Why there is no record behind the last; null if all that was asked for was read.
    pub end: Option<EndRow>,
}

/// A record. Fields that pg_walinspect has too are called as there.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RecordRow<'a> {
    /// Where it begins.
    pub start_lsn: Lsn,
    /// Where the next one would begin.
    pub end_lsn: Lsn,
    /// Where the one before it begins, as it says.
    pub prev_lsn: Lsn,
    /// The timeline of the page that it begins on.
    pub timeline: TimelineId,
    /// Its transaction; 0 if none.
    pub xid: Xid,
    /// The transaction that `xid` is a subtransaction of, where the record says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toplevel_xid: Option<Xid>,
    /// The node that it came from by replication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<u16>,
    /// The resource manager.
    pub resource_manager: Cow<'static, str>,
    /// Its number (xl_rmid).
    pub rmid: u8,
    /// The type; null if the major has no such type.
    pub record_type: Option<&'static str>,
    /// The type and flags, as stored (xl_info).
    pub info: u8,
    /// Bytes of it all (xl_tot_len).
    pub record_length: u32,
    /// Bytes of its main data.
    pub main_data_length: u64,
    /// Bytes of its full-page images.
    pub fpi_length: u32,
    /// Its CRC (xl_crc), which is right.
    pub crc: u32,
    /// A record that was given up before its end, and in whose place this one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overwrites: Option<Lsn>,
    /// What pg_waldump says of it.
    pub description: String,
    /// The blocks that it changes.
    pub blocks: Vec<BlockRow<'a>>,
    /// Its contents by field; null if they are not what the type says.
    pub data: Option<Body<'a>>,
    /// Its main data in hexadecimal, if `data` is null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_data: Option<Hex<'a>>,
}

/// A block that a record changes.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BlockRow<'a> {
    /// What the record calls it.
    pub block_id: u8,
    /// The relation, if its name is known.
    pub relation: Option<String>,
    /// Whether the filenode is not the relation's any more: it was rewritten, truncated or dropped.
    pub historical: bool,
    /// Tablespace.
    pub reltablespace: Oid,
    /// Database; 0 for shared relations.
    pub reldatabase: Oid,
    /// Filenode.
    pub relfilenode: RelFileNumber,
    /// Fork.
    pub fork: Fork,
    /// Block.
    pub relblocknumber: BlockNumber,
    /// Whether replay makes the page anew.
    pub will_init: bool,
    /// Its full-page image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageRow>,
    /// What is to be done to it, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_data: Option<Hex<'a>>,
    /// Index tuples that it gets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub index_tuples: Vec<TupleRow>,
}

/// A full-page image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ImageRow {
    /// Bytes in the record.
    pub length: u64,
    /// Bytes of the page before its hole.
    pub hole_offset: u16,
    /// Bytes that were left out because they are zero.
    pub hole_length: u16,
    /// How it is compressed.
    pub compression: Option<ImageCompression>,
    /// Whether replay restores it; if not, it is only to be compared with.
    pub apply: bool,
}

impl ImageRow {
    /// What there is to say of an image.
    pub fn of(image: &Image<'_>) -> Self {
        Self {
            length: image.bytes.len() as u64,
            hole_offset: image.hole_offset,
            hole_length: image.hole_length,
            compression: image.compression,
            apply: image.apply,
        }
    }
}

/// What cannot be read, and where records go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GapRow {
    /// The record that cannot be read.
    pub lsn: Lsn,
    /// Its timeline.
    pub timeline: TimelineId,
    /// The segment file of the page on which it fails.
    pub file: String,
    /// The page in that file, in bytes from its start.
    pub byte: u32,
    /// The last record before.
    pub after: Option<Lsn>,
    /// Where records go on.
    pub resumed: Lsn,
    /// What PostgreSQL says of it.
    pub message: String,
}

/// Why there is no further record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EndRow {
    /// Where it would begin.
    pub lsn: Lsn,
    /// Its timeline.
    pub timeline: TimelineId,
    /// The segment file of the page on which it fails.
    pub file: String,
    /// The last record.
    pub after: Option<Lsn>,
    /// What PostgreSQL says of it.
    pub message: String,
    /// The first record behind that which is left from before a crash, and no WAL any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leftover_lsn: Option<Lsn>,
}

/// What is said below the records.
impl Present for Dump<'_> {
    fn present(&self) -> Doc {
        let (read, shown) = (self.records_read, self.records_shown);
        let records = if read == 1 { "record" } else { "records" };
        let some = if shown == read { String::new() } else { format!("; {shown} shown") };
        let mut doc = Doc::default();
        doc.push(Block::Text(format!("{read} {records} read{some}.")));
        if let Some(EndRow { lsn, timeline, file, message, leftover_lsn, .. }) = &self.end {
            doc.push(Block::Text(format!(
                "Records end at {lsn} on timeline {timeline}, in {file}: {message}."
            )));
            doc.blocks.extend(leftover_lsn.map(leftover));
        }
        doc
    }
}

/// That records behind the end are no WAL any more.
pub(in crate::report) fn leftover(lsn: Lsn) -> Block {
    Block::Text(format!(
        "Records from {lsn} on are left from before a crash: recovery went on writing before them, and no server reads them. --start {lsn} shows them."
    ))
}
