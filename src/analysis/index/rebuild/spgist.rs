//! SP-GiST indexes, which are built row after row (`spgbuild`, access/spgist/spginsert.c).
use super::{Build, LINE_POINTER, Sum, by_insertion};
use crate::analysis::index::role::Role;
use crate::format::index::spgist::State;
use crate::format::page::Page;

/// `MAXALIGN(sizeof(SpGistPageOpaqueData))`.
const OPAQUE: u64 = 8;
/// The metapage and the roots of values and of nulls (`SPGIST_LAST_FIXED_BLKNO`).
const FIXED: u64 = 3;
/// Percent of the room of pages that live tuples take: what is moved leaves placeholders, the more
/// the less the rows are in a random order. Least and most of what servers made of indexes of many
/// operator classes.
const FILLED: [u64; 2] = [30, 95];

/// Tuples of an SP-GiST index, of leaves and inner ones.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Tuples(Sum);

impl Tuples {
    /// Takes a page of the tree.
    pub(super) fn page(&mut self, role: Role, page: &Page<'_>) {
        let of_a_tree =
            [Role::Leaf, Role::LeafNulls, Role::Internal, Role::InternalNulls].contains(&role);
        for (_, item) in page.items().filter(|_| of_a_tree) {
            let state = page.slice(item.storage()).and_then(|bytes| State::of(bytes).ok());
            if let Some((_, State::Live)) = state {
                self.0.add(u64::from(item.lp_len()).next_multiple_of(8) + LINE_POINTER);
            }
        }
    }

    /// Adds others.
    pub(super) fn merge(&mut self, others: Self) {
        self.0.merge(others.0);
    }

    /// Least and most pages.
    pub(super) fn pages(&self, build: &Build) -> [u64; 2] {
        let room = build.room(OPAQUE);
        let [sparse, dense] = FILLED;
        [dense, sparse].map(|filled| match self.0.bytes {
            // The root is a leaf.
            bytes if bytes <= room => FIXED,
            bytes => FIXED + by_insertion(bytes, room * filled / 100),
        })
    }
}
