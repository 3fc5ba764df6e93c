//! Index tuples (access/itup.h), which most access methods have.
use super::claims::{Claims, Row, Words};
use super::{Column, Subject, page};
use crate::format::index::IndexTuple;
use crate::format::page::{ItemId, LpFlags};
use crate::report::page::Use;
use crate::types::OffsetNumber;
use std::fmt::Display;

/// Where index tuples are declared.
pub(super) const HEADER: &str = "access/itup.h";

/// An index tuple and its line pointer.
pub(super) struct Found<'a> {
    pub(super) number: OffsetNumber,
    pub(super) item: ItemId,
    pub(super) tuple: IndexTuple<'a>,
}

/// Gives each index tuple of the page to `each`; claims the line pointers, and the storage of what
/// is no index tuple.
pub(super) fn tuples<'a>(
    subject: &Subject<'a>,
    claims: &mut Claims,
    mut each: impl FnMut(&Found<'a>, &mut Claims),
) {
    page::pointers(subject.page, false, claims);
    for (number, item, bytes) in page::stored(subject.page) {
        match IndexTuple::parse(bytes) {
            Ok((_, tuple)) => each(&Found { number, item, tuple }, claims),
            Err(_) => page::unreadable(number, item, bytes, claims),
        }
    }
}

impl Found<'_> {
    /// Where it begins on the page.
    pub(super) fn at(&self) -> usize {
        self.item.lp_off().into()
    }

    /// Where it ends.
    pub(super) fn end(&self) -> usize {
        self.at() + self.tuple.bytes().len()
    }

    /// What is drawn for an entry of this use.
    pub(super) fn used(&self, of: Use) -> Use {
        let dead = self.item.lp_flags() == LpFlags::Dead;
        if dead && of == Use::Entry { Use::DeadEntry } else { of }
    }

    /// Begins to claim it: a tuple called `name`, and its header, whose t_tid is as given.
    pub(super) fn begin<'c>(
        &self,
        of: Use,
        name: &str,
        (tid, meaning): (impl Display, impl Into<Words>),
        claims: &'c mut Claims,
    ) -> Row<'c> {
        let (of, name) = (self.used(of), format!("tuple {}: {name}", self.number));
        let mut row = claims.numbered((of, self.number.0), name, HEADER, self.at());
        self.header((tid, meaning), &mut row);
        row
    }

    fn header(&self, (tid, meaning): (impl Display, impl Into<Words>), row: &mut Row<'_>) {
        header(&self.tuple, (tid, meaning), row);
    }

    /// Claims the values up to byte `end` of the tuple, of `columns`, and what aligns what follows.
    pub(super) fn keys(
        &self,
        columns: &[Column],
        end: usize,
        subject: &Subject<'_>,
        row: &mut Row<'_>,
    ) {
        let storage = columns.iter().map(|column| column.storage);
        let keys = self.tuple.placed_keys(storage, end);
        for ((number, column), key) in (1..).zip(columns).zip(keys) {
            let Ok((datum, place)) = key else { break };
            if !place.is_empty() {
                let value = column.text(&datum, subject);
                row.padding(self.at() + place.start);
                row.field(place.len(), column.name.clone(), value, column.meaning(number));
            }
        }
        let end = self.at() + end.min(self.tuple.bytes().len());
        if columns.is_empty() || end.saturating_sub(row.at) >= 8 {
            row.rest(end, "key", "Values of columns that are not known.");
        }
        row.padding(end);
    }
}

/// Claims t_tid, t_info and the null bitmap.
pub(super) fn header(
    tuple: &IndexTuple<'_>,
    (tid, meaning): (impl Display, impl Into<Words>),
    row: &mut Row<'_>,
) {
    let flags = [
        (tuple.has_nulls(), " INDEX_NULL_MASK"),
        (tuple.has_varwidths(), " INDEX_VAR_MASK"),
        (tuple.am_reserved(), " INDEX_AM_RESERVED_BIT"),
    ];
    let flags: String = flags.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect();
    row.field(6, "t_tid", tid, meaning);
    let info = format!("{:#06x}{flags}", tuple.t_info);
    row.field(2, "t_info", info, format!(
        "Size of the tuple, {} bytes, and whether there are nulls and values of variable length.",
        tuple.size()
    ));
    if tuple.has_nulls() {
        let bytes = tuple.bytes().get(8..12).unwrap_or_default();
        let bits = bytes.iter().map(|byte| format!("{:08b}", byte.reverse_bits()));
        row.field(
            4,
            "bits",
            bits.collect::<Vec<_>>().join(" "),
            "Null bitmap \
            (IndexAttributeBitMapData): 1 for each attribute that has a value, 0 for a null.",
        );
        row.padding(row.at + 4);
    }
}
