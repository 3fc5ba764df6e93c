//! Places inside a relation (storage/block.h, storage/off.h, storage/itemptr.h).
use std::fmt;

super::number!(
    /// Block number in a fork, from 0; `u32::MAX` is `InvalidBlockNumber`.
    BlockNumber(u32)
);
super::number!(
    /// Number of a line pointer on its page, from 1; 0 is `InvalidOffsetNumber`.
    OffsetNumber(u16)
);

impl BlockNumber {
    /// `InvalidBlockNumber`.
    pub const INVALID: Self = Self(u32::MAX);
}

/// Tuple identifier (`ItemPointerData`): a block and a line pointer on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Tid {
    /// Block, from 0.
    pub block: BlockNumber,
    /// Line pointer, from 1; the field can hold the magic values that updates leave there.
    pub offset: OffsetNumber,
}

impl fmt::Display for Tid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({},{})", self.block, self.offset)
    }
}

super::text!(Tid);
