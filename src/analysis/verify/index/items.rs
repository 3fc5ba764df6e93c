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

/// The tuples of a page by where they lie: a bit for each 8 bytes, as tuples begin at multiples of
/// those.
struct Taken([u64; Self::WORDS]);

impl Taken {
    /// For the largest pages, of 32 kB.
    const WORDS: usize = 32768 / MAX_ALIGN / 64;

    /// Marks what a tuple takes; gives whether none of it was taken before.
    fn take(&mut self, range: &Range<u32>) -> bool {
        let (mut at, end) = (range.start as usize / MAX_ALIGN, range.end as usize);
        let mut free = true;
        while at * MAX_ALIGN < end {
            let Some(word) = self.0.get_mut(at / 64) else { break };
            free &= *word >> (at % 64) & 1 == 0;
            *word |= 1 << (at % 64);
            at += 1;
        }
        free
    }
}

impl<'a> Judge<'a, '_> {
    /// Judges the line pointers; shows `each` the bytes behind those that are sound.
    pub(super) fn items(
        &mut self,
        also: Also,
        mut each: impl FnMut(&mut Self, OffsetNumber, &'a [u8]),
    ) {
        let (area, page) = (self.page.tuple_area(), self.page);
        let mut taken = Taken([0; Taken::WORDS]);
        for (number, item) in page.items() {
            let range = item.storage();
            let wrong = match item.lp_flags() {
                LpFlags::Unused if also == Also::Unused && range.is_empty() => continue,
                LpFlags::Dead if also != Also::Dead => Some("is dead".to_owned()),
                LpFlags::Unused => Some("is unused".to_owned()),
                LpFlags::Redirect => Some(format!("redirects to {}", item.lp_off())),
                LpFlags::Normal | LpFlags::Dead => misses(item, &range, &area),
            };
            match (wrong, page.slice(range.clone())) {
                (None, Some(bytes)) => {
                    if !taken.take(&range) {
                        self.overlap(number, &range);
                    }
                    each(self, number, bytes);
                }
                (wrong, _) => {
                    let evidence = wrong.unwrap_or_else(|| "leads out of the page".to_owned());
                    self.say(&rules::INDEX_LINE_POINTER, Some(number), evidence);
                }
            }
        }
    }

    /// Says which line pointer before `number` leads to the same bytes.
    #[cold]
    fn overlap(&mut self, number: OffsetNumber, range: &Range<u32>) {
        let area = self.page.tuple_area();
        let mut before = self.page.items().take_while(|(other, _)| *other < number);
        let shares = |item: ItemId| {
            let other = item.storage();
            let ends = align(other.end as usize, MAX_ALIGN);
            misses(item, &other, &area).is_none()
                && other.start < range.end
                && ends > range.start as usize
        };
        let other = before.find(|(_, item)| shares(*item));
        if let Some((one, item)) = other {
            let (Range { start, end }, other) = (range, item.storage());
            let evidence = format!(
                "bytes {start} to {end} are also those of line pointer {one}, {} to {}",
                other.start, other.end
            );
            self.say(&rules::INDEX_LINE_POINTER, Some(number), evidence);
        }
    }

    /// Shows `each` the tuples behind sound line pointers, of those access methods that have index
    /// tuples: each fills what its line pointer says.
    pub(super) fn index_tuples(
        &mut self,
        also: Also,
        mut each: impl FnMut(&mut Self, OffsetNumber, &IndexTuple<'a>),
    ) {
        self.items(also, |judge, number, bytes| {
            match parse_at(bytes, 0, "IndexTupleData", IndexTuple::parse) {
                Err(error) => judge.tuple(number, error.to_string()),
                Ok(tuple) if usize::from(tuple.size()) == bytes.len() => {
                    each(judge, number, &tuple);
                }
                Ok(tuple) => {
                    let (size, len) = (tuple.size(), bytes.len());
                    judge.tuple(number, format!("its size is {size}, and lp_len {len}"));
                }
            }
        });
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
