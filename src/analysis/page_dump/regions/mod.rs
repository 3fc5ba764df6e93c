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
use crate::cluster::{IndexShape, Values};
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
    pub(super) kind: PageKind,
    pub(super) layout: &'a Layout,
    /// The relation's columns; none if they are not known.
    pub(super) columns: &'a [Column],
    /// What writes their values.
    pub(super) values: Option<&'a Values<'a>>,
    /// What its tuples hold, if it is an index and the catalogs say.
    pub(super) index: Option<&'a IndexShape<'a>>,
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
    let diagram = || match subject.kind {
        PageKind::FreeSpaceMap if !is_new(bytes) => fork::free_space(subject),
        PageKind::VisibilityMap if !is_new(bytes) => fork::visibility(subject),
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
        match subject.kind {
            PageKind::Heap => heap::claim(subject, items, &mut claims),
            PageKind::Sequence => heap::sequence(subject, items, &mut claims),
            PageKind::Btree => btree::claim(subject, &mut claims),
            PageKind::Hash => hash::claim(subject, &mut claims),
            PageKind::Gin => gin::claim(subject, &mut claims),
            PageKind::Gist => gist::claim(subject, &mut claims),
            PageKind::Spgist => spgist::claim(subject, &mut claims),
            PageKind::Brin => brin::claim(subject, &mut claims),
            PageKind::Bloom => bloom::claim(subject, &mut claims),
            PageKind::FreeSpaceMap => fork::slots(subject, &mut claims),
            PageKind::VisibilityMap => fork::bits(subject, &mut claims),
            PageKind::Index | PageKind::New | PageKind::Unknown => {
                unknown(subject.page, &mut claims);
            }
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
