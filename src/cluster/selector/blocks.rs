//! Blocks of a relation, as the user writes them.
use super::SelectError;
use crate::types::{BlockNumber, OffsetNumber, Tid};
use std::ops::RangeInclusive;

/// Blocks of a relation, as the user writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockSelector {
    /// `12` or `0-9`, never backwards.
    Range(RangeInclusive<u32>),
    /// `last`.
    Last,
    /// `(12,3)`.
    Tuple(Tid),
}

impl BlockSelector {
    /// Reads a block selector.
    ///
    /// # Errors
    /// [`SelectError::Block`].
    pub fn parse(text: &str) -> Result<Self, SelectError> {
        let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let parsed = match inner {
            Some(inner) => tuple(inner),
            None if text == "last" => Some(Self::Last),
            None => range(text),
        };
        parsed.ok_or_else(|| SelectError::Block(text.to_owned()))
    }
}

fn tuple(inner: &str) -> Option<BlockSelector> {
    let (block, offset) = inner.split_once(',')?;
    let (block, offset) = (number(block.trim())?, offset.trim().parse().ok()?);
    let tid = Tid { block: BlockNumber(block), offset: OffsetNumber(offset) };
    (offset > 0).then_some(BlockSelector::Tuple(tid))
}

fn range(text: &str) -> Option<BlockSelector> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (number(first)?, number(last)?);
    (first <= last).then_some(BlockSelector::Range(first..=last))
}

/// A block number: digits only, and not `InvalidBlockNumber`.
fn number(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|&block| digits && block != BlockNumber::INVALID.0)
}

#[cfg(test)]
mod tests {
    use super::BlockSelector;
    use crate::types::{BlockNumber, OffsetNumber, Tid};

    #[test]
    fn blocks_are_numbers_ranges_tuples_or_the_last() {
        assert_eq!(BlockSelector::parse("12"), Ok(BlockSelector::Range(12..=12)));
        assert_eq!(BlockSelector::parse("0-9"), Ok(BlockSelector::Range(0..=9)));
        assert_eq!(BlockSelector::parse("last"), Ok(BlockSelector::Last));
        let tid = Tid { block: BlockNumber(12), offset: OffsetNumber(3) };
        assert_eq!(BlockSelector::parse("(12, 3)"), Ok(BlockSelector::Tuple(tid)));
        for bad in ["", "-1", "9-0", "1-", "+1", "(1,0)", "(1)", "1,2", "first", "4294967295"] {
            assert!(BlockSelector::parse(bad).is_err(), "{bad}");
        }
    }
}
