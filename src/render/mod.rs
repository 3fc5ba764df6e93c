//! Reports to bytes: text for people, JSON and CSV for programs.
mod csv;
mod json;
mod text;
pub mod wal;

pub use csv::csv;
pub use json::{json, jsonl, jsonl_item};
pub use text::{Style, escape, pretty_size, shorten, text};
