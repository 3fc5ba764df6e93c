//! What a command is to look at: relations, blocks and tuples, as the user writes them.
mod blocks;
mod find;
mod near;
mod parse;

pub use blocks::BlockSelector;

use crate::types::{Oid, RelFileNumber};
use std::fmt;

/// One relation or more, as the user writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// `database:NAME`: everything in it.
    Database(String),
    /// `schema:NAME` or `schema:DB.NAME`: every relation in it, of one database or of all.
    Schema(Vec<String>),
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

/// Why a selector means nothing here. Each message is a sentence for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each message says what its fields are")]
pub enum SelectError {
    #[error(
        "{0:?} is no selector: expected table, schema.table, db.schema.table, oid:N, filenode:N, \
         database:NAME, schema:NAME or a path such as base/5/16390"
    )]
    Syntax(String),
    #[error(
        "{0:?} is no block: expected a number, a range such as 0-9, last, or a tuple such as (12,3)"
    )]
    Block(String),
    #[error("{what} is not here{}", hint(.nearest))]
    Unknown { what: String, nearest: Vec<String> },
    #[error("{what} could be any of these: {}", listed(.candidates))]
    Ambiguous { what: String, candidates: Vec<String> },
}

fn hint(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; near it: {}", nearest.join(", ")) }
}

/// As many as fit in a sentence.
fn listed(candidates: &[String]) -> String {
    const MOST: usize = 8;
    let shown = candidates.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    match candidates.len().checked_sub(MOST) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}

/// As the user writes it.
impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(name) => write!(f, "database {}", super::quote::identifier(name)),
            Self::Schema(parts) => write!(f, "schema {}", joined(parts)),
            Self::Name(parts) => f.write_str(&joined(parts)),
            Self::Oid(oid) => write!(f, "oid:{oid}"),
            Self::Filenode(number) => write!(f, "filenode:{number}"),
            Self::Path(path) => f.write_str(path),
        }
    }
}

fn joined(parts: &[String]) -> String {
    parts.iter().map(|part| super::quote::part(part)).collect::<Vec<_>>().join(".")
}
