//! What a source is put together from: trees of files, mounted one inside the other.
use super::archive::Archive;
use super::directory::{self, Directory};
use super::{Entry, EntryKind, File, Io, ReadError, ReadErrorKind, path};
use std::path::PathBuf;

/// One tree of files.
#[derive(Debug)]
pub(super) enum Tree {
    /// A directory on disk.
    Directory(Directory),
    /// A tar.
    Archive(Archive),
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
            Self::Archive(archive) => archive.open(below, path),
            Self::Single(file, io) if below.is_empty() => directory::open(file, path, *io),
            Self::Single(..) => Err(ReadError::new(path, ReadErrorKind::Absent)),
        }
    }

    /// What is in the directory `below` this tree's root, unsorted.
    pub(super) fn list(&self, below: &str, path: &str) -> Result<Vec<Entry>, ReadError> {
        match self {
            Self::Directory(directory) => directory.list(below, path),
            Self::Archive(archive) => archive.list(below, path),
            Self::Single(..) => Err(ReadError::new(path, ReadErrorKind::NotADirectory)),
        }
    }
}

impl Mount {
    /// Whether the tree appears somewhere below `dir`.
    pub(super) fn is_inside(&self, dir: &str) -> bool {
        path::below(&self.at, dir).is_some_and(|rest| !rest.is_empty())
    }

    /// Puts what stands for the tree among the entries of `dir`: itself in place of what is there
    /// by its name, or a directory that leads to it if there is none.
    pub(super) fn enter(&self, dir: &str, entries: &mut Vec<Entry>) {
        let Some(rest) = path::below(&self.at, dir) else { return };
        let (name, deeper) = rest.split_once('/').map_or((rest, false), |(name, _)| (name, true));
        let single = match &self.tree {
            Tree::Single(..) if !deeper => self.tree.open("", rest).ok(),
            _ => None,
        };
        if deeper && entries.iter().any(|entry| entry.name == name) {
            return;
        }
        let kind = if single.is_some() { EntryKind::File } else { EntryKind::Directory };
        entries.retain(|entry| entry.name != name);
        let len = single.map_or(0, |file| file.len());
        entries.push(Entry { name: name.to_owned(), kind, len });
    }

    /// Where on disk the tree is, if not in an archive.
    pub(super) fn place(&self) -> Option<&std::path::Path> {
        match &self.tree {
            Tree::Directory(directory) => Some(directory.root()),
            Tree::Single(file, _) => Some(file),
            Tree::Archive(_) => None,
        }
    }
}
