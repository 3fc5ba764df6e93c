//! TRUNCATE, told to logical decoding (`xl_heap_truncate`, access/heapam_xlog.h).
use crate::format::bytes::{skip, u8, u32};
use crate::format::error::{ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::array::Array;
use crate::layout::wal::HeapWords;
use crate::types::Oid;
use std::fmt;

/// `XLH_TRUNCATE_CASCADE`.
const CASCADE: u8 = 1;
/// `XLH_TRUNCATE_RESTART_SEQS`.
const RESTART_SEQS: u8 = 2;

/// Relations emptied by one TRUNCATE.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Truncate<'a> {
    /// Their database.
    pub db_id: Oid,
    /// `XLH_TRUNCATE_*`.
    pub flags: u8,
    /// The relations.
    pub relids: Array<'a, Oid>,
}

impl<'a> Truncate<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data is too short.
    pub fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        parse_at(record.main, 0, "xl_heap_truncate", |input| {
            let (rest, db_id) = u32(input)?;
            let (rest, nrelids) = u32(rest)?;
            let (rest, flags) = u8(rest)?;
            let (rest, ()) = skip(3)(rest)?;
            let (rest, relids) = Array::parse(nrelids as usize)(rest)?;
            Ok((rest, Self { db_id: Oid(db_id), flags, relids }))
        })
    }

    /// Writes what heap_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let (cascade, restart) = (self.flags & CASCADE != 0, self.flags & RESTART_SEQS != 0);
        match out.layout.heap_wal().words {
            HeapWords::Prose => {
                out.text(if cascade { "cascade " } else { "" })?;
                out.text(if restart { "restart_seqs " } else { "" })?;
                out.pair("nrelids ", self.relids.len())?;
                out.text(" relids")?;
                self.relids.iter().try_for_each(|relid| out.pair(" ", relid.0))
            }
            HeapWords::Keyed => {
                out.text("flags: [")?;
                out.text(if cascade { "CASCADE" } else { "" })?;
                out.text(if cascade && restart { ", " } else { "" })?;
                out.text(if restart { "RESTART_SEQS" } else { "" })?;
                out.pair("], nrelids: ", self.relids.len())?;
                out.text(", relids:")?;
                self.relids.desc(out, |relid, out| out.number(relid.0))
            }
        }
    }
}
