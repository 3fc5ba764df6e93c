//! The only code that opens files: a data directory, or what stands for one, as one tree of names.
//!
//! Paths inside a source are relative to the data directory and written with `/`, whatever the
//! input is; tablespaces appear as `pg_tblspc/OID/…`. Nothing is ever opened for writing there.
#![deny(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "every byte here may be hostile"
)]
mod archive;
mod directory;
mod error;
mod file;
mod live;
mod open;
mod path;
mod progress;
pub mod relation;
mod tablespace;
mod tree;
mod unpack;
mod wal;

pub use archive::{Note, Refusal, Refused};
pub use error::{ReadError, ReadErrorKind};
pub use file::File;
pub use progress::{Progress, Quiet};
pub use tablespace::{LinkState, TablespaceLink};
pub use wal::{HistoryFile, SegmentBytes, SegmentFile, WalFileName, WalPlace};

use open::Opening;
use relation::{Indexes, RelationIndex};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tree::{Mount, Tree};

/// How bytes are had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Io {
    /// Files are mapped: fastest, no copies. A device that fails then ends the process.
    #[default]
    Mmap,
    /// Positioned reads into buffers: for failing devices and live servers.
    Read,
}

/// How to open a source.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How bytes are had.
    pub io: Io,
    /// Where compressed archives are unpacked; the system's temporary directory if `None`.
    pub temp_dir: Option<PathBuf>,
    /// Tablespaces that lie elsewhere now: the recorded path, or the oid, and the new path.
    pub tablespaces: Vec<(PathBuf, PathBuf)>,
}

/// How an archive is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Compression {
    None,
    Gzip,
    Lz4,
    Zstd,
}

/// What the input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A data directory.
    DataDirectory,
    /// A tar of one.
    Tar(Compression),
    /// The output directory of `pg_basebackup -Ft`.
    BaseBackup,
    /// One file out of a data directory.
    File,
    /// A directory, tar or file that is no data directory and may hold WAL.
    Files,
}

/// One name in a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name; what is not UTF-8 in it is replaced.
    pub name: String,
    /// What it is, symbolic links followed.
    pub kind: EntryKind,
    /// Bytes, of files only.
    pub len: u64,
}

/// What a name in a directory stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link that leads nowhere, or that is not followed.
    Link,
    /// A FIFO, socket or device: never opened.
    Other,
}

/// An open input.
#[derive(Debug)]
pub struct Source {
    input: PathBuf,
    kind: Kind,
    io: Io,
    mounts: Vec<Mount>,
    refused: Vec<Refused>,
    notes: Vec<Note>,
    tablespaces: Vec<TablespaceLink>,
    live: Option<u32>,
    indexes: Indexes,
}

impl Source {
    /// Opens `path`, whatever of the kinds it is. Compressed archives are unpacked meanwhile, of
    /// which `progress` hears.
    ///
    /// # Errors
    /// If it is not there, cannot be read, or is none of the kinds; if there is no room to unpack
    /// it; if a tablespace that the options name is not there.
    pub fn open(
        path: &Path,
        options: &Options,
        progress: &dyn Progress,
    ) -> Result<Self, ReadError> {
        Opening::new(options, progress).open(path)
    }

    /// Opens `path`, a data directory in any of its forms, or else a directory, tar or file with
    /// WAL. What is compressed in a directory stays so; a compressed tar is unpacked meanwhile.
    ///
    /// # Errors
    /// If it is not there or cannot be read.
    pub fn open_wal(
        path: &Path,
        options: &Options,
        progress: &dyn Progress,
    ) -> Result<Self, ReadError> {
        Opening::new(options, progress).open_wal(path)
    }

    /// What the input is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What the input is, in words: "data directory", "tar (zst)", "base backup", "one file".
    pub const fn describe(&self) -> &'static str {
        match self.kind {
            Kind::DataDirectory => "data directory",
            Kind::Tar(Compression::None) => "tar",
            Kind::Tar(Compression::Gzip) => "tar (gz)",
            Kind::Tar(Compression::Lz4) => "tar (lz4)",
            Kind::Tar(Compression::Zstd) => "tar (zst)",
            Kind::BaseBackup => "base backup",
            Kind::File => "one file",
            Kind::Files => "WAL",
        }
    }

    /// The path that was opened.
    pub fn input(&self) -> &Path {
        &self.input
    }

    /// How bytes are had: as asked for, but of a live server's directory always by reads.
    pub const fn io(&self) -> Io {
        self.io
    }

    /// The postmaster that runs on the input right now, by process id: pages may be torn.
    pub const fn live(&self) -> Option<u32> {
        self.live
    }

    /// Members of archives that are listed and never followed: absolute paths, `..`, links …
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// Damage to the archives as such.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The tablespaces that pg_tblspc or an archive names, sorted by oid, within reach or not.
    pub fn tablespace_links(&self) -> &[TablespaceLink] {
        &self.tablespaces
    }

    /// Every place on disk that belongs to the input, where nothing may be written.
    pub fn places(&self) -> impl Iterator<Item = &Path> {
        let linked = self.tablespaces.iter().filter_map(|link| match &link.state {
            LinkState::Linked => link.target.as_deref(),
            LinkState::Archive(path) | LinkState::Remapped(path) => Some(path),
            LinkState::InPlace | LinkState::Missing => None,
        });
        let mounted = self.mounts.iter().filter_map(Mount::place);
        std::iter::once(self.input.as_path()).chain(mounted).chain(linked)
    }

    /// The name of the one file, if the input is that.
    pub fn single_file(&self) -> Option<&str> {
        match self.mounts.as_slice() {
            [Mount { at, tree: Tree::Single(..) }] => Some(at),
            _ => None,
        }
    }

    /// What is in the directory `dir`, sorted by name; `""` is the data directory itself.
    ///
    /// # Errors
    /// If it is not there, not a directory, or cannot be read.
    pub fn list(&self, dir: &str) -> Result<Vec<Entry>, ReadError> {
        let dir = path::checked(dir)?;
        let mut entries = match self.find(dir).and_then(|(tree, below)| tree.list(below, dir)) {
            Err(_) if self.mounts.iter().any(|mount| mount.is_inside(dir)) => Vec::new(),
            listed => listed?,
        };
        for mount in self.mounts.iter().filter(|mount| mount.is_inside(dir)) {
            mount.enter(dir, &mut entries);
        }
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// Opens a file.
    ///
    /// # Errors
    /// If it is not there, not a regular file, or cannot be opened.
    pub fn file(&self, path: &str) -> Result<File, ReadError> {
        let (tree, below) = self.find(path)?;
        tree.open(below, path)
    }

    /// The whole of a small file.
    ///
    /// # Errors
    /// As [`Source::file`]; [`ReadErrorKind::TooLarge`] if it has more than `limit` bytes; what
    /// the operating system says to the read.
    pub fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let file = self.file(path)?;
        if file.len() > limit {
            return Err(ReadError::new(path, ReadErrorKind::TooLarge { limit }));
        }
        let mut scratch = Vec::new();
        let bytes = file.window(0..file.len(), &mut scratch)?;
        Ok(bytes.to_vec())
    }

    /// The files of a directory that holds relations, such as `base/5`; listed once, then kept.
    ///
    /// # Errors
    /// As [`Source::list`].
    pub fn relation_index(&self, dir: &str) -> Result<Arc<RelationIndex>, ReadError> {
        self.indexes.get(dir, || self.list(dir))
    }

    /// The tree that holds `path`, and the path inside that tree.
    fn find<'p>(&self, path: &'p str) -> Result<(&Tree, &'p str), ReadError> {
        let path = path::checked(path)?;
        self.mounts
            .iter()
            .filter_map(|mount| Some((mount, path::below(path, &mount.at)?)))
            .max_by_key(|(mount, _)| mount.at.len())
            .map(|(mount, below)| (&mount.tree, below))
            .ok_or_else(|| ReadError::new(path, ReadErrorKind::Absent))
    }
}
