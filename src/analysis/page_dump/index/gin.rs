//! GIN indexes.
use super::{Index, tuple};
use crate::cluster::GinKey;
use crate::format::index::IndexTuple;
use crate::format::index::gin::{
    FLAGS, Meta, Opaque, PostingList, Rows, leaf_lists, posting_items, right_bound,
};
use crate::format::page::{ItemId, Page};
use crate::report::key::Key;
use crate::report::page::index::{
    Gin, GinEntry, GinList, GinMeta, GinOpaque, GinPending, PostingItem,
};
use crate::types::OffsetNumber;

/// What is on a page; `None` if it is none of a GIN index.
pub(super) fn content(page: &Page<'_>, index: Index<'_>) -> Option<Gin> {
    let opaque = Opaque::of(page).ok()?;
    if page.special().len() != 8 || opaque.flags & !FLAGS != 0 {
        return None;
    }
    let (data, leaf, deleted) = (opaque.is_data(), opaque.is_leaf(), opaque.is_deleted());
    let tree = !opaque.is_meta() && !deleted;
    let page_type = match (data, leaf) {
        _ if opaque.is_meta() => "metapage",
        _ if deleted => "deleted",
        _ if opaque.is_list() => "pending list",
        (true, true) => "posting tree leaf",
        (true, false) => "posting tree internal",
        (false, true) => "entry leaf",
        (false, false) => "entry internal",
    };
    let entries = tree && !data && !opaque.is_list();
    let lists = tree && data && leaf && opaque.is_compressed();
    let pending = |(number, id)| pending(page, index, number, id);
    let child = |item: crate::format::index::gin::PostingItem| PostingItem {
        child: item.child,
        key: item.key,
    };
    let children = if tree && data && !leaf { posting_items(page, &opaque) } else { Vec::new() };
    let items = page.items();
    Some(Gin {
        page_type,
        opaque: GinOpaque {
            rightlink: opaque.rightlink,
            maxoff: opaque.maxoff,
            flags: opaque.flag_names(),
        },
        meta: if opaque.is_meta() { Some(meta(&Meta::of(page).ok()?)) } else { None },
        entries: items
            .clone()
            .filter(|_| entries)
            .map(|(number, id)| entry(page, index, leaf, (number, id)))
            .collect(),
        pending: items.filter(|_| tree && opaque.is_list()).map(pending).collect(),
        right_bound: right_bound(page).filter(|_| tree && data),
        posting_items: children.into_iter().map(child).collect(),
        lists: if lists { self::lists(page) } else { Vec::new() },
    })
}

fn meta(meta: &Meta) -> GinMeta {
    GinMeta {
        pending_head: meta.pending_head,
        pending_tail: meta.pending_tail,
        tail_free_size: meta.tail_free_size,
        n_pending_pages: meta.n_pending_pages,
        n_pending_tuples: meta.n_pending_tuples.to_string(),
        n_total_pages: meta.n_total_pages,
        n_entry_pages: meta.n_entry_pages,
        n_data_pages: meta.n_data_pages,
        n_entries: meta.n_entries.to_string(),
        version: meta.version,
    }
}

fn lists(page: &Page<'_>) -> Vec<GinList> {
    let list = |list: Result<PostingList<'_>, crate::format::ParseError>| {
        let list = list.ok()?;
        let (tids, error) = match list.rows() {
            Ok(rows) => (rows, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let nbytes = u16::try_from(list.bytes.len()).unwrap_or(u16::MAX);
        Some(GinList { first_tid: list.first, nbytes, tids, error })
    };
    leaf_lists(page).filter_map(list).collect()
}

fn entry(
    page: &Page<'_>,
    index: Index<'_>,
    leaf: bool,
    (number, id): (OffsetNumber, ItemId),
) -> GinEntry {
    let pointer = index.pointer(number, id);
    let mut entry = GinEntry {
        pointer,
        itemlen: None,
        attnum: None,
        category: None,
        key: None,
        downlink: None,
        posting_tree: None,
        tids: None,
        error: None,
    };
    let Some(tuple) = tuple(page, id) else {
        entry.error = Some("no tuple can be read there".to_owned());
        return entry;
    };
    entry.itemlen = Some(tuple.size());
    GinKey { attnum: entry.attnum, category: entry.category, key: entry.key } = key(index, &tuple);
    if !leaf {
        entry.downlink = Some(tuple.t_tid.block);
        return entry;
    }
    match Rows::of(&tuple) {
        Ok(Rows::Tree(root)) => entry.posting_tree = Some(root),
        Ok(Rows::List(rows)) => entry.tids = Some(rows),
        Err(error) => entry.error = Some(error.to_string()),
    }
    entry
}

fn pending(page: &Page<'_>, index: Index<'_>, number: OffsetNumber, id: ItemId) -> GinPending {
    let pointer = index.pointer(number, id);
    let Some(tuple) = tuple(page, id) else {
        return GinPending { pointer, ctid: None, attnum: None, category: None, key: None };
    };
    let GinKey { attnum, category, key } = key(index, &tuple);
    GinPending { pointer, ctid: Some(tuple.t_tid), attnum, category, key }
}

/// The column, the category, and the key of a tuple; all of it as bytes, if the catalogs do not
/// say what it holds.
fn key(index: Index<'_>, tuple: &IndexTuple<'_>) -> GinKey {
    let hex = || Key::Hex(hex::encode(tuple.data(tuple.size().into())));
    match index.shape {
        Some(shape) => shape.gin(tuple),
        None => GinKey { attnum: None, category: None, key: Some(hex()) },
    }
}
