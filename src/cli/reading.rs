//! How the input is to be read, where it does not say so itself or not as one would like.
use super::size;
use crate::cluster::OpenOptions;
use crate::layout::PgVersion;
use crate::source;
use std::path::PathBuf;

/// Options that say how the input is to be read.
#[derive(Debug, clap::Args)]
pub(super) struct Reading {
    /// Read it as this major version, whatever it says itself
    #[arg(long, help_heading = "Input", value_name = "MAJOR", value_parser = major)]
    pg_version: Option<PgVersion>,

    /// Block size when nothing else tells, such as 8kB
    #[arg(long, help_heading = "Input", value_name = "SIZE", value_parser = size::parse_32)]
    block_size: Option<u32>,

    /// Size of a relation's segment files when nothing else tells, such as 1GB
    #[arg(long, help_heading = "Input", value_name = "SIZE", value_parser = size::parse)]
    segment_size: Option<u64>,

    /// Size of a WAL block when nothing else tells
    #[arg(long, help_heading = "Input", value_name = "SIZE", value_parser = size::parse_32)]
    wal_block_size: Option<u32>,

    /// Size of a WAL segment when nothing else tells, such as 16MB
    #[arg(long, help_heading = "Input", value_name = "SIZE", value_parser = size::parse_32)]
    wal_segment_size: Option<u32>,

    /// A tablespace (its old directory, or its oid) is now in NEW; may be repeated
    #[arg(long = "tablespace", help_heading = "Input", value_name = "OLD=NEW", value_parser = mapping)]
    tablespaces: Vec<(PathBuf, PathBuf)>,

    /// How files are read: mmap (the default), or read (for failing devices and live servers)
    #[arg(long, help_heading = "Input", value_name = "HOW", default_value = "mmap")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    io: Io,

    /// Where compressed input is unpacked, and removed at the end; else $TMPDIR or /tmp
    #[arg(long, help_heading = "Input", value_name = "DIR")]
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

    /// The same, as the cluster wants it.
    pub(super) fn open_options(&self) -> OpenOptions {
        OpenOptions {
            pg_version: self.pg_version,
            block_size: self.block_size,
            segment_size: self.segment_size,
            wal_block_size: self.wal_block_size,
            wal_segment_size: self.wal_segment_size,
        }
    }
}

fn mapping(text: &str) -> Result<(PathBuf, PathBuf), String> {
    match text.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok((old.into(), new.into())),
        _ => Err("expected OLD=NEW, two directories".into()),
    }
}

fn major(text: &str) -> Result<PgVersion, String> {
    let known = || PgVersion::ALL.map(|version| version.major().to_string()).join(", ");
    let version = text.parse().ok().and_then(PgVersion::from_major);
    version.ok_or_else(|| format!("expected one of {}", known()))
}
