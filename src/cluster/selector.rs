//! What a command is to look at: relations, blocks and tuples, as the user writes them.
use crate::types::{Oid, RelFileNumber, Tid};
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
        let block = text.parse().map_err(|_| SelectError::Block(text.to_owned()))?;
        Ok(Self::Range(block..=block))
    }
}
