//! The values in the tuples of an index, by the columns that the catalogs give it, one file for each
//! access method whose tuples hold more than the values of their columns.
mod brin;
mod gin;
mod logged;
mod spgist;

pub use brin::{BrinColumn, BrinValue};
pub use gin::GinKey;

use super::values::Values;
use crate::format::heap::Attr;
use crate::format::index::IndexTuple;
use crate::format::index::btree::Points;
use crate::report::key::Key;
use crate::types::Oid;
use std::sync::Arc;

/// Bytes of an index tuple that has no attributes.
const BARE: u16 = 8;

/// What the tuples of one index hold. [`super::Cluster::index_shape`] gives it.
#[derive(Debug, Clone)]
pub struct IndexShape<'a> {
    /// The access method's name.
    pub access_method: String,
    /// Its columns, those of INCLUDE at the end.
    pub columns: Vec<IndexColumn>,
    /// How many of them are no INCLUDE columns.
    pub keys: usize,
    /// What writes values.
    pub values: Arc<Values<'a>>,
}

/// A column of an index. Its type is that of what is stored, which the operator class may have
/// made of the table's column: a bounding box of a point, one word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexColumn {
    /// Its name; of an expression, what the server made up.
    pub name: String,
    /// Its type; 0 where the operator class stores something else than it says.
    pub type_oid: Oid,
    /// Its type as format_type() names it.
    pub type_name: String,
    /// How values are stored.
    pub storage: Attr,
    /// Its operator class; none of an INCLUDE column.
    pub opclass: Option<String>,
    /// The first support function of that class; 0 if there is none. For some access methods it
    /// says what is stored.
    pub support: Oid,
}

impl IndexShape<'_> {
    /// The values of the first `count` columns of a tuple, at most, whose values end at byte `end`
    /// of it. One that cannot be read is the last.
    pub fn first(&self, tuple: &IndexTuple<'_>, count: usize, end: usize) -> Vec<Key> {
        let columns = self.columns.iter().take(count);
        let data = tuple.keys(columns.clone().map(|column| column.storage), end);
        let key = |(column, datum): (&IndexColumn, Result<_, _>)| match datum {
            Ok(datum) => self.values.key(column.type_oid, &datum),
            Err(error) => Key::Damaged(crate::format::ParseError::to_string(&error)),
        };
        columns.zip(data).map(key).collect()
    }

    /// The values of a tuple of a B-tree: of a posting list those that all its rows have, of a
    /// pivot those that were not truncated.
    pub fn btree(&self, tuple: &IndexTuple<'_>) -> Vec<Key> {
        let all = self.columns.len();
        match Points::of(tuple) {
            // The first tuple on an inner page of an old index, lower than everything.
            Some(Points::One(_)) if tuple.size() == BARE => Vec::new(),
            Some(points @ Points::Pivot { natts, .. }) => {
                self.first(tuple, usize::from(natts).min(all), points.data_end(tuple))
            }
            Some(points) => self.first(tuple, all, points.data_end(tuple)),
            None => Vec::new(),
        }
    }
}
