//! Values in the tuples of records, which are those of pages before they are there.
use super::IndexShape;
use crate::format::index::hash::hash_value;
use crate::format::index::spgist::{Leaf, node_label};
use crate::format::parse_at;
use crate::format::wal::rmgr::AnyTuple;
use crate::report::key::Key;

impl IndexShape<'_> {
    /// The values of a tuple out of a record: `None` if the index is of another access method than
    /// the record, or the tuple holds none. Of several columns of GIN and BRIN they come with the
    /// number of the column. Records of GiST do not say whether a page is a leaf, which alone has
    /// INCLUDE columns, so that these are left out.
    pub fn logged(&self, tuple: &AnyTuple<'_>) -> Option<Vec<(Option<u16>, Vec<Key>)>> {
        let one = |keys: Vec<Key>| Some(vec![(None, keys)]);
        let several = self.columns.len() > 1;
        match (self.access_method.as_str(), tuple) {
            ("btree", AnyTuple::Btree(tuple)) => one(self.btree(tuple)),
            ("gist", AnyTuple::Gist(tuple)) => {
                one(self.first(tuple, self.keys, tuple.size().into()))
            }
            ("hash", AnyTuple::Hash(tuple)) => {
                let value = parse_at(tuple.bytes(), 0, "hash", hash_value);
                one(vec![value.map_or_else(
                    |error| Key::Damaged(error.to_string()),
                    |value| Key::Text(value.to_string()),
                )])
            }
            ("gin", AnyTuple::Gin(tuple)) => {
                let found = self.gin(tuple);
                let category = found.category.unwrap_or_default().to_owned();
                let key = found.key.unwrap_or(Key::Text(category));
                Some(vec![(found.attnum.filter(|_| several), vec![key])])
            }
            ("spgist", AnyTuple::SpgistLeaf { bytes, nulls }) => {
                match parse_at(bytes, 0, "SpGistLeafTupleData", Leaf::parse) {
                    Ok(leaf) => one(self.spgist_leaf(&leaf, *nulls)),
                    Err(error) => one(vec![Key::Damaged(error.to_string())]),
                }
            }
            ("spgist", AnyTuple::SpgistPrefix(prefix)) => one(vec![self.spgist_prefix(prefix)]),
            ("spgist", AnyTuple::SpgistNode(node)) => {
                one(vec![self.spgist_label(node_label(node)?)])
            }
            ("brin", AnyTuple::Brin(summary)) => {
                let of = |column: super::BrinColumn| {
                    let key = column.text().map_or(Key::Null, Key::Text);
                    (several.then_some(column.attnum), vec![key])
                };
                Some(self.brin(summary).into_iter().map(of).collect())
            }
            _ => None,
        }
    }
}
