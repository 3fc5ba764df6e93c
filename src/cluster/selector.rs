//! What a command is to look at: relations, blocks and tuples, as the user writes them.
use crate::types::{BlockNumber, OffsetNumber, Oid, RelFileNumber, Tid};
use std::ops::RangeInclusive;

/// One relation or more, as the user writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// `database:NAME`: everything in it.
    Database(String),
    /// `table`, `schema.table` or `db.schema.table`, one to three parts; a single part may name a
    /// database as well.
    Name(Vec<String>),
    /// `oid:16384`.
    Oid(Oid),
    /// `filenode:16390`.
    Filenode(RelFileNumber),
    /// A file inside the data directory, such as `base/5/16390.1`.
    Path(String),
}

/// Blocks of a relation, as the user writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockSelector {
    /// `12` or `0-9`.
    Range(RangeInclusive<u32>),
    /// `last`.
    Last,
    /// `(12,3)`.
    Tuple(Tid),
}

/// Why a selector means nothing here. Each message is a sentence for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each message says what its fields are")]
pub enum SelectError {
    #[error(
        "{0:?} is no selector: expected table, schema.table, db.schema.table, oid:N, filenode:N, database:NAME or a path such as base/5/16390"
    )]
    Syntax(String),
    #[error(
        "{0:?} is no block: expected a number, a range such as 0-9, last, or a tuple such as (12,3)"
    )]
    Block(String),
    #[error("{what} is not here{}", hint(.nearest))]
    Unknown { what: String, nearest: Vec<String> },
    #[error("{what} is more than one relation: {}", .candidates.join(", "))]
    Ambiguous { what: String, candidates: Vec<String> },
}

fn hint(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; near it: {}", nearest.join(", ")) }
}

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// [`SelectError::Syntax`].
    pub fn parse(text: &str) -> Result<Self, SelectError> {
        let syntax = || SelectError::Syntax(text.to_owned());
        if let Some(oid) = text.strip_prefix("oid:") {
            return oid.parse().map(|oid| Self::Oid(Oid(oid))).map_err(|_| syntax());
        }
        Ok(Self::Name(vec![text.to_owned()]))
    }
}

impl BlockSelector {
    /// Reads a block selector.
    ///
    /// # Errors
    /// [`SelectError::Block`].
    pub fn parse(text: &str) -> Result<Self, SelectError> {
        Self::read(text).ok_or_else(|| SelectError::Block(text.to_owned()))
    }

    fn read(text: &str) -> Option<Self> {
        if text == "last" {
            return Some(Self::Last);
        }
        if let Some(tid) = text.strip_prefix('(') {
            let (block, offset) = tid.strip_suffix(')')?.split_once(',')?;
            let offset = number(offset.trim_start()).and_then(|offset| offset.try_into().ok())?;
            let (block, offset) = (BlockNumber(number(block)?), OffsetNumber(offset));
            return (offset.0 > 0).then_some(Self::Tuple(Tid { block, offset }));
        }
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) = (number(first)?, number(last)?);
        (first <= last).then_some(Self::Range(first..=last))
    }
}

/// Decimal digits and nothing else.
fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::BlockSelector;
    use crate::types::{BlockNumber, OffsetNumber, Tid};

    #[test]
    fn blocks_are_numbers_ranges_last_or_of_a_tuple() {
        let read = |text| BlockSelector::parse(text).ok();
        assert_eq!(read("12"), Some(BlockSelector::Range(12..=12)));
        assert_eq!(read("0-9"), Some(BlockSelector::Range(0..=9)));
        assert_eq!(read("last"), Some(BlockSelector::Last));
        let tid = Tid { block: BlockNumber(12), offset: OffsetNumber(3) };
        assert_eq!(read("(12,3)"), Some(BlockSelector::Tuple(tid)));
        assert_eq!(read("(12, 3)"), Some(BlockSelector::Tuple(tid)));
        for wrong in ["", "-", "9-0", "+1", "-1", "1-", "(1,0)", "(1)", "(1,2", "4294967296", "x"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
