//! Tuples put into a page, and a page split: `gistxlogPageUpdate`, `gistxlogPageSplit`
//! (access/gistxlog.h).
use crate::format::bytes::{flag, i32, skip, u16, u32, u64};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::{BlockRef, Record};
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::index::{Offsets, in_block, main};
use crate::format::wal::rmgr::index_tuple::IndexTuples;
use crate::types::{BlockNumber, Lsn};
use std::fmt::{self, Write};

/// Tuples of block 0 removed and others put there; block 1 is the left half of a split that this
/// completes.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PageUpdate<'a> {
    /// How many tuples go.
    pub ntodelete: u16,
    /// How many come.
    pub ntoinsert: u16,
    /// Which; mostly not beside a full-page image, which has the result.
    #[serde(flatten)]
    pub change: Option<Change<'a>>,
}

/// What goes from a page and what comes.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Change<'a> {
    /// Line pointers that go.
    pub todelete: Offsets<'a>,
    /// Tuples that come; one for one, they take the place of those that go.
    pub toinsert: IndexTuples<'a>,
}

/// A page split into blocks 1 and following; block 0 is the left half of a split below that this
/// completes.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PageSplit<'a> {
    /// The page's right neighbour before.
    pub origrlink: BlockNumber,
    /// The page's NSN (`GistNSN`) before: when it was last split.
    pub orignsn: Lsn,
    /// Whether it was a leaf.
    pub origleaf: bool,
    /// Pages that come of it.
    pub npage: u16,
    /// Whether they wait for their downlinks (`F_FOLLOW_RIGHT`).
    pub markfollowright: bool,
    /// What each holds.
    pub pages: Vec<SplitPage<'a>>,
}

/// What a page holds after a split.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SplitPage<'a> {
    /// The page.
    pub block: BlockNumber,
    /// How many tuples.
    pub num: i32,
    /// The tuples.
    pub tuples: IndexTuples<'a>,
}

impl<'a> PageUpdate<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let (ntodelete, ntoinsert) = main(record, "gistxlogPageUpdate", |input| {
            let (rest, ntodelete) = u16(input)?;
            u16(rest).map(|(rest, ntoinsert)| (rest, (ntodelete, ntoinsert)))
        })?;
        let change = in_block(record, 0, "tuples of a page", |input| {
            let (rest, todelete) = Offsets::parse(ntodelete.into())(input)?;
            let (rest, toinsert) = IndexTuples::parse(rest)?;
            Ok((rest, Change { todelete, toinsert }))
        })?;
        Ok(Self { ntodelete, ntoinsert, change })
    }
}

impl<'a> PageSplit<'a> {
    pub(super) fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let body = main(record, "gistxlogPageSplit", Self::fields)?;
        let pages = record.blocks.iter().filter(|block| (1..=body.npage).contains(&block.id.into()));
        let pages = pages.map(SplitPage::parse).collect::<Result<_, _>>()?;
        Ok(Self { pages, ..body })
    }

    fn fields(input: &[u8]) -> Parse<'_, Self> {
        let (rest, origrlink) = u32(input)?;
        let (rest, ()) = skip(4)(rest)?;
        let (rest, orignsn) = u64(rest)?;
        let (rest, origleaf) = flag(rest)?;
        let (rest, ()) = skip(1)(rest)?;
        let (rest, npage) = u16(rest)?;
        let (rest, markfollowright) = flag(rest)?;
        let (origrlink, orignsn) = (BlockNumber(origrlink), Lsn(orignsn));
        let pages = Vec::new();
        Ok((rest, Self { origrlink, orignsn, origleaf, npage, markfollowright, pages }))
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, "page_split: splits to {} pages", self.npage)
    }
}

impl<'a> SplitPage<'a> {
    fn parse(block: &BlockRef<'a>) -> Result<Self, ParseError> {
        parse_at(block.data, 0, "page of a split", |input| {
            let (rest, num) = i32(input)?;
            let (rest, tuples) = IndexTuples::parse(rest)?;
            Ok((rest, Self { block: block.block, num, tuples }))
        })
    }
}
