//! Sequence: a sequence's row written (commands/sequence.h, from 19 commands/sequence_xlog.h;
//! access/rmgrdesc/seqdesc.c).
use super::array::one;
use super::{Desc, Resource, as_text, unknown_type};
use crate::format::bytes::{flag, i64};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::heap::HeapTuple;
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use crate::types::RelFileLocator;
use std::fmt::{self, Write};

/// As the list of managers asks for it: these records borrow nothing.
pub type Seq<'a> = Log;

/// `XLOG_SEQ_LOG` (`xl_seq_rec`), the only type of record: the sequence's new row.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Log {
    /// The sequence.
    pub locator: RelFileLocator,
    /// Its row.
    #[serde(flatten)]
    pub row: SequenceRow,
}

/// `FormData_pg_sequence_data`: what the sequence is after a crash. It is ahead of what the
/// sequence had given by then, so that not every value needs a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SequenceRow {
    /// The last value.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub last_value: i64,
    /// Values to give before the next record.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub log_cnt: i64,
    /// Whether `last_value` was given already.
    pub is_called: bool,
}

impl SequenceRow {
    fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, last_value) = i64(input)?;
        let (rest, log_cnt) = i64(rest)?;
        let (rest, is_called) = flag(rest)?;
        Ok((rest, Self { last_value, log_cnt, is_called }))
    }
}

impl<'a> Resource<'a> for Seq<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        (info == 0x00).then_some("LOG")
    }

    fn parse(record: &Record<'a>, _: &Dialect) -> Result<Self, ParseError> {
        if record.info() != 0x00 {
            return Err(unknown_type(record));
        }
        let (locator, tuple) = parse_at(record.main, 0, "xl_seq_rec", |input| {
            let (rest, locator) = one(input)?;
            Ok((&[], (locator, rest)))
        })?;
        let data = HeapTuple::parse(tuple)?.data().unwrap_or_default();
        Ok(Self { locator, row: parse_at(data, 0, "FormData_pg_sequence_data", SequenceRow::parse)? })
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let RelFileLocator { tablespace, database, number } = self.locator;
        write!(out, "rel {tablespace}/{database}/{number}")
    }
}
