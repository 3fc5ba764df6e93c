//! Tallies by key.
use crate::report::wal::stats::Tally;
use std::collections::HashMap;
use std::hash::Hash;

/// Where a key is looked for first.
const SLOTS: usize = 256;

/// How much of each key there is, in the order in which they were first seen. What was asked for
/// lately is found without hashing: most records are about few relations and few transactions.
pub(super) struct Counter<K> {
    pub(super) rows: Vec<(K, Tally)>,
    index: HashMap<K, usize>,
    recent: Box<[usize; SLOTS]>,
}

impl<K: Copy + Eq + Hash> Counter<K> {
    pub(super) fn new() -> Self {
        Self { rows: Vec::new(), index: HashMap::new(), recent: Box::new([0; SLOTS]) }
    }

    /// The tally of `key`; `number` is one that other keys hardly share.
    #[inline]
    pub(super) fn of(&mut self, key: K, number: u32) -> &mut Tally {
        let slot = number as usize % SLOTS;
        let mut at = self.recent[slot];
        if self.rows.get(at).is_none_or(|(known, _)| *known != key) {
            at = *self.index.entry(key).or_insert_with(|| {
                self.rows.push((key, Tally::default()));
                self.rows.len() - 1
            });
            self.recent[slot] = at;
        }
        &mut self.rows[at].1
    }
}

#[cfg(test)]
mod tests {
    use super::{Counter, Tally};

    #[test]
    fn keys_that_share_a_slot_are_told_apart() {
        let mut counter = Counter::new();
        let one = Tally { count: 1, record_size: 10, fpi_size: 0 };
        for key in [1_u32, 257, 1, 513, 257, 1] {
            counter.of(key, key).add(one);
        }
        let counts: Vec<_> = counter.rows.iter().map(|(key, tally)| (*key, tally.count)).collect();
        assert_eq!(counts, [(1, 3), (257, 2), (513, 1)]);
    }
}
