//! GiST indexes, built by sorting where the operator classes can (`gist_indexsortbuild`,
//! access/gist/gistbuild.c), and else row after row.
use super::{Build, LINE_POINTER, Sum};
use crate::analysis::index::role::Role;
use crate::format::page::{LpFlags, Page};

/// `MAXALIGN(sizeof(GISTPageOpaqueData))`.
const OPAQUE: u64 = 16;
/// Percent of their room that pages are filled to if rows are inserted one by one: splits leave them
/// as the operator class and the order of rows want it. Least and most of what servers made of
/// indexes of many operator classes.
const FILLED: [u64; 2] = [40, 90];

/// The same of sorted rows: they fill pages, but from some major on what is on four of them is then
/// divided as by a split (`gist_indexsortbuild_levelstate_flush`).
const SORTED: [u64; 2] = [60, 100];

/// Items of a GiST index.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Items {
    leaf: Sum,
    inner: Sum,
}

impl Items {
    /// Takes a page of the tree.
    pub(super) fn page(&mut self, role: Role, page: &Page<'_>) {
        let sum = match role {
            Role::Leaf => &mut self.leaf,
            Role::Internal => &mut self.inner,
            _ => return,
        };
        for (_, item) in page.items().filter(|(_, item)| item.lp_flags() == LpFlags::Normal) {
            sum.add(u64::from(item.lp_len()).next_multiple_of(8) + LINE_POINTER);
        }
    }

    /// Adds others.
    pub(super) fn merge(&mut self, others: Self) {
        self.leaf.merge(others.leaf);
        self.inner.merge(others.inner);
    }

    /// Least and most pages.
    pub(super) fn pages(&self, build: &Build) -> [u64; 2] {
        let pivot = if self.inner.count > 0 { self.inner } else { self.leaf };
        let [sparse, dense] = if build.sorted { SORTED } else { FILLED };
        [dense, sparse].map(|filled| {
            let room = build.room(OPAQUE) * filled / 100;
            levels(self.leaf.pages_of(self.leaf.count, room), |below| pivot.pages_of(below, room))
        })
    }
}

/// Pages of all levels: `leaves`, and as many `above` each level as lead to it, up to the root.
fn levels(leaves: u64, above: impl Fn(u64) -> u64) -> u64 {
    let mut level = leaves.max(1);
    let mut pages = level;
    while level > 1 {
        level = above(level).clamp(1, level.div_ceil(2));
        pages += level;
    }
    pages
}
