//! Pages of access methods that are not known, and pages that are not what they should be: no more
//! than any page has.
use super::{Fields, Pointer, table, text};
use crate::report::doc::{Cell, Table};
use serde::Serialize;

/// Line pointers, special space, bytes.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Other {
    /// The special space, in hexadecimal.
    pub special: String,
    /// What the array after the page header says, if it is one of line pointers.
    pub items: Vec<OtherItem>,
}

/// A line pointer and the bytes it leads to.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OtherItem {
    /// The line pointer.
    #[serde(flatten)]
    pub pointer: Pointer,
    /// The bytes, in hexadecimal; nothing if they leave the page.
    pub data: String,
}

impl Other {
    pub(super) fn fields(&self) -> Fields {
        vec![("special space", text(self.special.clone()))]
    }

    pub(super) fn table(&self) -> Table {
        let row = |item: &OtherItem| {
            let pointer = item.pointer;
            pointer.tone(vec![
                Cell::number(pointer.itemoffset),
                Cell::number(pointer.lp_off),
                text(pointer.lp_flags_name.trim_start_matches("LP_").to_lowercase()),
                Cell::number(pointer.lp_len),
                text(item.data.clone()),
            ])
        };
        let columns =
            [("itemoffset", 0), ("lp_off", 0), ("lp_flags", 0), ("lp_len", 0), ("data", 9)];
        table("items", &columns, self.items.iter().map(row).collect())
    }
}
