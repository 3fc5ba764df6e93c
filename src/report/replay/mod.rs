//! `replay`: what recovery would do.
mod end;
mod order;
mod outcome;
mod pages;
mod present;
mod refusal;
mod start;
mod targets;

pub use end::{Beyond, End, EndOfWal, Xact};
pub use order::{BlockOutcome, BlockRow, Deeds, FileKind, FileRow, Order, RecordRow, RelationRow};
pub use outcome::{Counters, Files, LastCommit, Outcome, PreparedRow};
pub use pages::{Others, PageList, PageRow, Pages, Stretch};
pub use refusal::Refusal;
pub use start::{Checkpoint, Limits, Path, Segments, SettingRow, Start};
pub use targets::{DdlRow, RestorePointRow, Stop, Target, TargetList, Targets, TimelineRow};

use serde::Serialize;

/// The answer. Sections that were not asked for, or that recovery does not come to, are absent.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Replay {
    /// Whether the server would start: false if it would end with `refusal`.
    pub starts: bool,
    /// The message with which it would end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// What startup decides.
    pub start: Start,
    /// How far recovery comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// What it does to blocks and files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// The records that are replayed, one by one; with `--records`, and only as lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordRow>,
    /// Pages that matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<Pages>,
    /// What becomes of transactions, counters and files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Where the target stops it, and which targets there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub targets: Option<Targets>,
    /// How it is shown.
    #[serde(skip)]
    pub view: View,
}

/// How it is shown.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// The input as a shell takes it, for the commands that are proposed.
    pub input: String,
}
