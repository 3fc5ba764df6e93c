//! LogicalMessage: what pg_logical_emit_message wrote (replication/message.h;
//! access/rmgrdesc/logicalmsgdesc.c).
use super::{CStr, Desc, Hex, Resource, unknown_type};
use crate::format::bytes::{flag, skip, take, u32, u64};
use crate::format::error::{Fault, Parse, ParseError, parse_at, stop};
use crate::format::wal::record::Record;
use crate::layout::wal::MessageWords;
use crate::layout::{Dialect, Layout};
use crate::types::Oid;
use std::fmt::{self, Write};

/// `XLOG_LOGICAL_MESSAGE` (`xl_logical_message`), the only type of record.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Logicalmsg<'a> {
    /// The database that it came from.
    pub db_id: Oid,
    /// Whether it counts only if its transaction commits.
    pub transactional: bool,
    /// For whom it is.
    pub prefix: CStr<'a>,
    /// What it says.
    pub message: Hex<'a>,
}

impl<'a> Logicalmsg<'a> {
    fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, db_id) = u32(input)?;
        let (rest, transactional) = flag(rest)?;
        let (at_sizes, ()) = skip(3)(rest)?;
        let (rest, prefix_size) = u64(at_sizes)?;
        let (rest, message_size) = u64(rest)?;
        let (Ok(prefix_size), Ok(message_size)) =
            (usize::try_from(prefix_size), usize::try_from(message_size))
        else {
            return stop(at_sizes, Fault::Truncated { need: usize::MAX, have: rest.len() });
        };
        let (rest, prefix) = take(prefix_size)(rest)?;
        let (rest, message) = take(message_size)(rest)?;
        let (prefix, message) = (CStr::within(prefix), Hex(message));
        Ok((rest, Self { db_id: Oid(db_id), transactional, prefix, message }))
    }

    /// As pg_waldump writes it from 14 on.
    fn whole(&self, out: &mut Desc<'_>) -> fmt::Result {
        let kind = if self.transactional { "transactional" } else { "non-transactional" };
        let size = self.message.0.len();
        write!(out, "{kind}, prefix \"")?;
        out.bytes(self.prefix.0)?;
        write!(out, "\"; payload ({size} bytes): ")?;
        for (index, byte) in self.message.0.iter().enumerate() {
            write!(out, "{}{byte:02X}", if index == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

impl<'a> Resource<'a> for Logicalmsg<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        (info == 0x00).then_some("MESSAGE")
    }

    fn parse(record: &Record<'a>, _: &Dialect) -> Result<Self, ParseError> {
        if record.info() != 0x00 {
            return Err(unknown_type(record));
        }
        parse_at(record.main, 0, "xl_logical_message", Self::parse)
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match out.layout.message_words() {
            MessageWords::Size => {
                let kind = if self.transactional { "transactional" } else { "nontransactional" };
                write!(out, "{kind} message size {} bytes", self.message.0.len())
            }
            MessageWords::Payload => self.whole(out),
        }
    }
}
