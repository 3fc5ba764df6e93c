//! Values by key.
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

/// Where a key is looked for first.
const SLOTS: usize = 256;

/// One value of each key, in the order in which they were first seen. What was asked for lately is
/// found without hashing: most records are about few relations and few transactions.
pub(super) struct Counter<K, V> {
    pub(super) rows: Vec<(K, V)>,
    index: HashMap<K, usize, Seed>,
    recent: Box<[usize; SLOTS]>,
}

impl<K: Copy + Eq + Hash, V: Default> Counter<K, V> {
    pub(super) fn new() -> Self {
        let index = HashMap::with_hasher(Seed::new());
        Self { rows: Vec::new(), index, recent: Box::new([0; SLOTS]) }
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

/// Hashes keys of a few small numbers, millions of them, for which the hasher of the standard library
/// takes longer than all else. Each table has a seed of its own, so that no input can be made whose
/// keys fall together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seed(u64);

/// The hash so far.
pub(super) struct Folded(u64);

impl Seed {
    pub(super) fn new() -> Self {
        Self(RandomState::new().hash_one(0))
    }
}

impl Default for Seed {
    fn default() -> Self {
        Self::new()
    }
}

impl BuildHasher for Seed {
    type Hasher = Folded;

    #[inline]
    fn build_hasher(&self) -> Folded {
        Folded(self.0)
    }
}

impl Hasher for Folded {
    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }

    #[inline]
    fn write_u32(&mut self, number: u32) {
        // The golden ratio: any odd number whose bits are mixed would do.
        let product = u128::from(self.0 ^ u64::from(number)) * 0x9E37_79B9_7F4A_7C15;
        self.0 = ((product ^ (product >> 64)) & 0xFFFF_FFFF_FFFF_FFFF) as u64;
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32((*byte).into());
        }
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
