//! The answers: plain serde structs, one file per analysis; the envelope around each; and the
//! document that every answer can be shown as.
pub mod audit;
pub mod autovacuum;
pub mod bloat;
pub mod control;
mod coverage;
pub mod doc;
mod envelope;
pub mod explain;
pub mod freeze;
pub mod index;
pub mod key;
pub mod ls;
pub mod page;
pub mod replay;
#[cfg(test)]
mod schema;
pub mod space;
pub mod triage;
pub mod wal;
pub mod wraparound;

pub use coverage::{Coverage, Skipped};
pub use doc::{Doc, Present, Row};
pub use envelope::{Envelope, FindingGroup, Input, Tool};
