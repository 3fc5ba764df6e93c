//! Inputs of every kind, whole, damaged and hostile, through `Source`.
mod archive;
mod backup;
mod build;
#[path = "../common/mod.rs"]
mod common;
mod directory;
mod fixtures;
mod relation;
