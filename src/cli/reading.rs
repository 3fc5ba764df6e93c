//! How the input is to be read, where it does not say so itself or not as one would like.
use super::size;
use crate::source;
use std::path::PathBuf;

/// Options that say how the input is to be read.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Input")]
pub(super) struct Reading {
    /// Read it as this major version, whatever it says itself
    #[arg(long, value_name = "MAJOR")]
    pub(super) pg_version: Option<u16>,

    /// Block size when nothing else tells, such as 8kB
    #[arg(long, value_name = "SIZE", value_parser = size::parse_block)]
    pub(super) block_size: Option<u32>,

    /// Size of a relation's segment files when nothing else tells, such as 1GB
    #[arg(long, value_name = "SIZE", value_parser = size::parse)]
    pub(super) segment_size: Option<u64>,

    /// A tablespace (its old directory, or its oid) is now in NEW; may be repeated
    #[arg(long = "tablespace", value_name = "OLD=NEW", value_parser = mapping)]
    pub(super) tablespaces: Vec<(PathBuf, PathBuf)>,

    /// How files are read: mmap (the default), or read (for failing devices and live servers)
    #[arg(long, value_name = "HOW", default_value = "mmap")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(super) io: Io,

    /// Where compressed input is unpacked, and removed at the end; else $TMPDIR or /tmp
    #[arg(long, value_name = "DIR")]
    pub(super) temp_dir: Option<PathBuf>,
}

/// What `--io` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Io {
    /// Mapped into memory.
    Mmap,
    /// Read piece by piece.
    Read,
}

impl From<Io> for source::Io {
    fn from(io: Io) -> Self {
        match io {
            Io::Mmap => Self::Mmap,
            Io::Read => Self::Read,
        }
    }
}

impl Reading {
    /// The same, as the source wants it.
    pub(super) fn source_options(&self) -> source::Options {
        let (temp_dir, tablespaces) = (self.temp_dir.clone(), self.tablespaces.clone());
        source::Options { io: self.io.into(), temp_dir, tablespaces }
    }
}

fn mapping(text: &str) -> Result<(PathBuf, PathBuf), String> {
    match text.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok((old.into(), new.into())),
        _ => Err("expected OLD=NEW, two directories".into()),
    }
}
