//! Damage at random, the same in every run.
#![allow(dead_code, reason = "each test binary uses its part")]

/// A small generator (xorshift64*), seeded.
pub(crate) struct Random(u64);

impl Random {
    /// The same seed gives the same numbers.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Any number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`; 0 if `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 1).unwrap().checked_rem(end).unwrap_or(0)
    }

    /// One of them.
    pub(crate) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// A copy with one to four kinds of damage done to it.
    pub(crate) fn damaged(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut copy = bytes.to_vec();
        for _ in 0..=self.below(4) {
            self.damage(&mut copy);
        }
        copy
    }

    /// Damages bytes: flips a bit, writes an odd value over some, zeroes, copies or cuts.
    pub(crate) fn damage(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        let end = (at + 1 + self.below(64)).min(bytes.len());
        match self.below(8) {
            0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
            2 | 3 => {
                let odd = [0, 1, 0x7f, 0x80, 0xff, u64::from(u32::MAX), 0x7fff_ffff, self.next()];
                let value = self.one(&odd).to_le_bytes();
                let len = [1, 2, 4, 8][self.below(4)].min(bytes.len() - at);
                bytes[at..at + len].copy_from_slice(&value[..len]);
            }
            4 => bytes[at..end].fill(0),
            5 => bytes[at..end].fill(0xff),
            6 => {
                let from = self.below(bytes.len().saturating_sub(64));
                let len = (end - at).min(bytes.len() - from);
                let to = at.min(bytes.len() - len);
                bytes.copy_within(from..from + len, to);
            }
            _ => bytes.truncate(at.max(bytes.len() / 4 * self.below(4))),
        }
    }
}
