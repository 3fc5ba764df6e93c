//! Keys of GIN: those of entries, and of rows that are still to be entered.
use super::IndexShape;
use crate::format::ParseError;
use crate::format::heap::{Attr, Datum};
use crate::format::index::IndexTuple;
use crate::format::index::gin::{Category, column_and_category};
use crate::layout::catalog::Align;
use crate::report::key::Key;
use std::ops::Range;

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
            match self.gin_datum(tuple, number, tuple.size().into()) {
                Some(Ok((datum, _))) => self.values.key(column.type_oid, &datum),
                Some(Err(error)) => Key::Damaged(error.to_string()),
                None => no_room(),
            }
        });
        GinKey { attnum: Some(number), category: Some(name), key }
    }

    /// The key of a tuple that has one of column `number`, from 1, and ends at byte `end` of it; with
    /// where it lies, in bytes from the start of the tuple.
    pub fn gin_datum<'t>(
        &self,
        tuple: &IndexTuple<'t>,
        number: u16,
        end: usize,
    ) -> Option<Result<(Datum<'t>, Range<usize>), ParseError>> {
        let column = self.columns.get(usize::from(number).checked_sub(1)?)?;
        let several = (self.columns.len() > 1).then_some(NUMBER);
        tuple.placed_keys(several.into_iter().chain([column.storage]), end).last()
    }
}
