//! Hash indexes as `hashbuild` fills their buckets.
mod counters;
mod guess;
mod layout;

use super::Build;
use crate::analysis::index::rows::tuples;
use crate::format::index::hash::hash_value;
use crate::format::page::{LpFlags, Page};
use counters::Counters;
use layout::Layout;

/// Items of a hash index.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Items {
    count: u64,
    /// None before the first item.
    counters: Option<Counters>,
}

impl Items {
    /// Takes a page of a bucket.
    pub(super) fn page(&mut self, page: &Page<'_>) {
        for (_, item, tuple) in tuples(page) {
            if item.lp_flags() != LpFlags::Dead
                && let Ok((_, hash)) = hash_value(tuple.bytes())
            {
                self.add(hash);
            }
        }
    }

    fn add(&mut self, hash: u32) {
        self.count += 1;
        self.counters.get_or_insert_with(Counters::new).add(hash);
    }

    /// Adds others.
    pub(super) fn merge(&mut self, others: Self) {
        self.count += others.count;
        match (&mut self.counters, others.counters) {
            (Some(mine), Some(theirs)) => mine.merge(&theirs),
            (mine @ None, theirs) => *mine = theirs,
            (Some(_), None) => {}
        }
    }

    /// Pages of the index built anew, of a table that the server takes to have `table_rows`. With so
    /// many `rows` of those that items lead to, or with all.
    pub(super) fn pages(&self, build: &Build, table_rows: u64, rows: Option<u64>) -> u64 {
        let rows = rows.map_or(self.count, |rows| rows.min(self.count));
        let layout = Layout::new(build, table_rows);
        let none = || (layout.buckets(0), 0);
        let counters = self.counters.as_ref();
        let (buckets, overflow) =
            counters.map_or_else(none, |counters| counters.built(&layout, self.count, rows));
        layout.pages(buckets, overflow)
    }
}

#[cfg(test)]
mod tests;
