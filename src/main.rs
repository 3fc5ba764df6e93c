//! The `pgdissect` command.
fn main() {}
