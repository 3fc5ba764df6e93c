//! What recovery would do: which records are replayed, what each does to blocks and files, and what
//! becomes of transactions. Nothing is changed; the state of files is simulated.
mod ground;
pub mod order;
pub mod outcome;
mod pass;
mod span;

pub use ground::{Ground, Replayed};
pub use pass::{Part, Passed, pass};
pub use span::Span;
