//! `replay` on copies of clusters of every major that were then recovered by a real server: killed under
//! load, restored to targets, of two timelines, or with something wrong with them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it compared, its helpers too"
)]
mod case;
#[path = "../common/mod.rs"]
mod common;
mod course;
mod laid;
mod outcome;
mod pages;
mod start;
mod transactions;
mod verdict;
