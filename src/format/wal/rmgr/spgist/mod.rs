//! SP-GiST (access/spgxlog.h; access/rmgrdesc/spgdesc.c).
mod inner;
mod leaf;
mod split;
mod tuple;
mod vacuum;

pub use inner::{AddNode, SplitTuple};
pub use leaf::{AddLeaf, MoveLeafs};
pub use split::PickSplit;
pub use tuple::{InnerTuple, LeafTuple};
pub use vacuum::{VacuumLeaf, VacuumRedirect, VacuumRoot};

use super::{Desc, Resource, unknown_type};
use crate::format::bytes::{flag, skip, u32};
use crate::format::error::{Parse, ParseError};
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use crate::types::Xid;
use std::fmt;

/// A record of the resource manager SPGist.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Spgist<'a> {
    /// `XLOG_SPGIST_ADD_LEAF`.
    AddLeaf(AddLeaf<'a>),
    /// `XLOG_SPGIST_MOVE_LEAFS`.
    MoveLeafs(MoveLeafs<'a>),
    /// `XLOG_SPGIST_ADD_NODE`.
    AddNode(AddNode<'a>),
    /// `XLOG_SPGIST_SPLIT_TUPLE`.
    SplitTuple(SplitTuple<'a>),
    /// `XLOG_SPGIST_PICKSPLIT`.
    PickSplit(PickSplit<'a>),
    /// `XLOG_SPGIST_VACUUM_LEAF`.
    VacuumLeaf(VacuumLeaf<'a>),
    /// `XLOG_SPGIST_VACUUM_ROOT`.
    VacuumRoot(VacuumRoot<'a>),
    /// `XLOG_SPGIST_VACUUM_REDIRECT`.
    VacuumRedirect(VacuumRedirect<'a>),
}

/// What replay needs to know to make a redirection (`spgxlogState`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct State {
    /// The transaction that redirections are of (`myXid` to 16).
    pub redirect_xid: Xid,
    /// Whether the index is being built, so that nobody needs redirections.
    pub is_build: bool,
}

impl<'a> Resource<'a> for Spgist<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        Some(match info {
            0x10 => "ADD_LEAF",
            0x20 => "MOVE_LEAFS",
            0x30 => "ADD_NODE",
            0x40 => "SPLIT_TUPLE",
            0x50 => "PICKSPLIT",
            0x60 => "VACUUM_LEAF",
            0x70 => "VACUUM_ROOT",
            0x80 => "VACUUM_REDIRECT",
            _ => return None,
        })
    }

    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        Ok(match record.info() {
            0x10 => Self::AddLeaf(AddLeaf::parse(record, dialect)?),
            0x20 => Self::MoveLeafs(MoveLeafs::parse(record, dialect)?),
            0x30 => Self::AddNode(AddNode::parse(record)?),
            0x40 => Self::SplitTuple(SplitTuple::parse(record)?),
            0x50 => Self::PickSplit(PickSplit::parse(record, dialect)?),
            0x60 => Self::VacuumLeaf(VacuumLeaf::parse(record)?),
            0x70 => Self::VacuumRoot(VacuumRoot::parse(record)?),
            0x80 => Self::VacuumRedirect(VacuumRedirect::parse(record, dialect)?),
            _ => return Err(unknown_type(record)),
        })
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::AddLeaf(body) => body.desc(out),
            Self::MoveLeafs(body) => body.desc(out),
            Self::AddNode(body) => body.desc(out),
            Self::SplitTuple(body) => body.desc(out),
            Self::PickSplit(body) => body.desc(out),
            Self::VacuumLeaf(body) => body.desc(out),
            Self::VacuumRoot(body) => body.desc(out),
            Self::VacuumRedirect(body) => body.desc(out),
        }
    }
}

impl State {
    fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, redirect_xid) = u32(input)?;
        let (rest, is_build) = flag(rest)?;
        let (rest, ()) = skip(3)(rest)?;
        Ok((rest, Self { redirect_xid: Xid(redirect_xid), is_build }))
    }
}

/// Writes the words whose flags are set.
fn marks(marks: &[(bool, &str)], out: &mut Desc<'_>) -> fmt::Result {
    marks.iter().filter(|(set, _)| *set).try_for_each(|(_, text)| out.text(text))
}
