//! Storage: files of relations made and cut (catalog/storage_xlog.h; access/rmgrdesc/smgrdesc.c).
use super::array::one;
use super::{Desc, Resource, unknown_type};
use crate::format::bytes::{i32, u32};
use crate::format::error::{Fault, Parse, ParseError, parse_at, stop};
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use crate::types::{BlockNumber, Fork, RelFileLocator};
use std::fmt::{self, Write};

/// As the list of managers asks for it: these records borrow nothing.
pub type Smgr<'a> = SmgrRecord;

/// A record of the resource manager Storage.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum SmgrRecord {
    /// `XLOG_SMGR_CREATE`.
    Create(Create),
    /// `XLOG_SMGR_TRUNCATE`.
    Truncate(Truncate),
}

/// `xl_smgr_create`: a fork's first file was made.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Create {
    /// The relation.
    pub rlocator: RelFileLocator,
    /// The fork.
    pub fork_num: Fork,
}

/// `xl_smgr_truncate`: a relation's forks were cut.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Truncate {
    /// Blocks that the main fork keeps; the maps keep what belongs to them.
    pub blkno: BlockNumber,
    /// The relation.
    pub rlocator: RelFileLocator,
    /// Which forks: 1 the heap, 2 the visibility map, 4 the free space map.
    pub flags: i32,
}

impl Create {
    fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (at_fork, rlocator) = one(input)?;
        let (rest, fork) = u32(at_fork)?;
        let Some(&fork_num) = Fork::ALL.get(fork as usize) else {
            let found = u64::from(fork);
            return stop(at_fork, Fault::Unexpected { field: "forkNum", found, expected: "0 to 3" });
        };
        Ok((rest, Self { rlocator, fork_num }))
    }
}

impl Truncate {
    fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, blkno) = u32(input)?;
        let (rest, rlocator) = one(rest)?;
        let (rest, flags) = i32(rest)?;
        Ok((rest, Self { blkno: BlockNumber(blkno), rlocator, flags }))
    }
}

impl<'a> Resource<'a> for Smgr<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        match info {
            0x10 => Some("CREATE"),
            0x20 => Some("TRUNCATE"),
            _ => None,
        }
    }

    fn parse(record: &Record<'a>, _: &Dialect) -> Result<Self, ParseError> {
        Ok(match record.info() {
            0x10 => Self::Create(parse_at(record.main, 0, "xl_smgr_create", Create::parse)?),
            0x20 => Self::Truncate(parse_at(record.main, 0, "xl_smgr_truncate", Truncate::parse)?),
            _ => return Err(unknown_type(record)),
        })
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::Create(create) => out.relpath(create.rlocator, create.fork_num),
            Self::Truncate(Truncate { blkno, rlocator, flags }) => {
                out.relpath(*rlocator, Fork::Main)?;
                write!(out, " to {blkno} blocks flags {flags}")
            }
        }
    }
}
