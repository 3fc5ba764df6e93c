//! Line pointers of indexes, and that tuples are as long as these say (`PageIndexTupleDelete`,
//! storage/page/bufpage.c; `PageGetItemIdCareful`, contrib/amcheck/verify_nbtree.c).
use super::Judge;
use crate::finding::rules;
use crate::format::bytes::align;
use crate::format::index::IndexTuple;
use crate::format::page::{ItemId, LpFlags};
use crate::format::parse_at;
use crate::types::OffsetNumber;
use std::ops::Range;

/// `MAXIMUM_ALIGNOF`.
const MAX_ALIGN: usize = 8;

/// Which line pointers an access method has beside those of tuples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Also {
    /// None.
    Nothing,
    /// `LP_DEAD`, with its tuple: of rows that a search found dead.
    Dead,
    /// `LP_UNUSED`: numbers that others keep.
    Unused,
}

impl<'a> Judge<'a, '_> {
    /// Judges the line pointers; gives the bytes behind those that are sound.
    pub(super) fn items(&mut self, also: Also) -> Vec<(OffsetNumber, &'a [u8])> {
        let (area, page) = (self.page.tuple_area(), self.page);
        let mut sound = Vec::with_capacity(page.items().len());
        let mut storage: Vec<(Range<u32>, OffsetNumber)> = Vec::with_capacity(page.items().len());
        for (number, item) in page.items() {
            let range = item.storage();
            let bytes = page.slice(range.clone());
            let wrong = match item.lp_flags() {
                LpFlags::Unused if also == Also::Unused && range.is_empty() => continue,
                LpFlags::Dead if also != Also::Dead => Some("is dead".to_owned()),
                LpFlags::Unused => Some("is unused".to_owned()),
                LpFlags::Redirect => Some(format!("redirects to {}", item.lp_off())),
                LpFlags::Normal | LpFlags::Dead => misses(item, &range, &area),
            };
            match (wrong, bytes) {
                (None, Some(bytes)) => {
                    storage.push((range, number));
                    sound.push((number, bytes));
                }
                (wrong, _) => {
                    let evidence = wrong.unwrap_or_else(|| "leads out of the page".to_owned());
                    self.say(&rules::INDEX_LINE_POINTER, Some(number), evidence);
                }
            }
        }
        self.overlaps(storage);
        sound
    }

    fn overlaps(&mut self, mut storage: Vec<(Range<u32>, OffsetNumber)>) {
        storage.sort_by_key(|(range, number)| (range.start, *number));
        let mut before: Option<(Range<u32>, OffsetNumber)> = None;
        for (range, number) in storage {
            if let Some((other, one)) = &before
                && other.end > range.start
            {
                let evidence = format!(
                    "bytes {} to {} are also those of line pointer {one}, {} to {}",
                    range.start, range.end, other.start, other.end
                );
                self.say(&rules::INDEX_LINE_POINTER, Some(number), evidence);
            }
            if before.as_ref().is_none_or(|(other, _)| other.end < range.end) {
                before = Some((range, number));
            }
        }
    }

    /// The tuples behind sound line pointers, of those access methods that have index tuples: each
    /// fills what its line pointer says.
    pub(super) fn index_tuples(&mut self, also: Also) -> Vec<(OffsetNumber, IndexTuple<'a>)> {
        let mut tuples = Vec::new();
        for (number, bytes) in self.items(also) {
            match parse_at(bytes, 0, "IndexTupleData", IndexTuple::parse) {
                Err(error) => self.tuple(number, error.to_string()),
                Ok(tuple) => {
                    let (size, len) = (usize::from(tuple.size()), bytes.len());
                    if align(size, MAX_ALIGN) == align(len, MAX_ALIGN) {
                        tuples.push((number, tuple));
                    } else {
                        self.tuple(number, format!("its size is {size}, and lp_len {len}"));
                    }
                }
            }
        }
        tuples
    }
}

/// Why no tuple can be where a line pointer leads.
fn misses(item: ItemId, range: &Range<u32>, area: &Range<u32>) -> Option<String> {
    let (off, len) = (item.lp_off(), item.lp_len());
    if len == 0 {
        return Some("has no storage".to_owned());
    }
    if range.start < area.start || range.end > area.end {
        let Range { start, end } = area;
        return Some(format!("lp_off {off}, lp_len {len}: not within {start} to {end}"));
    }
    (usize::from(off) % MAX_ALIGN != 0).then(|| format!("lp_off {off} is no multiple of 8"))
}
