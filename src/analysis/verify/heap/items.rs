//! Line pointers: where they lead, and that no two lead to the same bytes.
use super::{Found, Known, Scratch, State, slot_mut};
use crate::finding::{Finding, Place, Rule, rules};
use crate::format::heap::{HeapTuple, MIN_TUPLE_SIZE};
use crate::format::page::{ItemId, LpFlags, Page};
use crate::types::OffsetNumber;

/// Judges every line pointer and fills the slots with what is behind the sound ones.
pub(super) fn judge<X>(
    page: &Page<'_>,
    known: &Known<'_, X>,
    scratch: &mut Scratch,
    found: &mut Found<'_>,
) {
    scratch.reset(page.item_count());
    if usize::from(page.header().pd_special) != page.bytes().len() {
        let evidence = format!("pd_special is {}", page.header().pd_special);
        found(None, Finding::new(&rules::HEAP_SPECIAL_SPACE, Place::default(), evidence));
    }
    for (number, item) in page.items() {
        let mut push = |finding| found(Some(number), finding);
        match item.lp_flags() {
            LpFlags::Unused => {}
            LpFlags::Redirect => redirect(page, number, item, scratch, &mut push),
            LpFlags::Dead if item.lp_len() == 0 => {}
            LpFlags::Dead | LpFlags::Normal => {
                storage(page, (number, item), known, scratch, &mut push);
            }
        }
    }
    overlaps(&mut scratch.storage, found);
}

fn finding(rule: &'static Rule, evidence: impl Into<String>) -> Finding {
    Finding::new(rule, Place::default(), evidence)
}

fn redirect(
    page: &Page<'_>,
    number: OffsetNumber,
    item: ItemId,
    scratch: &mut Scratch,
    push: &mut dyn FnMut(Finding),
) {
    let (to, max) = (item.lp_off(), page.item_count());
    let says = match page.item(OffsetNumber(to)).map(ItemId::lp_flags) {
        None if to < 1 => {
            format!("line pointer redirection to item at offset {to} precedes minimum offset 1")
        }
        None => {
            format!("line pointer redirection to item at offset {to} exceeds maximum offset {max}")
        }
        Some(LpFlags::Unused) => {
            format!("redirected line pointer points to an unused item at offset {to}")
        }
        Some(LpFlags::Dead) => {
            format!("redirected line pointer points to a dead item at offset {to}")
        }
        Some(LpFlags::Redirect) => format!(
            "redirected line pointer points to another redirected line pointer at offset {to}"
        ),
        Some(LpFlags::Normal) => {
            if let Some(slot) = slot_mut(&mut scratch.slots, number.0) {
                slot.state = State::Redirect;
                slot.successor = to;
            }
            return;
        }
    };
    let itself = if to == number.0 { ", itself" } else { "" };
    let evidence = format!("redirects to line pointer {to}{itself}, of {max}");
    push(finding(&rules::REDIRECT_TARGET, evidence).says(says));
}

fn storage<X>(
    page: &Page<'_>,
    (number, item): (OffsetNumber, ItemId),
    known: &Known<'_, X>,
    scratch: &mut Scratch,
    push: &mut dyn FnMut(Finding),
) {
    let (off, len) = (item.lp_off(), item.lp_len());
    let (range, area, end) = (item.storage(), page.tuple_area(), page.bytes().len());
    let evidence = format!("lp_off {off}, lp_len {len}, tuples lie in {area:?}");
    if !off.is_multiple_of(8) {
        let says = format!("line pointer to page offset {off} is not maximally aligned");
        return push(finding(&rules::LINE_POINTER_ALIGNMENT, evidence).says(says));
    }
    if len < MIN_TUPLE_SIZE {
        let says = format!(
            "line pointer length {len} is less than the minimum tuple header size {MIN_TUPLE_SIZE}"
        );
        return push(finding(&rules::LINE_POINTER_LENGTH, evidence).says(says));
    }
    if range.end as usize > end {
        let says = format!(
            "line pointer to page offset {off} with length {len} ends beyond maximum page offset {end}"
        );
        return push(finding(&rules::LINE_POINTER_RANGE, evidence).says(says));
    }
    if range.start < area.start || range.end > area.end {
        // amcheck has no rule for this; compactify_tuples and pruning do.
        let says = format!("corrupted line pointer: {off}");
        return push(finding(&rules::LINE_POINTER_RANGE, evidence).says(says));
    }
    scratch.storage.push((range.start, range.end, number.0));
    let Some(tuple) = HeapTuple::behind(item, page) else { return };
    let slot = slot_mut(&mut scratch.slots, number.0);
    let (Some(slot), LpFlags::Normal) = (slot, item.lp_flags()) else { return };
    slot.state = State::Tuple(tuple.header);
    slot.len = len;
    let next = tuple.header.t_ctid;
    let other = next.offset.0 != number.0 && (1..=page.item_count()).contains(&next.offset.0);
    if next.block == known.block && other {
        slot.successor = next.offset.0;
    }
}

/// Reports each line pointer whose bytes begin before those of another have ended.
fn overlaps(storage: &mut [(u32, u32, u16)], found: &mut Found<'_>) {
    storage.sort_unstable();
    let mut reach: Option<(u32, u32, u16)> = None;
    for &(start, end, number) in storage.iter() {
        if let Some((from, to, other)) = reach.filter(|(_, to, _)| start < *to) {
            let evidence =
                format!("bytes {start}..{end} overlap bytes {from}..{to} of line pointer {other}");
            found(Some(OffsetNumber(number)), finding(&rules::LINE_POINTER_OVERLAP, evidence));
        }
        if reach.is_none_or(|(_, to, _)| to < end) {
            reach = Some((start, end, number));
        }
    }
}
