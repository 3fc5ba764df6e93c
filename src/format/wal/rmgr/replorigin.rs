//! ReplicationOrigin: how far a node was followed (replication/origin.h;
//! access/rmgrdesc/replorigindesc.c).
use super::{Desc, Resource, unknown_type};
use crate::format::bytes::{flag, u16, u64};
use crate::format::error::{ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use crate::types::Lsn;
use std::fmt::{self, Write};

/// As the list of managers asks for it: these records borrow nothing.
pub type Replorigin<'a> = ReploriginRecord;

/// A record of the resource manager ReplicationOrigin.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ReploriginRecord {
    /// `XLOG_REPLORIGIN_SET` (`xl_replorigin_set`).
    Set {
        /// Up to where the node's changes are here.
        remote_lsn: Lsn,
        /// The node (`pg_replication_origin.roident`).
        node_id: u16,
        /// Whether it may go backward.
        force: bool,
    },
    /// `XLOG_REPLORIGIN_DROP` (`xl_replorigin_drop`).
    Drop {
        /// The node.
        node_id: u16,
    },
}

impl<'a> Resource<'a> for Replorigin<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        match info {
            0x00 => Some("SET"),
            0x10 => Some("DROP"),
            _ => None,
        }
    }

    fn parse(record: &Record<'a>, _: &Dialect) -> Result<Self, ParseError> {
        match record.info() {
            0x00 => parse_at(record.main, 0, "xl_replorigin_set", |input| {
                let (rest, remote_lsn) = u64(input)?;
                let (rest, node_id) = u16(rest)?;
                let (rest, force) = flag(rest)?;
                Ok((rest, Self::Set { remote_lsn: Lsn(remote_lsn), node_id, force }))
            }),
            0x10 => parse_at(record.main, 0, "xl_replorigin_drop", |input| {
                u16(input).map(|(rest, node_id)| (rest, Self::Drop { node_id }))
            }),
            _ => Err(unknown_type(record)),
        }
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match *self {
            Self::Set { remote_lsn, node_id, force } => {
                write!(out, "set {node_id}; lsn ")?;
                out.lsn(remote_lsn)?;
                write!(out, "; force: {}", u8::from(force))
            }
            Self::Drop { node_id } => write!(out, "drop {node_id}"),
        }
    }
}
