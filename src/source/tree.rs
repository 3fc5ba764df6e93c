//! What a source is put together from: trees of files, mounted one inside the other.
use super::directory::{self, Directory};
use super::{Entry, EntryKind, File, Io, ReadError, ReadErrorKind};
use std::path::PathBuf;

/// One tree of files.
#[derive(Debug)]
pub(super) enum Tree {
    /// A directory on disk.
    Directory(Directory),
    /// One file on disk, and nothing else.
    Single(PathBuf, Io),
}

/// A tree and where it appears in the source: empty for the data directory itself.
#[derive(Debug)]
pub(super) struct Mount {
    pub(super) at: String,
    pub(super) tree: Tree,
}

impl Tree {
    /// Opens the file `below` this tree's root, which the source knows as `path`.
    pub(super) fn open(&self, below: &str, path: &str) -> Result<File, ReadError> {
        match self {
            Self::Directory(directory) => directory.open(below, path),
            Self::Single(file, io) if below.is_empty() => directory::open(file, path, *io),
            Self::Single(..) => Err(ReadError::new(path, ReadErrorKind::Absent)),
        }
    }

    /// What is in the directory `below` this tree's root, unsorted.
    pub(super) fn list(&self, below: &str, path: &str) -> Result<Vec<Entry>, ReadError> {
        match self {
            Self::Directory(directory) => directory.list(below, path),
            Self::Single(..) => Err(ReadError::new(path, ReadErrorKind::NotADirectory)),
        }
    }

    /// The entry that stands for this tree's root in the directory it is mounted in.
    pub(super) fn root_entry(&self, name: &str) -> Entry {
        let len = match self {
            Self::Single(..) => self.open("", name).ok().map(|file| file.len()),
            Self::Directory(_) => None,
        };
        let kind = if len.is_some() { EntryKind::File } else { EntryKind::Directory };
        Entry { name: name.to_owned(), kind, len: len.unwrap_or(0) }
    }
}
