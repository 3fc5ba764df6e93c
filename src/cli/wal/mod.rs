//! `wal`: the commands that read WAL, each a word behind it.
//!
//! They are listed and written as the commands of the frame above: one file with `Args` and `run`,
//! one word in the list.
mod blocks;
mod check;
mod dump;
mod filter;
mod images;
mod input;
mod position;
pub(super) mod relation;
mod stats;
mod time;
mod waldump;
mod xacts;

use super::{CliError, Global, Outcome, Target};

/// The commands, by the word that is typed; each is the module of that name.
macro_rules! commands {
    ($($name:ident)*) => {
        #[derive(Debug, clap::Subcommand)]
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

commands! { blocks check dump images stats xacts }

/// What is in WAL
#[derive(Debug, clap::Args)]
#[command(override_usage = "pgdissect wal COMMAND [OPTIONS] PGDATA [SELECTOR]...")]
#[command(subcommand_value_name = "COMMAND", subcommand_help_heading = "Commands")]
#[command(disable_help_subcommand = true, arg_required_else_help = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

impl Args {
    /// Whether the command has an answer in pg_waldump's own words.
    pub(super) const fn speaks_pg_waldump(&self) -> bool {
        matches!(self.command, Command::dump(_) | Command::stats(_))
    }
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    args.command.run(global)
}
