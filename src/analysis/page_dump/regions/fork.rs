//! Pages of the free space map and the visibility map: their bytes, and the blocks they are about.
use super::Subject;
use super::claims::Claims;
use crate::format::fork::fsm::{self, FsmPage};
use crate::format::fork::vm::{VmBits, VmPage, blocks_per_page};
use crate::format::page::HEADER_SIZE;
use crate::report::page::{Diagram, Drawn, Unit, Use};

const FSM: &str = "storage/fsm_internals.h";
const VM: &str = "access/visibilitymapdefs.h";

/// The free space map's tree.
pub(super) fn slots(subject: &Subject<'_>, claims: &mut Claims) {
    let Some(map) = FsmPage::of(subject.page.bytes()) else { return };
    let size = block_size(subject);
    let first_slot = FsmPage::first_slot(size);
    let (level, first) = FsmPage::place(subject.block, size);
    let mut row = claims.part(Use::Map, "free space map (FSMPageData)", FSM, HEADER_SIZE);
    row.field(
        4,
        "fp_next_slot",
        map.fp_next_slot,
        "The slot where the next search begins, so \
        that backends get different blocks.",
    );
    let (inner, slots) = map.fp_nodes.split_at(first_slot.min(map.fp_nodes.len()));
    row.array(1, "fp_nodes", inner, |_, _, node| {
        (node.to_string(), "Inner node of the tree: the larger of its two children.".into())
    });
    let at = row.at;
    let mut row = claims.part(Use::Map, "free space map: slots", FSM, at);
    let of = if level == 0 { "Block" } else { "Pages of the map on the level below," };
    row.array(1, "slot", slots, |from, to, category| {
        let range = (first.saturating_add(from as u64), first.saturating_add(to as u64));
        let which = if range.0 == range.1 {
            format!("{of} {}", range.0)
        } else {
            format!("{of}s {} to {}", range.0, range.1).replace(",s", ",")
        };
        let meaning = match **category {
            0 => format!("{which}: no free space, or not there."),
            category => format!("{which}: {} bytes free or more.", fsm::avail(category, size)),
        };
        (category.to_string(), meaning.into())
    });
}

/// The visibility map, byte by byte.
pub(super) fn bits(subject: &Subject<'_>, claims: &mut Claims) {
    let first = first_block(subject);
    let map = subject.page.bytes().get(HEADER_SIZE..).unwrap_or_default();
    let mut row = claims.part(Use::Map, "visibility map", VM, HEADER_SIZE);
    row.array(1, "map", map, |from, to, byte| {
        let (from, to) = (first + from as u64 * 4, first + to as u64 * 4 + 3);
        let what = match byte {
            0 => "none all-visible".to_owned(),
            0x55 => "all of them all-visible".to_owned(),
            0xff => "all of them all-visible and all-frozen".to_owned(),
            byte => format!("{byte:08b}, from the right for each block all-visible, all-frozen"),
        };
        let meaning = format!("Blocks {from} to {to} of the table: {what}.");
        (format!("{byte:#04x}"), meaning.into())
    });
}

/// The blocks of the table that a page of the visibility map is about.
pub(super) fn visibility(subject: &Subject<'_>) -> Diagram {
    let of = |bits: VmBits| match bits {
        VmBits { all_frozen: true, .. } => Use::AllFrozen,
        VmBits { all_visible: true, .. } => Use::AllVisible,
        _ => Use::NotVisible,
    };
    drawn(
        (Unit::Blocks, first_block(subject)),
        VmPage::new(subject.page.bytes()).iter().map(of),
        Use::NotVisible,
    )
}

/// The slots of a page of the free space map.
pub(super) fn free_space(subject: &Subject<'_>) -> Diagram {
    let of = |category: &u8| match category {
        0 => Use::Full,
        1..64 => Use::QuarterFree,
        64..128 => Use::HalfFree,
        128..192 => Use::MostlyFree,
        192.. => Use::Free,
    };
    let map = FsmPage::of(subject.page.bytes());
    let slots = map.map(|map| map.slots(block_size(subject))).unwrap_or_default();
    let (level, first) = FsmPage::place(subject.block, block_size(subject));
    let unit = if level == 0 { Unit::Blocks } else { Unit::Pages };
    drawn((unit, first), slots.iter().map(of), Use::Full)
}

/// Runs of blocks of one kind, without the last if it is `nothing`: the map ends past the table.
fn drawn((unit, first): (Unit, u64), blocks: impl Iterator<Item = Use>, nothing: Use) -> Diagram {
    let start = u32::try_from(first).unwrap_or(u32::MAX);
    let mut parts: Vec<Drawn> = Vec::new();
    for (at, of) in (start..=u32::MAX).zip(blocks) {
        match parts.last_mut().filter(|last| last.of == of) {
            Some(last) => last.len += 1,
            None => parts.push(Drawn { at, len: 1, of, number: None }),
        }
    }
    if parts.last().is_some_and(|last| last.of == nothing) && parts.len() > 1 {
        parts.pop();
    }
    let len = parts.iter().map(|part| part.len).sum();
    Diagram { unit, start, len, parts, chains: Vec::new() }
}

fn block_size(subject: &Subject<'_>) -> u32 {
    u32::try_from(subject.page.bytes().len()).unwrap_or(u32::MAX)
}

fn first_block(subject: &Subject<'_>) -> u64 {
    u64::from(subject.block.0) * u64::from(blocks_per_page(block_size(subject)))
}
