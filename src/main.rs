//! The `pgdissect` command: all of it is in the library's `cli`.
use std::process::ExitCode;

fn main() -> ExitCode {
    pgdissect::cli::main()
}
