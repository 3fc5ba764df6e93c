//! Values by key.
use std::collections::HashMap;
use std::hash::Hash;

/// Where a key is looked for first.
const SLOTS: usize = 256;

/// One value of each key, in the order in which they were first seen. What was asked for lately is
/// found without hashing: most records are about few relations and few transactions.
pub(super) struct Counter<K, V> {
    pub(super) rows: Vec<(K, V)>,
    index: HashMap<K, usize>,
    recent: Box<[usize; SLOTS]>,
}

impl<K: Copy + Eq + Hash, V: Default> Counter<K, V> {
    pub(super) fn new() -> Self {
        Self { rows: Vec::new(), index: HashMap::new(), recent: Box::new([0; SLOTS]) }
    }

    /// The value of `key`; `number` is one that other keys hardly share.
    #[inline]
    pub(super) fn of(&mut self, key: K, number: u32) -> &mut V {
        let slot = number as usize % SLOTS;
        let mut at = self.recent[slot];
        if self.rows.get(at).is_none_or(|(known, _)| *known != key) {
            at = *self.index.entry(key).or_insert_with(|| {
                self.rows.push((key, V::default()));
                self.rows.len() - 1
            });
            self.recent[slot] = at;
        }
        &mut self.rows[at].1
    }
}

#[cfg(test)]
mod tests {
    use super::Counter;

    #[test]
    fn keys_that_share_a_slot_are_told_apart() {
        let mut counter: Counter<u32, u64> = Counter::new();
        for key in [1_u32, 257, 1, 513, 257, 1] {
            *counter.of(key, key) += 1;
        }
        assert_eq!(counter.rows, [(1, 3), (257, 2), (513, 1)]);
    }
}
