//! MultiXact: multixacts made, pages of pg_multixact begun and removed (access/multixact.h;
//! access/rmgrdesc/mxactdesc.c).
use super::array::{Array, Element};
use super::clog::page_number;
use super::{Desc, Resource, as_text, unknown_type};
use crate::format::bytes::{skip, u32, u64};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::layout::wal::MultixactWal;
use crate::layout::{Dialect, Layout};
use crate::types::{MultiXactId, MultiXactOffset, Oid, Xid};
use std::fmt::{self, Write};

/// A record of the resource manager MultiXact.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Multixact<'a> {
    /// `XLOG_MULTIXACT_ZERO_OFF_PAGE`, `XLOG_MULTIXACT_ZERO_MEM_PAGE`: a new page of offsets or of
    /// members.
    ZeroPage {
        /// The page, from 0.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(test, schemars(with = "String"))]
        pageno: i64,
    },
    /// `XLOG_MULTIXACT_CREATE_ID`.
    Create(Create<'a>),
    /// `XLOG_MULTIXACT_TRUNCATE_ID` to 18.
    Truncate(Truncate),
    /// `XLOG_MULTIXACT_TRUNCATE_ID` from 19.
    TruncateTo(TruncateTo),
}

/// `xl_multixact_create`: a new multixact.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Create<'a> {
    /// The multixact.
    pub mid: MultiXactId,
    /// Where its members are, in members.
    pub moff: MultiXactOffset,
    /// Its members.
    pub members: Array<'a, Member>,
}

/// `MultiXactMember`: a transaction and what it does to the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Member {
    /// The transaction.
    pub xid: Xid,
    /// `MultiXactStatus`: 0 to 3 locks it for key share, share, no key update, update; 4 updates
    /// columns outside of keys; 5 updates others or deletes.
    pub status: u32,
}

/// `xl_multixact_truncate` to 18: the ranges that go, their ends not included.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Truncate {
    /// The database that needs the oldest multixact to stay.
    pub oldest_multi_db: Oid,
    /// First multixact to go.
    pub start_trunc_off: MultiXactId,
    /// First multixact to stay.
    pub end_trunc_off: MultiXactId,
    /// First member to go.
    pub start_trunc_memb: MultiXactOffset,
    /// First member to stay.
    pub end_trunc_memb: MultiXactOffset,
}

/// `xl_multixact_truncate` from 19: what stays.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TruncateTo {
    /// The database that needs the oldest multixact to stay.
    pub oldest_multi_db: Oid,
    /// First multixact to stay.
    pub oldest_multi: MultiXactId,
    /// First member to stay.
    pub oldest_offset: MultiXactOffset,
}

impl Element for Member {
    const SIZE: usize = 8;

    fn read(bytes: &[u8]) -> Option<Self> {
        let (rest, xid) = u32(bytes).ok()?;
        let (_, status) = u32(rest).ok()?;
        Some(Self { xid: Xid(xid), status })
    }
}

impl Member {
    /// `out_member`.
    fn desc(self, out: &mut Desc<'_>) -> fmt::Result {
        out.number(self.xid.0)?;
        out.text(match self.status {
            0 => " (keysh) ",
            1 => " (sh) ",
            2 => " (fornokeyupd) ",
            3 => " (forupd) ",
            4 => " (nokeyupd) ",
            5 => " (upd) ",
            _ => " (unk) ",
        })
    }
}

impl<'a> Create<'a> {
    fn parse(input: &'a [u8], shape: MultixactWal) -> Parse<'a, Self> {
        let (rest, mid) = u32(input)?;
        let (rest, moff) = match shape {
            MultixactWal::Narrow => u32(rest).map(|(rest, moff)| (rest, u64::from(moff)))?,
            MultixactWal::Wide => skip(4)(rest).and_then(|(rest, ())| u64(rest))?,
        };
        let (rest, nmembers) = u32(rest)?;
        let (rest, members) = Array::parse(nmembers as usize)(rest)?;
        Ok((rest, Self { mid: MultiXactId(mid), moff: MultiXactOffset(moff), members }))
    }
}

impl Truncate {
    fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, oldest_multi_db) = u32(input)?;
        let (rest, start_trunc_off) = u32(rest)?;
        let (rest, end_trunc_off) = u32(rest)?;
        let (rest, start_trunc_memb) = u32(rest)?;
        let (rest, end_trunc_memb) = u32(rest)?;
        let truncate = Self {
            oldest_multi_db: Oid(oldest_multi_db),
            start_trunc_off: MultiXactId(start_trunc_off),
            end_trunc_off: MultiXactId(end_trunc_off),
            start_trunc_memb: MultiXactOffset(start_trunc_memb.into()),
            end_trunc_memb: MultiXactOffset(end_trunc_memb.into()),
        };
        Ok((rest, truncate))
    }
}

impl TruncateTo {
    fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, oldest_multi_db) = u32(input)?;
        let (rest, oldest_multi) = u32(rest)?;
        let (rest, oldest_offset) = u64(rest)?;
        let truncate = Self {
            oldest_multi_db: Oid(oldest_multi_db),
            oldest_multi: MultiXactId(oldest_multi),
            oldest_offset: MultiXactOffset(oldest_offset),
        };
        Ok((rest, truncate))
    }
}

impl<'a> Resource<'a> for Multixact<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        match info {
            0x00 => Some("ZERO_OFF_PAGE"),
            0x10 => Some("ZERO_MEM_PAGE"),
            0x20 => Some("CREATE_ID"),
            0x30 => Some("TRUNCATE_ID"),
            _ => None,
        }
    }

    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        let (main, layout) = (record.main, dialect.layout);
        match (record.info(), layout.multixact_wal()) {
            (0x00 | 0x10, _) => parse_at(main, 0, "XLOG_MULTIXACT_ZERO_PAGE", |input| {
                page_number(input, layout.slru_page_number())
                    .map(|(rest, pageno)| (rest, Self::ZeroPage { pageno }))
            }),
            (0x20, shape) => {
                parse_at(main, 0, "xl_multixact_create", |input| Create::parse(input, shape))
                    .map(Self::Create)
            }
            (0x30, MultixactWal::Narrow) => {
                parse_at(main, 0, "xl_multixact_truncate", Truncate::parse).map(Self::Truncate)
            }
            (0x30, MultixactWal::Wide) => {
                parse_at(main, 0, "xl_multixact_truncate", TruncateTo::parse).map(Self::TruncateTo)
            }
            _ => Err(unknown_type(record)),
        }
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::ZeroPage { pageno } => write!(out, "{pageno}"),
            Self::Create(Create { mid, moff, members }) => {
                write!(out, "{mid} offset {moff} nmembers {}: ", members.len())?;
                members.iter().try_for_each(|member| member.desc(out))
            }
            Self::Truncate(of) => {
                write!(out, "offsets [{}, {}), ", of.start_trunc_off, of.end_trunc_off)?;
                write!(out, "members [{}, {})", of.start_trunc_memb, of.end_trunc_memb)
            }
            Self::TruncateTo(of) => {
                write!(out, "oldestMulti {}, oldestOffset {}", of.oldest_multi, of.oldest_offset)
            }
        }
    }
}
