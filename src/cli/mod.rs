//! The command line: what is asked, where the answer goes, and what the process exits with.
//!
//! A command is one file with `Args` (clap) and `run(&Args, &Global) -> Result<Outcome, CliError>`,
//! and one word in the list below. It prints nothing: it returns its report, and this frame renders
//! it in the format that was asked for.
mod audit;
mod control;
mod effective;
mod error;
mod explain;
mod global;
mod index;
mod ls;
mod outcome;
mod output;
mod page;
mod progress;
mod reading;
mod replay;
mod rows;
mod size;
mod target;
mod triage;
mod wal;

use clap::Parser as _;
use effective::Effective;
use error::CliError;
use global::Global;
use outcome::Outcome;
use std::process::ExitCode;
use target::Target;

/// The commands, by the word that is typed; each is the module of that name.
macro_rules! commands {
    ($($name:ident)*) => {
        #[derive(clap::Subcommand)]
        #[expect(non_camel_case_types, reason = "named as they are typed")]
        enum Command {
            $($name($name::Args)),*
        }

        impl Command {
            fn run(&self, global: &Global) -> Result<Outcome, CliError> {
                match self {
                    $(Self::$name(args) => $name::run(args, global)),*
                }
            }
        }
    };
}

commands! { audit control explain index ls page replay triage wal }

/// Exit status: everything asked was read, and nothing was found at or above --fail-on.
const DONE: u8 = 0;
/// Exit status: findings at or above --fail-on.
const FOUND: u8 = 1;
/// Exit status: the command line makes no sense.
const USAGE: u8 = 2;
/// Exit status: something that was asked for could not be read.
const UNREADABLE: u8 = 3;

/// Reads a PostgreSQL data directory that no server runs on, and says what is in it and what is wrong.
#[derive(clap::Parser)]
#[command(name = "pgdissect", version, max_term_width = 100, infer_subcommands = false)]
#[command(override_usage = "pgdissect COMMAND [OPTIONS] PGDATA [SELECTOR]...")]
#[command(subcommand_value_name = "COMMAND", subcommand_help_heading = "Commands")]
#[command(disable_help_subcommand = true, arg_required_else_help = true)]
#[command(after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

const AFTER_HELP: &str = "\
PGDATA is a data directory, a tar of one (plain, .gz, .lz4 or .zst), the output directory of
pg_basebackup -Ft, or one file out of a data directory. Nothing in it is ever written to. It is the
first argument, or DIR in -D DIR; with neither, it is $PGDATA. To give selectors for $PGDATA, write
-D \"$PGDATA\".

A SELECTOR is a relation: schema.table, db.schema.table, oid:16384, filenode:16390, or the path of a
file of it, such as base/5/16390.1_vm.

Exit status:
  0  everything asked was read, and nothing was found at or above --fail-on
  1  something was found
  2  the command line makes no sense
  3  something could not be read; the report says what

Examples:
  pgdissect audit /srv/copy/pgdata            which tables are bloated, unfrozen, near wraparound
  pgdissect control backup.tar.zst            what pg_control says
  pgdissect page -D pgdata public.t 0-3       the first four blocks of a table, tuple by tuple
  pgdissect explain heap.line-pointer-range   what a finding means and what to do next";

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // --help and --version come this way too, as errors that exit with 0.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { USAGE } else { DONE });
        }
    };
    let status = cli
        .global
        .check(matches!(&cli.command, Command::wal(args) if args.speaks_pg_waldump()))
        .and_then(|()| cli.command.run(&cli.global))
        .and_then(|outcome| outcome.deliver(&cli.global))
        .unwrap_or_else(|error| error.report());
    ExitCode::from(status)
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    /// A single long text would make clap spread every option over three lines.
    #[test]
    fn help_is_compact() {
        fn check(command: &clap::Command) {
            assert_eq!(command.get_long_about(), None, "{}", command.get_name());
            for option in command.get_arguments() {
                assert_eq!(option.get_long_help(), None, "{} {option}", command.get_name());
            }
            for command in command.get_subcommands() {
                assert!(command.get_about().is_some(), "{}", command.get_name());
                check(command);
            }
        }
        Cli::command().get_subcommands().for_each(check);
    }
}
