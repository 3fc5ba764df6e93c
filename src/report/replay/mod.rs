//! `replay`: what recovery would do.
mod order;
mod outcome;
mod pages;
mod refusal;

pub use order::{BlockOutcome, BlockRow, Deeds, FileKind, FileRow, Order, RecordRow, RelationRow};
pub use outcome::{Counters, Files, LastCommit, Outcome, PreparedRow};
pub use pages::{Others, PageList, PageRow, Pages, Stretch};
pub use refusal::Refusal;
