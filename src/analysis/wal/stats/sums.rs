//! Tallies by key, where a key that came lately comes again: records are about few relations and few
//! transactions at a time.
use crate::analysis::wal::counter::Seed;
use crate::report::wal::stats::Tally;
use std::collections::HashMap;
use std::hash::Hash;

/// Keys that are at hand; beyond those they are hashed.
const SLOTS: usize = 256;

/// A tally of each key. Its parts may lie in two places until they are asked for.
pub(super) struct Sums<K> {
    recent: Box<[(K, Tally); SLOTS]>,
    others: HashMap<K, Tally, Seed>,
}

impl<K: Copy + Eq + Hash + Default> Sums<K> {
    pub(super) fn new() -> Self {
        let recent = Box::new([(K::default(), Tally::default()); SLOTS]);
        Self { recent, others: HashMap::default() }
    }

    /// Adds to the tally of `key`; `number` is one that other keys hardly share.
    #[inline]
    pub(super) fn add(&mut self, key: K, number: u32, tally: Tally) {
        let slot = number as usize % SLOTS;
        if self.recent[slot].0 != key {
            self.change(slot, key);
        }
        self.recent[slot].1.add(tally);
    }

    /// Puts a slot's tally away, and begins one for `key`.
    fn change(&mut self, slot: usize, key: K) {
        let (known, tally) = std::mem::replace(&mut self.recent[slot], (key, Tally::default()));
        if tally != Tally::default() {
            self.others.entry(known).or_default().add(tally);
        }
    }

    /// Takes the tally of `key` out.
    pub(super) fn take(&mut self, key: K, number: u32) -> Tally {
        let (known, tally) = &mut self.recent[number as usize % SLOTS];
        let mut taken = if *known == key { std::mem::take(tally) } else { Tally::default() };
        if !self.others.is_empty()
            && let Some(other) = self.others.remove(&key)
        {
            taken.add(other);
        }
        taken
    }

    /// All that are left.
    pub(super) fn finish(mut self) -> HashMap<K, Tally, Seed> {
        for slot in 0..SLOTS {
            self.change(slot, K::default());
        }
        self.others
    }
}

#[cfg(test)]
mod tests {
    use super::Sums;
    use crate::report::wal::stats::Tally;

    #[test]
    fn keys_that_share_a_slot_are_told_apart() {
        let mut sums: Sums<u32> = Sums::new();
        let tally = |count| Tally { count, record_size: 2 * count, fpi_size: 0 };
        for key in [1_u32, 257, 1, 513, 257, 1, 2, 0] {
            sums.add(key, key, tally(1));
        }
        assert_eq!(sums.take(1, 1), tally(3));
        assert_eq!(sums.take(1, 1), tally(0));
        sums.add(1, 1, tally(1));
        let mut all: Vec<_> = sums.finish().into_iter().collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        assert_eq!(
            all,
            [(0, tally(1)), (1, tally(1)), (2, tally(1)), (257, tally(2)), (513, tally(1))]
        );
    }
}
