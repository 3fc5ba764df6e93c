//! Tablespace: made and removed (commands/tablespace.h; access/rmgrdesc/tblspcdesc.c).
use super::{CStr, Desc, Resource, unknown_type};
use crate::format::bytes::u32;
use crate::format::error::{ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use crate::types::Oid;
use std::fmt;

/// A record of the resource manager Tablespace.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Tblspc<'a> {
    /// `XLOG_TBLSPC_CREATE` (`xl_tblspc_create_rec`).
    Create {
        /// The tablespace.
        ts_id: Oid,
        /// The directory that its link leads to; empty if it is in place.
        ts_path: CStr<'a>,
    },
    /// `XLOG_TBLSPC_DROP` (`xl_tblspc_drop_rec`).
    Drop {
        /// The tablespace.
        ts_id: Oid,
    },
}

impl<'a> Resource<'a> for Tblspc<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        match info {
            0x00 => Some("CREATE"),
            0x10 => Some("DROP"),
            _ => None,
        }
    }

    fn parse(record: &Record<'a>, _: &Dialect) -> Result<Self, ParseError> {
        match record.info() {
            0x00 => parse_at(record.main, 0, "xl_tblspc_create_rec", |input| {
                let (rest, ts_id) = u32(input)?;
                let (rest, ts_path) = CStr::parse(rest)?;
                Ok((rest, Self::Create { ts_id: Oid(ts_id), ts_path }))
            }),
            0x10 => parse_at(record.main, 0, "xl_tblspc_drop_rec", |input| {
                u32(input).map(|(rest, ts_id)| (rest, Self::Drop { ts_id: Oid(ts_id) }))
            }),
            _ => Err(unknown_type(record)),
        }
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::Create { ts_id, ts_path } => {
                out.number(ts_id.0)?;
                out.text(" \"")?;
                out.bytes(ts_path.0)?;
                out.text("\"")
            }
            Self::Drop { ts_id } => out.number(ts_id.0),
        }
    }
}
