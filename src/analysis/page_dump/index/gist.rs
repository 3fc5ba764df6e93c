//! GiST indexes.
use super::{Index, tuple};
use crate::format::index::gist::{Opaque, PAGE_ID};
use crate::format::page::{ItemId, Page};
use crate::report::page::index::{Gist, GistItem, GistOpaque};
use crate::types::OffsetNumber;

/// What is on a page; `None` if it is none of a GiST index.
pub(super) fn content(page: &Page<'_>, index: Index<'_>) -> Option<Gist> {
    let opaque = Opaque::of(page).ok()?;
    if page.special().len() != 16 || opaque.gist_page_id != PAGE_ID {
        return None;
    }
    let (leaf, deleted) = (opaque.is_leaf(), opaque.is_deleted());
    let item = |(number, id)| item(page, index, leaf, (number, id));
    Some(Gist {
        page_type: match (leaf, deleted) {
            (_, true) => "deleted",
            (true, _) => "leaf",
            (false, _) => "internal",
        },
        opaque: GistOpaque {
            lsn: page.header().pd_lsn,
            nsn: opaque.nsn,
            rightlink: opaque.rightlink,
            flags: opaque.flag_names(),
            delete_xid: opaque.delete_xid(page).map(|xid| xid.to_string()),
        },
        // A deleted page holds a transaction id where line pointers were.
        items: page.items().filter(|_| !deleted).map(item).collect(),
    })
}

fn item(
    page: &Page<'_>,
    index: Index<'_>,
    leaf: bool,
    (number, id): (OffsetNumber, ItemId),
) -> GistItem {
    let tuple = tuple(page, id);
    // Internal pages have no INCLUDE columns.
    let columns =
        index.shape.map_or(0, |shape| if leaf { shape.columns.len() } else { shape.keys });
    GistItem {
        pointer: index.pointer(number, id),
        ctid: tuple.map(|tuple| tuple.t_tid),
        itemlen: tuple.map(|tuple| tuple.size()),
        downlink: tuple.filter(|_| !leaf).map(|tuple| tuple.t_tid.block),
        keys: tuple.map(|tuple| index.first(&tuple, columns)).unwrap_or_default(),
        key_data: tuple.map(|tuple| hex::encode(tuple.bytes())),
    }
}
