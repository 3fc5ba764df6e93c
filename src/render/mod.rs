//! Reports to bytes: text for people, JSON and CSV for programs.
mod csv;
mod json;
mod text;
pub mod wal;

pub use csv::{csv, csv_rows};
pub use json::{json, jsonl, jsonl_item};
pub use text::{Style, TextParts, escape, pretty_size, shorten, text};
