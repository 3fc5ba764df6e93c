//! Keys of GIN: those of entries, and of rows that are still to be entered.
use super::IndexShape;
use crate::format::heap::Attr;
use crate::format::index::IndexTuple;
use crate::format::index::gin::{Category, column_and_category};
use crate::layout::catalog::Align;
use crate::report::key::Key;

/// How the number of the column is stored, in indexes on several.
const NUMBER: Attr = Attr { len: 2, align: Align::Short, by_val: true };

/// What a tuple of the tree of entries or of the pending list is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GinKey {
    /// The column, from 1.
    pub attnum: Option<u16>,
    /// What kind of key it is.
    pub category: Option<&'static str>,
    /// The key, if it is one, or why it cannot be read.
    pub key: Option<Key>,
}

impl IndexShape<'_> {
    /// What a tuple of the tree of entries or of the pending list is about.
    pub fn gin(&self, tuple: &IndexTuple<'_>) -> GinKey {
        let columns = self.columns.len();
        let no_room = || Key::Damaged("no room for a key".to_owned());
        let Some((number, category)) = column_and_category(tuple, columns) else {
            return GinKey { key: Some(no_room()), ..GinKey::default() };
        };
        let name = match category {
            Category::Key => "key",
            Category::NullKey => "null key",
            Category::EmptyItem => "empty item",
            Category::NullItem => "null item",
            Category::Unknown(_) => "unknown",
        };
        let column = usize::from(number).checked_sub(1).and_then(|at| self.columns.get(at));
        let key = column.filter(|_| category == Category::Key).map(|column| {
            let attrs = (columns > 1).then_some(NUMBER).into_iter().chain([column.storage]);
            match tuple.keys(attrs, tuple.size().into()).last() {
                Some(Ok(datum)) => self.values.key(column.type_oid, &datum),
                Some(Err(error)) => Key::Damaged(error.to_string()),
                None => no_room(),
            }
        });
        GinKey { attnum: Some(number), category: Some(name), key }
    }
}
