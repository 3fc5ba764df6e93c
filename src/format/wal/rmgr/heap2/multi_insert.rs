//! Several rows inserted into one block (`xl_heap_multi_insert`, access/heapam_xlog.h;
//! `heap_multi_insert`, access/heap/heapam.c).
//!
//! ```text
//! main     0 flags | 2 ntuples | 4 offsets, unless the page is new
//! block 0  each at an even place: 0 datalen | 2 t_infomask2 | 4 t_infomask | 6 t_hoff | 7 row
//! ```
use crate::format::bytes::{align, skip, take, u8, u16};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::heap::{Infomask, Infomask2};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::heap::LoggedTuple;
use crate::format::wal::rmgr::{Array, Desc, Hex};
use crate::layout::wal::{HeapPruning, HeapWords};
use crate::types::OffsetNumber;
use serde::ser::{Serialize, Serializer};
use std::fmt;

/// `XLH_INSERT_ALL_FROZEN_SET`.
const ALL_FROZEN_SET: u8 = 1 << 5;

/// Rows inserted into block 0.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MultiInsert<'a> {
    /// `XLH_INSERT_*`.
    pub flags: u8,
    /// How many rows.
    pub ntuples: u16,
    /// Their line pointers; `None` on a new page, where they count from 1.
    pub offsets: Option<Array<'a, OffsetNumber>>,
    /// The rows; mostly not beside a full-page image, which has them.
    pub tuples: Option<MultiInsertTuples<'a>>,
}

/// One row of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MultiInsertTuple<'a> {
    /// The row's line pointer, as stored or as replay counts it.
    pub offnum: OffsetNumber,
    /// The row.
    #[serde(flatten)]
    pub tuple: LoggedTuple<'a>,
}

/// Rows one after another. Serialises as an array.
#[derive(Clone, Copy)]
pub struct MultiInsertTuples<'a> {
    bytes: &'a [u8],
    ntuples: u16,
    offsets: Option<Array<'a, OffsetNumber>>,
}

impl<'a> MultiInsert<'a> {
    /// Reads one; `init` if replay makes the page anew.
    ///
    /// # Errors
    /// If the main data or the block's data is too short.
    pub fn parse(record: &Record<'a>, init: bool) -> Result<Self, ParseError> {
        let mut insert = parse_at(record.main, 0, "xl_heap_multi_insert", |input| {
            let (rest, flags) = u8(input)?;
            let (rest, ()) = skip(1)(rest)?;
            let (rest, ntuples) = u16(rest)?;
            let (rest, offsets) = if init {
                (rest, None)
            } else {
                Array::parse(ntuples.into())(rest).map(|(rest, offsets)| (rest, Some(offsets)))?
            };
            Ok((rest, Self { flags, ntuples, offsets, tuples: None }))
        })?;
        let bytes = record.block_data(0);
        if !bytes.is_empty() {
            let Self { ntuples, offsets, .. } = insert;
            parse_at(bytes, 0, "xl_multi_insert_tuple", |input| {
                (0..ntuples).try_fold((input, ()), |(rest, ()), _| {
                    tuple(rest).map(|(rest, _)| (rest, ()))
                })
            })?;
            insert.tuples = Some(MultiInsertTuples { bytes, ntuples, offsets });
        }
        Ok(insert)
    }

    /// Writes what heap2_desc does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let wal = out.layout.heap_wal();
        match wal.words {
            HeapWords::Prose => {
                out.number(self.ntuples)?;
                out.flags(" tuples flags ", self.flags)
            }
            HeapWords::Keyed => {
                out.pair("ntuples: ", self.ntuples)?;
                out.flags(", flags: ", self.flags)?;
                let all_frozen = self.flags & ALL_FROZEN_SET != 0;
                if all_frozen && wal.pruning == HeapPruning::SetsVisible {
                    out.text(", vm_flags: 0x03")?;
                }
                let (Some(offsets), Some(_)) = (self.offsets, self.tuples) else { return Ok(()) };
                out.text(", offsets:")?;
                offsets.desc(out, |offset, out| out.number(offset.0))
            }
        }
    }
}

impl<'a> MultiInsertTuples<'a> {
    /// The rows, each with its line pointer.
    pub fn iter(&self) -> impl Iterator<Item = MultiInsertTuple<'a>> + use<'a> {
        let counted = 1..=if self.offsets.is_none() { self.ntuples } else { 0 };
        let listed = self.offsets.unwrap_or(Array::EMPTY);
        let mut offnums = listed.iter().chain(counted.map(OffsetNumber));
        let mut rest = self.bytes;
        std::iter::from_fn(move || {
            let offnum = offnums.next()?;
            let tuple;
            (rest, tuple) = self::tuple(rest).ok()?;
            Some(MultiInsertTuple { offnum, tuple })
        })
    }
}

/// Reads one row, and the byte that may pad it, which the last one can do without.
fn tuple(input: &[u8]) -> Parse<'_, LoggedTuple<'_>> {
    let (rest, datalen) = u16(input)?;
    let (rest, t_infomask2) = u16(rest)?;
    let (rest, t_infomask) = u16(rest)?;
    let (rest, t_hoff) = u8(rest)?;
    let (rest, data) = take(datalen.into())(rest)?;
    let len = input.len().saturating_sub(rest.len());
    let rest = rest.get(align(len, 2).saturating_sub(len)..).unwrap_or(&[]);
    let (t_infomask2, t_infomask) = (Infomask2(t_infomask2), Infomask(t_infomask));
    Ok((rest, LoggedTuple { t_infomask2, t_infomask, t_hoff, data: Hex(data) }))
}

impl fmt::Debug for MultiInsertTuples<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for MultiInsertTuples<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
impl schemars::JsonSchema for MultiInsertTuples<'_> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MultiInsertTuples".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<MultiInsertTuple<'_>>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}
