//! A catalog row overwritten in place (`xl_heap_inplace`, access/heapam_xlog.h).
use crate::format::bytes::{flag, skip, u16, u32};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::inval::{self, Invalidations};
use crate::format::wal::rmgr::{Desc, Hex};
use crate::layout::wal::{HeapInplace, HeapWords};
use crate::types::{OffsetNumber, Oid};
use std::fmt;

/// A row of block 0 overwritten by one of the same length.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Inplace<'a> {
    /// The row's line pointer.
    pub offnum: OffsetNumber,
    /// What others must forget (18 and later).
    #[serde(flatten)]
    pub invalidations: Option<InplaceInvalidations<'a>>,
    /// The row's attributes, from t_hoff on; not beside a full-page image, which has them.
    pub data: Option<Hex<'a>>,
}

/// Cache invalidation messages of an update in place, and whose they are.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct InplaceInvalidations<'a> {
    /// The database of the session that did it.
    pub db_id: Oid,
    /// That database's default tablespace.
    pub ts_id: Oid,
    /// Whether the relation cache's init file goes.
    pub relcache_init_file_inval: bool,
    /// The messages.
    pub msgs: Invalidations<'a>,
}

impl<'a> Inplace<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the main data is too short.
    pub fn parse(record: &Record<'a>, shape: HeapInplace) -> Result<Self, ParseError> {
        let data = record.block_data(0);
        let data = (!data.is_empty()).then_some(Hex(data));
        parse_at(record.main, 0, "xl_heap_inplace", |input| {
            let (rest, offnum) = u16(input)?;
            let (rest, invalidations) = match shape {
                HeapInplace::Bare => (rest, None),
                HeapInplace::Invalidates => {
                    let (rest, ()) = skip(2)(rest)?;
                    InplaceInvalidations::parse(rest).map(|(rest, some)| (rest, Some(some)))?
                }
            };
            Ok((rest, Self { offnum: OffsetNumber(offnum), invalidations, data }))
        })
    }

    /// Writes what heap_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let off = match out.layout.heap_wal().words {
            HeapWords::Prose => "off ",
            HeapWords::Keyed => "off: ",
        };
        out.pair(off, self.offnum.0)?;
        let Some(body) = self.invalidations else { return Ok(()) };
        let init_file = body.relcache_init_file_inval.then_some((body.db_id, body.ts_id));
        inval::desc(body.msgs.iter(), init_file, out)
    }
}

impl<'a> InplaceInvalidations<'a> {
    fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, db_id) = u32(input)?;
        let (rest, ts_id) = u32(rest)?;
        let (rest, relcache_init_file_inval) = flag(rest)?;
        let (rest, ()) = skip(3)(rest)?;
        let (rest, nmsgs) = u32(rest)?;
        let (rest, msgs) = Invalidations::parse(nmsgs as usize)(rest)?;
        let (db_id, ts_id) = (Oid(db_id), Oid(ts_id));
        Ok((rest, Self { db_id, ts_id, relcache_init_file_inval, msgs }))
    }
}
