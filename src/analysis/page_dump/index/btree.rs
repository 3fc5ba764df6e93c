//! B-trees.
use super::{Index, free_size, live_and_dead, tuple};
use crate::format::index::IndexTuple;
use crate::format::index::btree::{DeleteXid, HIGH_KEY, Meta, Opaque, Points};
use crate::format::page::{ItemId, Page};
use crate::report::key::Key;
use crate::report::page::index::{Btree, BtreeItem, BtreeMeta, BtreeStats};
use crate::types::{OffsetNumber, Tid};

/// What is on a page; `None` if it is none of a B-tree.
pub(super) fn content(page: &Page<'_>, index: Index<'_>) -> Option<Btree> {
    let opaque = Opaque::of(page).ok().filter(|_| page.special().len() == 16)?;
    if opaque.is_meta() {
        let meta = Meta::of(page, index.layout).ok()?;
        return Some(Btree { meta: Some(self::meta(&meta)), stats: None, items: Vec::new() });
    }
    // Such a page holds a transaction id where tuples were.
    let tuples = !(opaque.is_deleted() && opaque.has_full_xid());
    let of_page = OfPage { page, opaque, index };
    let items = page.items().filter(|_| tuples).map(|(number, id)| of_page.item(number, id));
    let items = items.collect();
    Some(Btree { meta: None, stats: Some(of_page.stats(tuples)), items })
}

fn meta(meta: &Meta) -> BtreeMeta {
    let cleanup = meta.cleanup;
    BtreeMeta {
        magic: meta.btm_magic,
        version: meta.btm_version,
        root: meta.btm_root,
        level: meta.btm_level,
        fastroot: meta.btm_fastroot,
        fastlevel: meta.btm_fastlevel,
        oldest_xact: cleanup.and_then(|cleanup| cleanup.oldest_btpo_xact).map(|xid| xid.0),
        last_cleanup_num_delpages: cleanup.and_then(|cleanup| cleanup.last_cleanup_num_delpages),
        last_cleanup_num_tuples: cleanup.map(|cleanup| cleanup.last_cleanup_num_tuples),
        allequalimage: cleanup.and_then(|cleanup| cleanup.allequalimage),
    }
}

struct OfPage<'a> {
    page: &'a Page<'a>,
    opaque: Opaque,
    index: Index<'a>,
}

impl OfPage<'_> {
    fn stats(&self, tuples: bool) -> BtreeStats {
        let (page, opaque) = (self.page, &self.opaque);
        let (live, dead) = if tuples { live_and_dead(page) } else { (0, 0) };
        let sizes = page.items().filter(|_| tuples).filter_map(|(_, id)| tuple(page, id));
        let bytes: u32 = sizes.map(|tuple| u32::from(tuple.size())).sum();
        let delete_xid = opaque.delete_xid(page).map(|xid| match xid {
            DeleteXid::Xid(xid) => xid.to_string(),
            DeleteXid::Full(xid) => xid.to_string(),
        });
        BtreeStats {
            kind: opaque.kind(),
            live_items: live,
            dead_items: dead,
            avg_item_size: bytes.checked_div(live + dead).unwrap_or(0),
            page_size: page.header().page_size().into(),
            free_size: free_size(page),
            btpo_prev: opaque.btpo_prev,
            btpo_next: opaque.btpo_next,
            btpo_level: opaque.btpo_level,
            btpo_flags: opaque.btpo_flags,
            btpo_flag_names: opaque.flag_names(),
            btpo_cycleid: opaque.btpo_cycleid,
            delete_xid,
        }
    }

    fn item(&self, number: OffsetNumber, id: ItemId) -> BtreeItem {
        let pointer = self.index.pointer(number, id);
        let none = BtreeItem {
            pointer,
            ctid: None,
            itemlen: None,
            nulls: None,
            vars: None,
            data: None,
            htid: None,
            tids: None,
            keys: Vec::new(),
            downlink: None,
            meaning: "no tuple can be read there".to_owned(),
        };
        let Some(tuple) = tuple(self.page, id) else { return none };
        let Some(points) = Points::of(&tuple) else {
            let meaning = "its rows lie outside of it".to_owned();
            return BtreeItem {
                ctid: Some(tuple.t_tid),
                itemlen: Some(tuple.size()),
                meaning,
                ..none
            };
        };
        let high_key = number == HIGH_KEY && !self.opaque.is_rightmost();
        let pivot = high_key || !self.opaque.is_leaf();
        let data = tuple.data(points.data_end(&tuple));
        let data: Vec<_> = data.iter().map(|byte| format!("{byte:02x}")).collect();
        let downlink = (pivot && !high_key).then_some(tuple.t_tid.block);
        let tids: Option<Vec<Tid>> = points.posting().map(Iterator::collect);
        let meaning = match (&points, &tids) {
            _ if high_key => "high key",
            (_, _) if pivot => "downlink",
            (Points::Pivot { .. }, _) => "pivot on a leaf",
            (_, Some(_)) => "posting list",
            (_, None) => "row",
        };
        let count = tids.as_ref().map_or(String::new(), |tids| format!(" of {}", tids.len()));
        let dead = if pointer.dead { "dead " } else { "" };
        BtreeItem {
            ctid: Some(tuple.t_tid),
            itemlen: Some(tuple.size()),
            nulls: Some(tuple.has_nulls()),
            vars: Some(tuple.has_varwidths()),
            data: Some(data.join(" ")),
            // An old pivot has none, whatever is in its place.
            htid: points.heap_tid().filter(|_| !pivot || !matches!(points, Points::One(_))),
            tids,
            keys: self.keys(&tuple, &points),
            downlink,
            meaning: format!("{dead}{meaning}{count}"),
            ..none
        }
    }

    fn keys(&self, tuple: &IndexTuple<'_>, points: &Points<'_>) -> Vec<Key> {
        match self.index.shape {
            Some(shape) => shape.btree(tuple),
            None => vec![Key::Hex(hex::encode(tuple.data(points.data_end(tuple))))],
        }
    }
}
