//! A leaf page of a posting tree, rewritten segment by segment (`ginxlogRecompressDataLeaf`,
//! `ginxlogSegmentAction`, access/ginxlog.h).
use super::PostingList;
use crate::format::bytes::{u8, u16};
use crate::format::error::Parse;
use crate::format::wal::rmgr::{Array, Desc};
use crate::types::Tid;
use std::fmt::{self, Write};

/// What happens to the page.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RecompressDataLeaf<'a> {
    /// How many actions.
    pub nactions: u16,
    /// The actions; the last one that can be read is of a type that nobody knows, if one is.
    pub actions: Vec<SegmentAction<'a>>,
}

/// What happens to one of the page's posting lists.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SegmentAction<'a> {
    /// Which, from 0; of those before the record.
    pub segno: u8,
    /// What.
    #[serde(flatten)]
    pub action: Action<'a>,
}

/// `GIN_SEGMENT_*`.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Action<'a> {
    /// It goes.
    Delete,
    /// A new one comes before it.
    Insert(PostingList),
    /// A new one takes its place.
    Replace(PostingList),
    /// It gets rows.
    AddItems {
        /// The rows.
        items: Array<'a, Tid>,
    },
    /// A type that nobody knows: what follows it cannot be read.
    Unknown {
        /// The type.
        code: u8,
    },
}

impl<'a> RecompressDataLeaf<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// If the bytes end before the actions do, or hold no posting list where one must be.
    pub fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (mut rest, nactions) = u16(input)?;
        let mut actions = Vec::new();
        for _ in 0..nactions {
            let (after, action) = SegmentAction::parse(rest)?;
            rest = after;
            let unknown = matches!(action.action, Action::Unknown { .. });
            actions.push(action);
            if unknown {
                break;
            }
        }
        Ok((rest, Self { nactions, actions }))
    }

    /// Writes what `desc_recompress_leaf` does.
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, " {} segments:", self.nactions)?;
        self.actions.iter().try_for_each(|SegmentAction { segno, action }| match action {
            Action::Delete => write!(out, " {segno} (delete)"),
            Action::Insert(_) => write!(out, " {segno} (insert)"),
            Action::Replace(_) => write!(out, " {segno} (replace)"),
            Action::AddItems { items } => write!(out, " {segno} (add {} items)", items.len()),
            Action::Unknown { code } => write!(out, " {segno} unknown action {code} ???"),
        })
    }
}

impl<'a> SegmentAction<'a> {
    fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, segno) = u8(input)?;
        let (rest, code) = u8(rest)?;
        let (rest, action) = match code {
            1 => (rest, Action::Delete),
            2 => PostingList::parse(rest).map(|(rest, list)| (rest, Action::Insert(list)))?,
            3 => PostingList::parse(rest).map(|(rest, list)| (rest, Action::Replace(list)))?,
            4 => added(rest)?,
            _ => (rest, Action::Unknown { code }),
        };
        Ok((rest, Self { segno, action }))
    }
}

fn added(input: &[u8]) -> Parse<'_, Action<'_>> {
    let (rest, nitems) = u16(input)?;
    let (rest, items) = Array::parse(nitems.into())(rest)?;
    Ok((rest, Action::AddItems { items }))
}
