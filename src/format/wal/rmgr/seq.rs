//! Sequence: a sequence's row written (commands/sequence.h, from 19 commands/sequence_xlog.h;
//! access/rmgrdesc/seqdesc.c).
use super::array::one;
use super::{Desc, Hex, Resource, unknown_type};
use crate::format::error::{ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use crate::types::RelFileLocator;
use std::fmt::{self, Write};

/// `XLOG_SEQ_LOG` (`xl_seq_rec`), the only type of record.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Seq<'a> {
    /// The sequence.
    pub locator: RelFileLocator,
    /// Its one row, a whole heap tuple.
    pub tuple: Hex<'a>,
}

impl<'a> Resource<'a> for Seq<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        (info == 0x00).then_some("LOG")
    }

    fn parse(record: &Record<'a>, _: &Dialect) -> Result<Self, ParseError> {
        if record.info() != 0x00 {
            return Err(unknown_type(record));
        }
        parse_at(record.main, 0, "xl_seq_rec", |input| {
            let (rest, locator) = one(input)?;
            Ok((&[], Self { locator, tuple: Hex(rest) }))
        })
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let RelFileLocator { tablespace, database, number } = self.locator;
        write!(out, "rel {tablespace}/{database}/{number}")
    }
}
