//! SP-GiST indexes.
use super::Index;
use crate::cluster::IndexShape;
use crate::format::heap::{Attr, Datum, is_null};
use crate::format::index::IndexTuple;
use crate::format::index::spgist::{Inner, Leaf, Meta, Opaque, PAGE_ID, State};
use crate::format::page::{ItemId, Page};
use crate::format::{ParseError, parse_at};
use crate::report::key::Key;
use crate::report::page::index::{LastUsed, Spgist, SpgistItem, SpgistNode, SpgistOpaque};
use crate::types::{BlockNumber, OffsetNumber, Oid};

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
    let types = index.shape.map(Types::of).unwrap_or_default();
    let of_page = OfPage { page, opaque, index, types };
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

/// What inner tuples hold, by the operator class (its configuration function); both unknown of
/// classes that are not PostgreSQL's own.
#[derive(Debug, Clone, Copy, Default)]
struct Types {
    prefix: Option<Oid>,
    label: Option<Oid>,
}

impl Types {
    fn of(shape: &IndexShape<'_>) -> Self {
        let Some(column) = shape.columns.first() else { return Self::default() };
        let (prefix, label) = match column.support.0 {
            // spg_quad_config: point; spg_kd_config: float8; inet_spg_config: cidr.
            4018 => (Oid(600), None),
            4023 => (Oid(701), None),
            3795 => (Oid(650), None),
            // spg_text_config: text, and int2 as labels.
            4027 => (Oid(25), Some(Oid(21))),
            // spg_range_quad_config: the range itself.
            3469 => (column.type_oid, None),
            // spg_box_quad_config, spg_bbox_quad_config: box.
            5012 | 5010 => (Oid(603), None),
            _ => return Self::default(),
        };
        Self { prefix: Some(prefix), label }
    }
}

struct OfPage<'a> {
    page: &'a Page<'a>,
    opaque: Opaque,
    index: Index<'a>,
    types: Types,
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
            item.prefix =
                (!inner.prefix.is_empty()).then(|| self.value(self.types.prefix, inner.prefix));
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
        let label = node.bytes().get(8..).filter(|label| !node.has_nulls() && !label.is_empty());
        SpgistNode {
            label: label.map(|label| self.value(self.types.label, label)),
            downlink: Some(node.t_tid).filter(|tid| tid.block != BlockNumber::INVALID),
        }
    }

    /// A prefix or a label, of which `bytes` are at least what it takes.
    fn value(&self, typ: Option<Oid>, bytes: &[u8]) -> Key {
        let found = self
            .index
            .shape
            .zip(typ)
            .and_then(|(shape, typ)| Some((shape, typ, shape.values.types.get(typ)?.storage)));
        let Some((shape, typ, storage)) = found else { return Key::Hex(hex::encode(bytes)) };
        match parse_at(bytes, 0, "value", |input| storage.value(input)) {
            Ok(datum) => shape.values.key(typ, &datum),
            Err(error) => Key::Damaged(error.to_string()),
        }
    }

    /// The values of a live leaf tuple; all of them as bytes, if the catalogs do not say what it
    /// holds.
    fn keys(&self, leaf: &Leaf<'_>) -> Vec<Key> {
        let Some(shape) = self.index.shape else { return vec![Key::Hex(hex::encode(leaf.data))] };
        // Where the key is null, only INCLUDE columns make a bitmap necessary.
        let nulls = self.opaque.stores_nulls();
        let mut keys = Vec::with_capacity(shape.columns.len());
        let mut offset = 0_usize;
        for (number, column) in shape.columns.iter().enumerate() {
            let null = !leaf.bitmap.is_empty() && is_null(leaf.bitmap, number);
            if null || (nulls && number == 0) {
                keys.push(Key::Null);
                continue;
            }
            match stored(column.storage, leaf.data, offset) {
                Ok((datum, end)) => {
                    keys.push(shape.values.key(column.type_oid, &datum));
                    offset = end;
                }
                Err(error) => {
                    keys.push(Key::Damaged(error.to_string()));
                    break;
                }
            }
        }
        keys
    }
}

/// The value that follows `offset`, and where it ends.
fn stored(attr: Attr, data: &[u8], offset: usize) -> Result<(Datum<'_>, usize), ParseError> {
    let start = attr.start(data, offset);
    let rest = data.get(start..).unwrap_or_default();
    parse_at(rest, start as u64, "value", |rest| {
        let (after, datum) = attr.value(rest)?;
        Ok((after, (datum, data.len() - after.len())))
    })
}
