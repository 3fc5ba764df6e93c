//! A message that somebody has in front of them, and what the files say about it.
use super::Step;
use crate::types::{BlockNumber, Fork, Lsn};
use serde::Serialize;

/// A message, answered.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Message {
    /// The part of it that says what is wrong.
    pub message: String,
    /// How often it came.
    pub count: u64,
    /// What it is about, by name: a relation, a transaction, a place in WAL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The fork, of a block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fork: Option<Fork>,
    /// The block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<BlockNumber>,
    /// Whether the files agree with it.
    pub state: MessageState,
    /// What the files say, in a sentence.
    pub found: String,
    /// The cause, as far as evidence shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Good copies of the block in WAL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<Copies>,
    /// The next safe step, in a sentence.
    pub advice: String,
    /// The same as commands.
    pub next: Vec<Step>,
}

/// Whether the files agree with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MessageState {
    /// The files show what it says.
    Confirmed,
    /// The files are sound there.
    NotSeen,
    /// What it is about is not here.
    Absent,
    /// The files do not tell.
    Unknown,
}

/// Full-page images of a block, in WAL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Copies {
    /// How many that restore to a page.
    pub images: u64,
    /// The record that has the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Lsn>,
    /// Records after it that change the block.
    pub later_records: u64,
    /// Whether replay would restore the page: recovery comes to the image.
    pub replayed: bool,
}

impl MessageState {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "the files show it",
            Self::NotSeen => "the files are sound there",
            Self::Absent => "not in these files",
            Self::Unknown => "cannot be told from the files",
        }
    }
}
