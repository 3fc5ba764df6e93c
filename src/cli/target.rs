//! What a command is to look at: PGDATA and selectors.
//!
//! With `-D`, every positional argument is a selector; without it, the first is PGDATA. `$PGDATA` is
//! used only if there is neither: a first argument that means one thing or another, depending on
//! the environment, would mislead.
use super::reading::Reading;
use super::{CliError, Global, output};
use crate::cluster::Cluster;
use crate::report::Input;
use crate::source::Source;
use crate::wal::{Log, Opened, Timelines};
use std::path::{Path, PathBuf};

/// The arguments of every command that reads a data directory; to be flattened into its `Args`.
#[derive(Debug, clap::Args)]
pub(super) struct Target {
    /// The data directory (or other input); every other argument is then a SELECTOR
    #[arg(short = 'D', long = "pgdata", value_name = "DIR", help_heading = "Input")]
    dir: Option<PathBuf>,

    /// Data directory, tar of one, base backup, or one file; else -D DIR or $PGDATA
    #[arg(value_name = "PGDATA")]
    first: Option<PathBuf>,

    /// What of it; all of it if none is given
    #[arg(value_name = "SELECTOR")]
    rest: Vec<String>,

    #[command(flatten)]
    pub(super) reading: Reading,
}

impl Target {
    /// The input's path and the selectors.
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
        self.refuse_writes_into(&path, global)?;
        Ok((path, selectors))
    }

    /// Opens the input; the selectors are left to the command.
    ///
    /// # Errors
    /// As [`Self::resolve`], or if the input cannot be opened.
    pub(super) fn open(&self, global: &Global) -> Result<(Source, Vec<String>), CliError> {
        let (path, selectors) = self.resolve(global)?;
        let options = self.reading.source_options();
        let source = Source::open(&path, &options, &*global.progress())?;
        source.places().try_for_each(|place| self.refuse_writes_into(place, global))?;
        Ok((source, selectors))
    }

    /// Refuses to write anywhere inside `place`.
    ///
    /// # Errors
    /// A usage error, if that is asked for.
    pub(super) fn refuse_writes_into(&self, place: &Path, global: &Global) -> Result<(), CliError> {
        let mut written = global.output.iter().chain(&self.reading.temp_dir);
        written.try_for_each(|written| output::refuse_inside(written, place))
    }

    /// Opens the input as a cluster; the selectors are left to the command.
    ///
    /// # Errors
    /// As [`Self::open`], or if the input is no cluster that can be read.
    pub(super) fn cluster(&self, global: &Global) -> Result<(Cluster, Vec<String>), CliError> {
        let (source, selectors) = self.open(global)?;
        Ok((Cluster::open(source, &self.reading.open_options())?, selectors))
    }

    /// Opens the input's WAL, `archives` for what is not there, and its cluster if it has one; the
    /// selectors are left to the command.
    ///
    /// # Errors
    /// As [`Self::resolve`], or if there is no WAL to be read.
    pub(super) fn wal(
        &self,
        archives: &[PathBuf],
        timelines: Timelines,
        global: &Global,
    ) -> Result<(Opened, Vec<String>), CliError> {
        let (path, selectors) = self.resolve(global)?;
        let options = (&self.reading.source_options(), &self.reading.open_options());
        let opened = Opened::open(&path, archives, options, timelines, &*global.progress())?;
        let sources = opened.log.places().iter().map(|place| &place.source);
        for place in sources.flat_map(|source| source.places()) {
            self.refuse_writes_into(place, global)?;
        }
        Ok((opened, selectors))
    }

    /// Opens a whole data directory with its WAL, for a `command` that takes no selector.
    ///
    /// # Errors
    /// As [`Self::wal`], or if there is a selector, or WAL alone.
    pub(super) fn cluster_and_wal(
        &self,
        command: &str,
        archives: &[PathBuf],
        global: &Global,
    ) -> Result<(Cluster, Log, Input), CliError> {
        let (_, selectors) = self.resolve(global)?;
        if let Some(selector) = selectors.first() {
            return Err(CliError::usage(format!("{command} takes no selector: \"{selector}\"")));
        }
        let (Opened { cluster, log, input }, _) = self.wal(archives, Timelines::Latest, global)?;
        let cluster = cluster.ok_or_else(|| {
            CliError::usage(format!("{command} needs a data directory, not WAL alone"))
                .hint("pgdissect wal check says where WAL ends.")
        })?;
        Ok((cluster, log, input))
    }
}

fn from_environment() -> Result<PathBuf, CliError> {
    std::env::var_os("PGDATA").filter(|dir| !dir.is_empty()).map(PathBuf::from).ok_or_else(|| {
        CliError::usage("no data directory specified")
            .hint("Name it as the first argument, with -D, or in the environment as PGDATA.")
    })
}

/// Options that name archives, as a shell takes them, each behind a space.
pub(super) fn archive_options(archives: &[PathBuf]) -> String {
    archives.iter().fold(String::new(), |options, path| {
        options + " --archive " + &quoted(&path.to_string_lossy())
    })
}

/// A path as a shell takes it for one word.
pub(super) fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:@%,".contains(c);
    if !path.is_empty() && path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}
