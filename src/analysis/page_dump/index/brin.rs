//! BRIN indexes.
use super::Index;
use crate::cluster::BrinColumn;
use crate::format::index::brin::{EVACUATE, Kind, Meta, Summary, flags, revmap};
use crate::format::page::{ItemId, Page};
use crate::format::parse_at;
use crate::report::key::Key;
use crate::report::page::index::{Brin, BrinItem, BrinMeta};
use crate::types::{OffsetNumber, Tid};

/// What is on a page; `None` if it is none of a BRIN index.
pub(super) fn content(page: &Page<'_>, index: Index<'_>) -> Option<Brin> {
    let kind = Kind::of(page).filter(|_| page.special().len() == 8)?;
    if matches!(kind, Kind::Unknown(_)) {
        return None;
    }
    let mut pages: Vec<Tid> =
        if kind == Kind::Revmap { revmap(page).collect() } else { Vec::new() };
    let used = pages.iter().rposition(|tid| *tid != Tid::default()).map_or(0, |last| last + 1);
    pages.truncate(used);
    let items = page.items().filter(|_| kind == Kind::Regular);
    Some(Brin {
        brin_page_type: kind.to_string(),
        evacuating: flags(page).is_some_and(|flags| flags & EVACUATE != 0),
        meta: if kind == Kind::Meta { Some(meta(&Meta::of(page).ok()?)) } else { None },
        pages,
        items: items.flat_map(|(number, id)| self::items(page, index, number, id)).collect(),
    })
}

fn meta(meta: &Meta) -> BrinMeta {
    BrinMeta {
        magic: format!("0x{:08X}", meta.brinMagic),
        version: meta.brinVersion,
        pagesperrange: meta.pagesPerRange,
        lastrevmappage: meta.lastRevmapPage,
    }
}

/// One for each column.
fn items(page: &Page<'_>, index: Index<'_>, number: OffsetNumber, id: ItemId) -> Vec<BrinItem> {
    let empty = BrinItem {
        pointer: index.pointer(number, id),
        blknum: None,
        attnum: None,
        allnulls: None,
        hasnulls: None,
        placeholder: None,
        empty: None,
        value: None,
    };
    let bytes = page.slice(id.storage()).filter(|bytes| !bytes.is_empty());
    let Some(summary) = bytes.and_then(|b| parse_at(b, 0, "BrinTuple", Summary::parse).ok()) else {
        return vec![empty];
    };
    let whole = BrinItem {
        blknum: Some(summary.bt_blkno),
        placeholder: Some(summary.is_placeholder()),
        empty: Some(summary.is_empty_range()),
        ..empty
    };
    let Some(shape) = index.shape else {
        return vec![BrinItem {
            value: Some(Key::Hex(hex::encode(summary.values())).to_string()),
            ..whole
        }];
    };
    let column = |column: BrinColumn| BrinItem {
        attnum: Some(column.attnum),
        allnulls: Some(column.allnulls),
        hasnulls: Some(column.hasnulls),
        value: column.text(),
        ..whole.clone()
    };
    shape.brin(&summary).into_iter().map(column).collect()
}
