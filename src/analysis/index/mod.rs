//! What an index is made of: one pass over its pages, and a walk from its root.
mod answer;
mod builder;
mod heap;
mod rebuild;
mod role;
mod rows;
mod scan;
mod table_rows;
mod walk;

pub use answer::{Answer, IndexError, Request, inspect};
pub use builder::Builder;
pub use rebuild::{Build, Span};
pub use role::{Method, Role};
pub use scan::{IndexScan, Rules};
pub use walk::View;
