//! Values in the tuples of SP-GiST: prefixes and labels of inner ones, which are of other types than
//! the column, and the values of leaves.
use super::{IndexColumn, IndexShape};
use crate::format::heap::is_null;
use crate::format::index::spgist::Leaf;
use crate::format::parse_at;
use crate::report::key::Key;
use crate::types::Oid;

/// What inner tuples hold, by the operator class (its configuration function); both unknown of
/// classes that are not PostgreSQL's own.
#[derive(Debug, Clone, Copy, Default)]
struct Types {
    prefix: Option<Oid>,
    label: Option<Oid>,
}

impl Types {
    fn of(column: &IndexColumn) -> Self {
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

impl IndexShape<'_> {
    /// The prefix of an inner tuple, of which `bytes` are at least what it takes.
    pub fn spgist_prefix(&self, bytes: &[u8]) -> Key {
        self.inner(bytes, |types| types.prefix)
    }

    /// The label of a node, of which `bytes` are at least what it takes.
    pub fn spgist_label(&self, bytes: &[u8]) -> Key {
        self.inner(bytes, |types| types.label)
    }

    fn inner(&self, bytes: &[u8], of: fn(Types) -> Option<Oid>) -> Key {
        let typ = self.columns.first().and_then(|column| of(Types::of(column)));
        let found = typ.and_then(|typ| Some((typ, self.values.types.get(typ)?.storage)));
        let Some((typ, storage)) = found else { return Key::Hex(hex::encode(bytes)) };
        match parse_at(bytes, 0, "value", |input| storage.value(input)) {
            Ok(datum) => self.values.key(typ, &datum),
            Err(error) => Key::Damaged(error.to_string()),
        }
    }

    /// The values of a live leaf; `nulls` if it is in the tree of nulls, where only INCLUDE columns
    /// make a bitmap necessary.
    pub fn spgist_leaf(&self, leaf: &Leaf<'_>, nulls: bool) -> Vec<Key> {
        let mut keys = Vec::with_capacity(self.columns.len());
        let mut offset = 0_usize;
        for (number, column) in self.columns.iter().enumerate() {
            let null = !leaf.bitmap.is_empty() && is_null(leaf.bitmap, number);
            if null || (nulls && number == 0) {
                keys.push(Key::Null);
                continue;
            }
            let start = column.storage.start(leaf.data, offset);
            let rest = leaf.data.get(start..).unwrap_or_default();
            let read = parse_at(rest, start as u64, "value", |rest| {
                let (after, datum) = column.storage.value(rest)?;
                Ok((after, (datum, leaf.data.len() - after.len())))
            });
            match read {
                Ok((datum, end)) => {
                    keys.push(self.values.key(column.type_oid, &datum));
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
