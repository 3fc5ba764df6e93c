//! Inputs of every kind, whole, damaged and hostile, through `Source`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod archive;
mod backup;
mod build;
#[path = "../common/mod.rs"]
mod common;
mod directory;
mod fixtures;
mod relation;
