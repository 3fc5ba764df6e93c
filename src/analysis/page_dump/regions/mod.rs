//! Every byte of a page beside the field it belongs to, one file per kind of page. What is decoded
//! in `format` is laid out here in the order of its bytes.
mod bloom;
mod brin;
mod btree;
mod claims;
mod fork;
mod gin;
mod gist;
mod hash;
mod heap;
mod index;
mod page;
mod spgist;
mod value;

pub use value::{Column, Columns};

use super::chains;
use crate::cluster::Values;
use crate::format::index as format;
use crate::format::page::{Page, is_new};
use crate::layout::Layout;
use crate::report::page::{Diagram, Item, PageKind, Region, Unit, Views};
use crate::types::BlockNumber;
use claims::{Claims, Tiles};
use std::fmt::Write as _;

/// A page, and what is known of it from outside.
pub(super) struct Subject<'a> {
    pub(super) page: &'a Page<'a>,
    pub(super) block: BlockNumber,
    pub(super) holds: Holds,
    pub(super) layout: &'a Layout,
    /// The relation's columns; none if they are not known.
    pub(super) columns: &'a [Column],
    /// What writes their values.
    pub(super) values: Option<&'a Values<'a>>,
}

/// What is on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Heap,
    Sequence,
    Btree,
    Hash,
    Gin,
    Gist,
    Spgist,
    Brin,
    Bloom,
    FreeSpaceMap,
    VisibilityMap,
    /// Of an access method that is not ours: line pointers, if they make sense.
    Unknown,
}

impl Holds {
    /// By what the relation is; where that is not known, by what marks the pages of an access method.
    pub(super) fn of(kind: PageKind, method: Option<&str>, page: &Page<'_>) -> Self {
        match (kind, method) {
            (PageKind::Heap, _) => Self::Heap,
            (PageKind::Sequence, _) => Self::Sequence,
            (PageKind::FreeSpaceMap, _) => Self::FreeSpaceMap,
            (PageKind::VisibilityMap, _) => Self::VisibilityMap,
            (PageKind::Index, Some("btree")) => Self::Btree,
            (PageKind::Index, Some("hash")) => Self::Hash,
            (PageKind::Index, Some("gin")) => Self::Gin,
            (PageKind::Index, Some("gist")) => Self::Gist,
            (PageKind::Index, Some("spgist")) => Self::Spgist,
            (PageKind::Index, Some("brin")) => Self::Brin,
            (PageKind::Index, Some("bloom")) => Self::Bloom,
            (PageKind::Index, None) => Self::by_mark(page),
            _ => Self::Unknown,
        }
    }

    /// The last two bytes of a page say to which access method it belongs, but for those of
    /// B-trees and GIN, whose special space is told by its size.
    fn by_mark(page: &Page<'_>) -> Self {
        /// `MAX_BT_CYCLE_ID` (access/nbtree.h): what a B-tree's page ends with at most.
        const MOST_CYCLES: u16 = 0xFF7F;
        let mark = page.special().last_chunk().map(|mark| u16::from_le_bytes(*mark));
        match (page.special().len(), mark) {
            (16, Some(format::hash::PAGE_ID)) => Self::Hash,
            (16, Some(format::gist::PAGE_ID)) => Self::Gist,
            (8, Some(format::spgist::PAGE_ID)) => Self::Spgist,
            (8, Some(0xF091..=0xF093)) => Self::Brin,
            (16, Some(0..=MOST_CYCLES)) => Self::Btree,
            // The flags of GIN have eight bits.
            (8, Some(0..=0xFF)) => Self::Gin,
            _ => Self::Unknown,
        }
    }
}

/// The regions of a page, and the page as a picture, of a map the blocks that it is about: as far
/// as they are wanted. `items` are what is known of its line pointers, if it is a heap page.
pub(super) fn views(
    subject: &Subject<'_>,
    items: &[Item],
    wanted: Views,
) -> (Vec<Region>, Option<Diagram>) {
    if wanted == Views::default() {
        return (Vec::new(), None);
    }
    let bytes = subject.page.bytes();
    let tiles = tiles(subject, items);
    let regions = if wanted.hex || wanted.explain { tiles.regions(bytes) } else { Vec::new() };
    let diagram = || match subject.holds {
        Holds::FreeSpaceMap if !is_new(bytes) => fork::free_space(subject),
        Holds::VisibilityMap if !is_new(bytes) => fork::visibility(subject),
        _ => Diagram {
            unit: Unit::Bytes,
            start: 0,
            len: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            parts: tiles.drawn(),
            chains: chains::of(items),
        },
    };
    (regions, wanted.diagram.then(diagram))
}

fn tiles(subject: &Subject<'_>, items: &[Item]) -> Tiles {
    let mut claims = Claims::new();
    page::header(subject.page, &mut claims);
    if !is_new(subject.page.bytes()) {
        match subject.holds {
            Holds::Heap => heap::claim(subject, items, &mut claims),
            Holds::Sequence => heap::sequence(subject, items, &mut claims),
            Holds::Btree => btree::claim(subject, &mut claims),
            Holds::Hash => hash::claim(subject, &mut claims),
            Holds::Gin => gin::claim(subject, &mut claims),
            Holds::Gist => gist::claim(subject, &mut claims),
            Holds::Spgist => spgist::claim(subject, &mut claims),
            Holds::Brin => brin::claim(subject, &mut claims),
            Holds::Bloom => bloom::claim(subject, &mut claims),
            Holds::FreeSpaceMap => fork::slots(subject, &mut claims),
            Holds::VisibilityMap => fork::bits(subject, &mut claims),
            Holds::Unknown => unknown(subject.page, &mut claims),
        }
    }
    claims.tile(subject.page)
}

/// Line pointers are believed if all of them make sense.
fn unknown(page: &Page<'_>, claims: &mut Claims) {
    let area = page.tuple_area();
    let sound = page.header().check(page.bytes().len()).is_ok()
        && page.items().all(|(_, item)| item.target(area.clone()).is_ok());
    if sound {
        page::pointers(page, false, claims);
        page::storage(page, claims);
    }
}

/// A word of flags: `0x0005 LEAF ROOT`.
fn words<T: AsRef<str>>(word: u16, names: impl IntoIterator<Item = T>) -> String {
    let mut text = format!("{word:#06x}");
    for name in names {
        // A String takes whatever is written to it.
        let _ = write!(text, " {}", name.as_ref());
    }
    text
}
