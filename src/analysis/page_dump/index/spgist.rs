//! SP-GiST indexes.
use super::Index;
use crate::format::index::IndexTuple;
use crate::format::index::spgist::{Inner, Leaf, Meta, Opaque, PAGE_ID, State, node_label};
use crate::format::page::{ItemId, Page};
use crate::format::{ParseError, parse_at};
use crate::report::key::Key;
use crate::report::page::index::{LastUsed, Spgist, SpgistItem, SpgistNode, SpgistOpaque};
use crate::types::{BlockNumber, OffsetNumber};

/// What the pages of the metapage are for, in their order (`SpGistLUPCache`).
const PURPOSES: [&str; 8] = [
    "inner 0",
    "inner 1",
    "inner 2",
    "leaf",
    "inner 0 of nulls",
    "inner 1 of nulls",
    "inner 2 of nulls",
    "leaf of nulls",
];

/// What is on a page; `None` if it is none of an SP-GiST index.
pub(super) fn content(page: &Page<'_>, index: Index<'_>) -> Option<Spgist> {
    let opaque = Opaque::of(page).ok()?;
    if page.special().len() != 8 || opaque.spgist_page_id != PAGE_ID {
        return None;
    }
    let last_used = if opaque.is_meta() { Meta::of(page).ok()?.last_used } else { Vec::new() };
    let used = |(purpose, (blkno, free_space)): (&&'static str, _)| LastUsed {
        purpose,
        blkno,
        free_space,
    };
    let of_page = OfPage { page, opaque, index };
    let items = page.items().filter(|_| !opaque.is_meta());
    Some(Spgist {
        page_type: match (opaque.is_leaf(), opaque.stores_nulls()) {
            _ if opaque.is_meta() => "metapage",
            (true, false) => "leaf",
            (false, false) => "inner",
            (true, true) => "leaf of nulls",
            (false, true) => "inner of nulls",
        },
        opaque: SpgistOpaque {
            flags: opaque.flag_names(),
            nRedirection: opaque.nRedirection,
            nPlaceholder: opaque.nPlaceholder,
        },
        last_used: PURPOSES.iter().zip(last_used).map(used).collect(),
        items: items.map(|(number, id)| of_page.item(number, id)).collect(),
    })
}

struct OfPage<'a> {
    page: &'a Page<'a>,
    opaque: Opaque,
    index: Index<'a>,
}

impl OfPage<'_> {
    fn item(&self, number: OffsetNumber, id: ItemId) -> SpgistItem {
        let mut item = SpgistItem {
            pointer: self.index.pointer(number, id),
            tupstate: None,
            all_the_same: None,
            prefix: None,
            nodes: Vec::new(),
            next_offset: None,
            heap_ptr: None,
            redirects_to: None,
            xid: None,
            keys: Vec::new(),
            error: None,
        };
        let bytes = self.page.slice(id.storage()).unwrap_or_default();
        if let Err(error) = self.fill(&mut item, bytes) {
            item.error = Some(error.to_string());
        }
        item
    }

    fn fill(&self, item: &mut SpgistItem, bytes: &[u8]) -> Result<(), ParseError> {
        let state = parse_at(bytes, 0, "tupstate", State::of)?;
        item.tupstate = Some(match state {
            State::Live => "live",
            State::Redirect => "redirect",
            State::Dead => "dead",
            State::Placeholder => "placeholder",
        });
        if state == State::Live && !self.opaque.is_leaf() {
            let inner = parse_at(bytes, 0, "SpGistInnerTupleData", Inner::parse)?;
            item.all_the_same = Some(inner.all_the_same);
            item.prefix = (!inner.prefix.is_empty()).then(|| match self.index.shape {
                Some(shape) => shape.spgist_prefix(inner.prefix),
                None => Key::Hex(hex::encode(inner.prefix)),
            });
            for node in inner.nodes() {
                item.nodes.push(self.node(&node?));
            }
            return Ok(());
        }
        let leaf = parse_at(bytes, 0, "SpGistLeafTupleData", Leaf::parse)?;
        match state {
            State::Live => {
                item.next_offset = Some(leaf.next_offset.0);
                item.heap_ptr = Some(leaf.pointer);
                item.keys = self.keys(&leaf);
            }
            State::Redirect => {
                item.redirects_to = Some(leaf.pointer);
                item.xid = leaf.xid;
            }
            State::Dead | State::Placeholder => {}
        }
        Ok(())
    }

    fn node(&self, node: &IndexTuple<'_>) -> SpgistNode {
        let label = node_label(node);
        SpgistNode {
            label: label.map(|label| match self.index.shape {
                Some(shape) => shape.spgist_label(label),
                None => Key::Hex(hex::encode(label)),
            }),
            downlink: Some(node.t_tid).filter(|tid| tid.block != BlockNumber::INVALID),
        }
    }

    /// The values of a live leaf tuple; all of them as bytes, if the catalogs do not say what it
    /// holds.
    fn keys(&self, leaf: &Leaf<'_>) -> Vec<Key> {
        match self.index.shape {
            Some(shape) => shape.spgist_leaf(leaf, self.opaque.stores_nulls()),
            None => vec![Key::Hex(hex::encode(leaf.data))],
        }
    }
}
