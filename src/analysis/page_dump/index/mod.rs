//! Pages of indexes, one file per access method. A page whose special space is not that of its
//! access method is shown as bytes, never as what it is not.
mod bloom;
mod brin;
mod btree;
mod gin;
mod gist;
mod hash;
mod spgist;

pub(super) use hash::bit_of as hash_bit_of;

use super::Known;
use crate::cluster::{IndexShape, Relation};
use crate::format::index::IndexTuple;
use crate::format::page::{ItemId, LpFlags, Page};
use crate::layout::Layout;
use crate::report::key::Key;
use crate::report::page::PageKind;
use crate::report::page::index::{
    ColumnInfo, Content, IndexInfo, Other, OtherItem, Pointer, Sequence,
};
use crate::types::OffsetNumber;

/// What taking an index page apart takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Index<'a> {
    /// What its tuples hold, if the catalogs say.
    shape: Option<&'a IndexShape<'a>>,
    layout: &'static Layout,
    /// The tuple that was asked for.
    selected: Option<OffsetNumber>,
}

/// What is on a page of this kind; `None` of kinds that are shown elsewhere.
pub(super) fn content<H>(page: &Page<'_>, kind: PageKind, known: &Known<'_, H>) -> Option<Content> {
    let index = Index { shape: known.index, layout: known.layout, selected: known.selected };
    let content = match kind {
        PageKind::Btree => btree::content(page, index).map(Content::Btree),
        PageKind::Hash => hash::content(page, index).map(Content::Hash),
        PageKind::Gin => gin::content(page, index).map(Content::Gin),
        PageKind::Gist => gist::content(page, index).map(Content::Gist),
        PageKind::Spgist => spgist::content(page, index).map(Content::Spgist),
        PageKind::Brin => brin::content(page, index).map(Content::Brin),
        PageKind::Bloom => bloom::content(page, index).map(Content::Bloom),
        PageKind::Sequence => sequence(page).map(Content::Sequence),
        PageKind::Index | PageKind::Unknown => None,
        PageKind::Heap | PageKind::New | PageKind::FreeSpaceMap | PageKind::VisibilityMap => {
            return None;
        }
    };
    Some(content.unwrap_or_else(|| Content::Other(other(page, index))))
}

fn sequence(page: &Page<'_>) -> Option<Sequence> {
    let row = crate::format::sequence::SequenceData::of(page)?;
    Some(Sequence {
        last_value: row.last_value.to_string(),
        log_cnt: row.log_cnt.to_string(),
        is_called: row.is_called,
    })
}

fn other(page: &Page<'_>, index: Index<'_>) -> Other {
    let item = |(number, id): (OffsetNumber, ItemId)| OtherItem {
        pointer: index.pointer(number, id),
        data: page.slice(id.storage()).map(hex::encode).unwrap_or_default(),
    };
    Other { special: hex::encode(page.special()), items: page.items().map(item).collect() }
}

/// What a report says of an index.
pub(super) fn info(relation: &Relation, shape: Option<&IndexShape<'_>>) -> Option<IndexInfo> {
    let access_method = relation.access_method.clone()?;
    let columns = shape.map(|shape| shape.columns.as_slice()).unwrap_or_default();
    let column = |column: &crate::cluster::IndexColumn| ColumnInfo {
        name: column.name.clone(),
        type_name: column.type_name.clone(),
        opclass: column.opclass.clone(),
    };
    Some(IndexInfo { access_method, columns: columns.iter().map(column).collect() })
}

impl Index<'_> {
    fn pointer(&self, number: OffsetNumber, id: ItemId) -> Pointer {
        Pointer {
            itemoffset: number.0,
            lp_off: id.lp_off(),
            lp_flags_name: id.lp_flags().name(),
            lp_len: id.lp_len(),
            dead: id.lp_flags() == LpFlags::Dead,
            selected: self.selected == Some(number),
        }
    }

    /// The values of the first `count` columns of a tuple, at most; all of it as bytes, if the
    /// catalogs do not say what it holds.
    fn first(&self, tuple: &IndexTuple<'_>, count: usize) -> Vec<Key> {
        let end = usize::from(tuple.size());
        match self.shape {
            Some(shape) => shape.first(tuple, count, end),
            None => vec![Key::Hex(hex::encode(tuple.data(end)))],
        }
    }
}

/// The tuple behind a line pointer.
fn tuple<'p>(page: &Page<'p>, id: ItemId) -> Option<IndexTuple<'p>> {
    let bytes = page.slice(id.storage()).filter(|bytes| !bytes.is_empty())?;
    IndexTuple::parse(bytes).ok().map(|(_, tuple)| tuple)
}

/// `PageGetFreeSpace`: between pd_lower and pd_upper, less one line pointer.
fn free_size(page: &Page<'_>) -> u32 {
    let header = page.header();
    let hole = header.pd_upper.saturating_sub(header.pd_lower);
    u32::from(hole.saturating_sub(4))
}

/// How many line pointers are not dead, and how many are.
fn live_and_dead(page: &Page<'_>) -> (u32, u32) {
    let dead = page.items().filter(|(_, id)| id.lp_flags() == LpFlags::Dead).count();
    let dead = u32::try_from(dead).unwrap_or(u32::MAX);
    (u32::from(page.item_count()).saturating_sub(dead), dead)
}
