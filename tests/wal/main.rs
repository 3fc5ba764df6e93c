//! WAL of real servers of every major, against what pg_waldump, pg_walinspect and the servers'
//! own recovery say of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it compared, its helpers too"
)]
mod check;
#[path = "../common/mod.rs"]
mod common;
mod dump;
mod ends;
mod images;
mod lists;
#[path = "../common/md5.rs"]
mod md5;
mod names;
mod redo;
mod set;
mod stats;
mod sums;
mod types;
mod walinspect;
