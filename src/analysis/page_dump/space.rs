//! Every byte of a heap page, accounted for.
use crate::format::page::{HEADER_SIZE, Page};
use crate::report::page::{Item, Space, TupleFate};
use std::ops::Range;

/// What a byte is used for. Where a damaged page uses a byte twice, the first use in the order of
/// the page's parts counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    None,
    Header,
    LinePointers,
    Live,
    Dead,
    Padding,
    Hole,
    Special,
}

/// Adds up what the bytes of `page` are used for; `items` are its line pointers.
pub(super) fn of(page: &Page<'_>, items: &[Item]) -> Space {
    let len = page.bytes().len();
    let mut map = vec![Use::None; len];
    let header = page.header();
    let pointers_end = HEADER_SIZE + items.len() * 4;
    let (lower, upper) = (usize::from(header.pd_lower), usize::from(header.pd_upper));
    mark(&mut map, 0..HEADER_SIZE, Use::Header);
    mark(&mut map, HEADER_SIZE..pointers_end, Use::LinePointers);
    let storage = |item: &Item| {
        let start = usize::from(item.lp_off);
        start..start + usize::from(item.lp_len)
    };
    let stored = || items.iter().filter(|item| item.lp_len > 0 && item.lp_flags != 2);
    for item in stored() {
        let dead = match &item.tuple {
            Some(tuple) => matches!(tuple.fate, TupleFate::Dead | TupleFate::Deleted),
            None => false,
        };
        let used = if dead || item.lp_flags == 3 { Use::Dead } else { Use::Live };
        mark(&mut map, storage(item), used);
    }
    for item in stored() {
        let end = storage(item).end;
        mark(&mut map, end..end.next_multiple_of(8), Use::Padding);
    }
    mark(&mut map, usize::from(header.pd_special)..len, Use::Special);
    mark(&mut map, lower.max(pointers_end)..upper, Use::Hole);
    tally(&map)
}

fn mark(map: &mut [Use], range: Range<usize>, to: Use) {
    let end = range.end.min(map.len());
    let bytes = map.get_mut(range.start.min(end)..end).unwrap_or_default();
    bytes.iter_mut().filter(|byte| **byte == Use::None).for_each(|byte| *byte = to);
}

fn tally(map: &[Use]) -> Space {
    let count =
        |of: Use| u32::try_from(map.iter().filter(|byte| **byte == of).count()).unwrap_or(u32::MAX);
    Space {
        header: count(Use::Header),
        line_pointers: count(Use::LinePointers),
        live: count(Use::Live),
        dead: count(Use::Dead),
        padding: count(Use::Padding),
        hole: count(Use::Hole),
        unclaimed: count(Use::None),
        special: count(Use::Special),
    }
}
