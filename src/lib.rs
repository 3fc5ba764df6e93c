//! Offline forensics for PostgreSQL data directories.
//!
//! Bytes become values, values a cluster, a cluster answers, answers text. A module imports only
//! from modules above it in this list; `tests/layers.rs` holds that order.
//!
//! * [`types`] — numbers with a meaning, with PostgreSQL's display
//! * [`layout`] — what majors and builds disagree on, as data
//! * [`mod@format`] — bytes to values; pure
//! * [`source`] — the only code that opens files
//! * [`finding`] — what is wrong, where, and by what rule
//! * [`report`] — the answers, and the document every one of them can be shown as
//! * [`cluster`] — a data directory, understood
//! * [`wal`] — the log as one stream of records
//! * [`replay`] — what recovery would do
//! * [`analysis`] — questions asked of a cluster
//! * [`render`] — documents to text, JSON and CSV
//! * [`cli`] — the command line
//!
//! # Threat model
//!
//! Every input byte is hostile. No input makes the library panic, loop, allocate without bound or
//! write under the input; what cannot be read is said, with its place and the rule it breaks.
pub mod analysis;
pub mod cli;
pub mod cluster;
pub mod finding;
pub mod format;
pub mod layout;
pub mod render;
pub mod replay;
pub mod report;
pub mod source;
pub mod types;
pub mod wal;
