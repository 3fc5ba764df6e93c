//! A tree on the file system. Symbolic links are followed, as the server itself follows them.
use super::path::join;
use super::{Entry, EntryKind, File, Io, ReadError, ReadErrorKind};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A directory on disk whose entries are named relative to it.
#[derive(Debug, Clone)]
pub(super) struct Directory {
    root: PathBuf,
    io: Io,
}

impl Directory {
    pub(super) fn new(root: PathBuf, io: Io) -> Self {
        Self { root, io }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Opens the file `below` the root, which the source knows as `path`.
    pub(super) fn open(&self, below: &str, path: &str) -> Result<File, ReadError> {
        open(&self.root.join(below), path, self.io)
    }

    /// What is in the directory `below` the root, unsorted.
    pub(super) fn list(&self, below: &str, path: &str) -> Result<Vec<Entry>, ReadError> {
        let failed = |error: &std::io::Error| ReadError::io(path, error);
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.root.join(below)).map_err(|error| failed(&error))? {
            let entry = entry.map_err(|error| failed(&error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            match entry.metadata() {
                Ok(metadata) => entries.push(describe(name, &metadata, &entry.path())),
                // A live server removes files while they are listed.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(ReadError::io(join(path, &name), &error)),
            }
        }
        Ok(entries)
    }

    /// Where the symbolic link `below` the root leads, as recorded; `None` if it is not a link.
    pub(super) fn link_target(&self, below: &str) -> Option<PathBuf> {
        fs::read_link(self.root.join(below)).ok()
    }
}

/// What kind of thing is at a path, links followed; `None` if nothing can be said.
pub(super) fn kind_at(full: &Path) -> Option<EntryKind> {
    fs::metadata(full).ok().map(|metadata| kind_of(&metadata))
}

/// Opens a regular file, known to the source as `path`.
pub(super) fn open(full: &Path, path: &str, io: Io) -> Result<File, ReadError> {
    let failed = |error: &std::io::Error| ReadError::io(path, error);
    // Before opening: to open a FIFO that nobody writes to would block for ever.
    check_kind(path, &fs::metadata(full).map_err(|error| failed(&error))?)?;
    let file = fs::File::open(full).map_err(|error| failed(&error))?;
    let metadata = file.metadata().map_err(|error| failed(&error))?;
    check_kind(path, &metadata)?;
    Ok(File::new(path, file, metadata.len(), io))
}

fn check_kind(path: &str, metadata: &fs::Metadata) -> Result<(), ReadError> {
    match kind_of(metadata) {
        EntryKind::File => Ok(()),
        EntryKind::Directory => Err(ReadError::new(path, ReadErrorKind::IsDirectory)),
        EntryKind::Link | EntryKind::Other => Err(ReadError::new(path, ReadErrorKind::NotAFile)),
    }
}

fn kind_of(metadata: &fs::Metadata) -> EntryKind {
    let kind = metadata.file_type();
    match (kind.is_file(), kind.is_dir(), kind.is_symlink()) {
        (true, ..) => EntryKind::File,
        (_, true, _) => EntryKind::Directory,
        (.., true) => EntryKind::Link,
        _ => EntryKind::Other,
    }
}

fn describe(name: String, metadata: &fs::Metadata, full: &Path) -> Entry {
    let followed = metadata.is_symlink().then(|| fs::metadata(full).ok()).flatten();
    let metadata = followed.as_ref().unwrap_or(metadata);
    let kind = kind_of(metadata);
    Entry { name, kind, len: if kind == EntryKind::File { metadata.len() } else { 0 } }
}
