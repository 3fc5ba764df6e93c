//! What a command is to look at: PGDATA and selectors.
use super::{CliError, Global, output};
use std::path::PathBuf;

/// The arguments of every command that reads a data directory; to be flattened into its `Args`.
#[derive(Debug, clap::Args)]
pub(super) struct Target {
    /// The data directory, as in PostgreSQL's own tools; every argument is then a selector
    #[arg(short = 'D', long = "pgdata", value_name = "DIR", help_heading = "Input")]
    dir: Option<PathBuf>,

    /// Data directory, tar of one, base backup, or one file [default: $PGDATA]
    ///
    /// With -D, this argument is a selector like the rest. Without -D and without any argument, it
    /// is $PGDATA; to give selectors for $PGDATA, write -D "$PGDATA".
    #[arg(value_name = "PGDATA")]
    first: Option<PathBuf>,

    /// Which relations, blocks or files, as the command understands them
    #[arg(value_name = "SELECTOR")]
    rest: Vec<String>,
}

impl Target {
    /// The input's path and the selectors, by the rule in the help above.
    ///
    /// # Errors
    /// Usage errors: no input was named, or the output would be inside it.
    pub(super) fn resolve(&self, global: &Global) -> Result<(PathBuf, Vec<String>), CliError> {
        let mut selectors = self.rest.clone();
        let path = match (&self.dir, &self.first) {
            (Some(dir), first) => {
                if let Some(first) = first {
                    selectors.insert(0, first.to_string_lossy().into_owned());
                }
                dir.clone()
            }
            (None, Some(first)) => first.clone(),
            (None, None) => from_environment()?,
        };
        for written in global.output.iter().chain(&global.reading.temp_dir) {
            output::refuse_inside(written, &path)?;
        }
        Ok((path, selectors))
    }
}

fn from_environment() -> Result<PathBuf, CliError> {
    std::env::var_os("PGDATA").filter(|dir| !dir.is_empty()).map(PathBuf::from).ok_or_else(|| {
        CliError::usage("no data directory specified")
            .hint("Name it as the first argument, with -D, or in the environment as PGDATA.")
    })
}
