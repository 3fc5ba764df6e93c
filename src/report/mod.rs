//! The answers: plain serde structs, one file per analysis; the envelope around each; and the
//! document that every answer can be shown as.
mod coverage;
pub mod doc;
mod envelope;
pub mod explain;
#[cfg(test)]
mod schema;

pub use coverage::{Coverage, Skipped};
pub use doc::{Doc, Present};
pub use envelope::{Envelope, FindingGroup, Input, Tool};
