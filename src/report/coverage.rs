//! What was read, what was not, and why: the witness of every number in a report.
use serde::Serialize;

/// What a run looked at. Counts add up: what was asked for is what was read plus what was skipped.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Coverage {
    /// Relations the question was about.
    pub relations: u64,
    /// Of these, relations read to their end.
    pub relations_read: u64,
    /// Files opened for the answer.
    pub files: u64,
    /// Blocks read.
    pub blocks: u64,
    /// Bytes read.
    pub bytes: u64,
    /// What was asked for and not read, each with its reason.
    pub skipped: Vec<Skipped>,
}

/// One thing that was asked for and not read, wholly or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Skipped {
    /// What: a relation, a file, a database.
    pub what: String,
    /// Why.
    pub why: String,
}

impl Coverage {
    /// Adds what another part of the same run looked at.
    pub fn merge(&mut self, other: Self) {
        self.relations = self.relations.saturating_add(other.relations);
        self.relations_read = self.relations_read.saturating_add(other.relations_read);
        self.files = self.files.saturating_add(other.files);
        self.blocks = self.blocks.saturating_add(other.blocks);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.skipped.extend(other.skipped);
    }

    /// Notes that `what` was not read.
    pub fn skip(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.skipped.push(Skipped { what: what.into(), why: why.into() });
    }
}
