//! WAL in every kind of file that it comes in, whole and damaged.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod check;
#[path = "../common/mod.rs"]
mod common;
mod damage;
mod hostile;
mod inputs;
mod leftover;
mod reading;
mod store;
mod summaries;
