//! What recovery would do: how a server would start, which records it would replay, what each does to
//! blocks and files, and what becomes of transactions. Nothing is changed; the state of files is
//! simulated.
//!
//! WAL is read twice. The *course* looks only at what steers recovery: where the target stops it,
//! where consistency is reached, where and why WAL ends. It gives the [`Span`] that really gets
//! replayed, in which the second reading goes through every record.
mod course;
mod ground;
pub mod order;
pub mod outcome;
mod pass;
mod span;
mod start;
mod target;

pub use course::{Course, Ended, Last, NamedPoint, Stop, Tally, run};
pub use ground::{Ground, Replayed};
pub use pass::{Part, Passed, pass};
pub use span::Span;
pub use start::{Checkpoint, Kind, Limits, Signals, Start, TimelinePart, Wish};
pub use target::{Goal, Target, TargetError, TimelineGoal};
