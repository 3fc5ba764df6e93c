//! Free space maps (fsm_page_contents) and visibility maps.
use super::{Fields, table, text, yes};
use crate::report::doc::{Cell, Table};
use serde::Serialize;
use std::collections::BTreeSet;

/// A page of a free space map.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FreeSpace {
    /// 0 for the lowest level, whose slots are blocks of the relation; above it slots are pages of
    /// the map.
    pub level: u32,
    /// The page's number on its level.
    pub logical_page: u32,
    /// The slot that is handed out next.
    pub fp_next_slot: i32,
    /// Every node of the tree that is not 0, as number and value; the root is 0.
    pub nodes: Vec<(u32, u8)>,
    /// The slots that are not 0.
    pub slots: Vec<Slot>,
}

/// A slot.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Slot {
    /// Its number on the page.
    pub slot: u32,
    /// What it is about: a block of the relation, or of the map.
    pub block: u32,
    /// Its value.
    pub category: u8,
    /// Free bytes that this stands for, at least.
    pub avail: u32,
}

/// A page of a visibility map. Blocks as ranges, both ends included.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Visibility {
    /// The first heap block that the page is about.
    pub first_block: u32,
    /// Heap blocks that the page has bits for.
    pub blocks: u32,
    /// All-visible blocks.
    pub all_visible: Vec<(u32, u32)>,
    /// All-frozen blocks.
    pub all_frozen: Vec<(u32, u32)>,
}

impl FreeSpace {
    pub(super) fn fields(&self) -> Fields {
        let root = self.nodes.first().filter(|node| node.0 == 0).map_or(0, |node| node.1);
        vec![
            ("level", Cell::number(self.level)),
            ("logical page", Cell::number(self.logical_page)),
            ("fp_next_slot", Cell::number(self.fp_next_slot)),
            ("root", Cell::number(root)),
        ]
    }

    pub(super) fn table(&self) -> Table {
        let row = |slot: &Slot| {
            vec![
                Cell::number(slot.slot),
                Cell::number(slot.block),
                Cell::number(slot.category),
                Cell::count(slot.avail),
            ]
        };
        let columns = [("slot", 0), ("block", 0), ("category", 0), ("avail", 0)];
        table("slots", &columns, self.slots.iter().map(row).collect())
    }
}

impl Visibility {
    pub(super) fn fields(&self) -> Fields {
        let ranges = |ranges: &[(u32, u32)]| {
            let one = |(from, to): &(u32, u32)| {
                if from == to { from.to_string() } else { format!("{from}-{to}") }
            };
            let listed: Vec<_> = ranges.iter().map(one).collect();
            text(if listed.is_empty() { "none".to_owned() } else { listed.join(" ") })
        };
        let last = self.first_block.saturating_add(self.blocks.saturating_sub(1));
        vec![
            ("heap blocks", text(format!("{}-{last}", self.first_block))),
            ("all_visible", ranges(&self.all_visible)),
            ("all_frozen", ranges(&self.all_frozen)),
        ]
    }

    /// The blocks that have a bit.
    pub(super) fn table(&self) -> Table {
        let all = |ranges: &[(u32, u32)]| -> BTreeSet<u32> {
            ranges.iter().flat_map(|(from, to)| *from..=*to).collect()
        };
        let (visible, frozen) = (all(&self.all_visible), all(&self.all_frozen));
        let row = |block: &u32| {
            vec![Cell::number(*block), yes(visible.contains(block)), yes(frozen.contains(block))]
        };
        let columns = [("block", 0), ("all_visible", 0), ("all_frozen", 0)];
        table("blocks", &columns, visible.union(&frozen).map(row).collect())
    }
}
