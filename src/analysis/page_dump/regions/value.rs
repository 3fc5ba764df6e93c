//! Values of columns as text.
use super::Subject;
use crate::cluster::Values;
use crate::format::datum::out::writer;
use crate::format::heap::{Attr, Datum};
use crate::format::toast::Varlena;
use crate::types::Oid;

/// Characters of a value, at most: some take a page, and compressed ones many.
const LONGEST: usize = 200;
/// Compressed values that are larger are not decompressed.
const LARGEST: u32 = 1 << 16;

/// The columns of a relation, and what writes their values.
#[derive(Debug)]
pub struct Columns<'a> {
    /// In order, dropped ones included.
    pub columns: Vec<Column>,
    /// Of the relation's database.
    pub values: Values<'a>,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// `attname`.
    pub name: String,
    /// How its values are stored.
    pub storage: Attr,
    /// Its type.
    pub type_oid: Oid,
    /// The name of its type; empty of a dropped column.
    pub type_name: String,
}

impl Column {
    /// What the value of the column of this number, from 1, is.
    pub(super) fn meaning(&self, number: usize) -> String {
        match self.type_name.as_str() {
            "" => format!("Column {number}, which was dropped."),
            name => format!("Column {number} of type {name}."),
        }
    }

    /// The value as its type's output function writes it; hexadecimal where that is not known.
    pub(super) fn text(&self, datum: &Datum<'_>, subject: &Subject<'_>) -> String {
        match datum.varlena() {
            Some(Varlena::External(pointer)) => format!(
                "in TOAST table {}, value {}: {} of {} bytes",
                pointer.va_toastrelid,
                pointer.va_valueid,
                pointer.extsize(),
                pointer.va_rawsize.saturating_sub(4)
            ),
            Some(Varlena::Compressed { method, raw_size, data }) => {
                let how = format!("{} of {raw_size} bytes by {method}", data.len());
                if raw_size > LARGEST {
                    return format!("compressed: {how}");
                }
                format!("{} (compressed: {how})", self.shown(datum, subject))
            }
            _ => self.shown(datum, subject),
        }
    }

    fn shown(&self, datum: &Datum<'_>, subject: &Subject<'_>) -> String {
        let text = match (subject.values, datum) {
            (Some(values), _) => values.key(self.type_oid, datum).to_string(),
            // Only those of sequences are known without catalogs.
            (None, Datum::Fixed(bytes)) => {
                let mut text = String::new();
                let out = writer(self.type_oid);
                out.and_then(|out| out.write(bytes, subject.layout, &mut text)).unwrap_or_default();
                text
            }
            (None, _) => String::new(),
        };
        cut(text)
    }
}

/// A value, no longer than values are shown.
pub(super) fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
