//! Index tuples in records, with their values.
use crate::report::key::{Key, list};
use serde::Serialize;
use std::fmt::Write as _;

/// Characters of a tuple's values that a line of text shows.
const MOST: usize = 80;

/// An index tuple that a record puts on a page. Only where the catalogs of the copy know the index
/// by the file that the record is about, and no full-page image stands for the tuple.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TupleRow {
    /// Which field of the record's data it is, or is in.
    pub field: &'static str,
    /// The column that the values are of, from 1: of GIN and BRIN on several columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attnum: Option<u16>,
    /// Its values, column by column, INCLUDE columns at the end; of a hash index the hash.
    pub keys: Vec<Key>,
}

/// Tuples as a line of text has them, such as `newitem (5, abc)`: of several in one field the first
/// and the last.
pub fn words<'t>(tuples: impl IntoIterator<Item = &'t TupleRow>) -> String {
    let tuples: Vec<_> = tuples.into_iter().collect();
    let mut text = String::new();
    for same in tuples.chunk_by(|one, next| one.field == next.field) {
        let (Some(first), Some(last)) = (same.first(), same.last()) else { continue };
        // Writing to a text never fails.
        let _ = write!(text, "{}{} ", if text.is_empty() { "" } else { "; " }, first.field);
        value(first, &mut text);
        match same.len() {
            1 => {}
            2 => {
                text.push(' ');
                value(last, &mut text);
            }
            count => {
                text.push_str(" … ");
                value(last, &mut text);
                let _ = write!(text, ", {count} of them");
            }
        }
    }
    text
}

fn value(tuple: &TupleRow, text: &mut String) {
    if let Some(attnum) = tuple.attnum {
        let _ = write!(text, "column {attnum} ");
    }
    text.push('(');
    let start = text.len();
    let _ = list(&tuple.keys, text);
    let end = text.get(start..).and_then(|shown| shown.char_indices().nth(MOST));
    if let Some((more, _)) = end {
        text.truncate(start + more);
        text.push('…');
    }
    text.push(')');
}

#[cfg(test)]
mod tests {
    use super::{Key, TupleRow, words};

    fn row(field: &'static str, attnum: Option<u16>, value: &str) -> TupleRow {
        TupleRow { field, attnum, keys: vec![Key::Text(value.to_owned()), Key::Null] }
    }

    #[test]
    fn long_lists_and_values_are_cut() {
        let (item, second) = (row("newitem", None, "a b"), row("tuples", Some(2), "c"));
        assert_eq!(
            words([&item, &second, &second]),
            "newitem (a b, NULL); tuples column 2 (c, NULL) column 2 (c, NULL)"
        );
        let page =
            [row("rightpage", None, "9"), row("rightpage", None, "5"), row("rightpage", None, "1")];
        assert_eq!(words(&page), "rightpage (9, NULL) … (1, NULL), 3 of them");
        let long = row("newitem", None, &"é".repeat(200));
        assert_eq!(words([&long]), format!("newitem ({}…)", "é".repeat(80)));
        assert_eq!(words([]), "");
    }
}
