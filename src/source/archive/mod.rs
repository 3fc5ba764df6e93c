//! A tar as a tree of files: members are windows on the archive, nothing is unpacked.
mod header;
mod index;
mod members;
mod name;
mod root;

pub use name::{Refusal, Refused};

use super::path::join;
use super::{Entry, EntryKind, File, ReadError, ReadErrorKind};
use members::{Members, What};

/// Damage to an archive as such; what it holds is read as far as it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The archive, by file name.
    pub archive: String,
    /// Byte in it, unpacked, where the damage begins.
    pub byte: u64,
    /// What is wrong there.
    pub text: String,
}

/// An archive whose headers were read.
#[derive(Debug)]
pub(super) struct Archive {
    file: File,
    members: Members,
    /// The directory in it that is presented, empty for its top.
    root: String,
}

/// An archive, and what was met while its headers were read.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) archive: Archive,
    pub(super) refused: Vec<Refused>,
    pub(super) notes: Vec<Note>,
}

/// Whether a file begins as a tar does.
pub(super) fn is_tar(start: &[u8]) -> bool {
    start.get(..512).and_then(header::parse).is_some()
}

impl Archive {
    /// Reads the headers of `file`, the archive called `name`.
    pub(super) fn index(file: File, name: &str) -> Result<Indexed, ReadError> {
        let index::Index { members, refused, notes } = index::read(&file, name)?;
        let archive = Self { file, members, root: String::new() };
        Ok(Indexed { archive, refused, notes })
    }

    /// Whether it has no member at all.
    pub(super) fn is_empty(&self) -> bool {
        self.members.list("").is_none_or(<[_]>::is_empty)
    }

    /// Presents the data directory that the archive holds, wherever in it that is; whether there
    /// is one.
    pub(super) fn enter_data_directory(&mut self) -> bool {
        let found = root::find(&self.members);
        let is_there = found.is_some();
        self.root = found.unwrap_or_default();
        is_there
    }

    /// What remains of a member's name below the directory that is presented.
    pub(super) fn below<'n>(&self, name: &'n str) -> Option<&'n str> {
        super::path::below(name, &self.root)
    }

    pub(super) fn open(&self, below: &str, path: &str) -> Result<File, ReadError> {
        let kind = match self.members.get(&join(&self.root, below)) {
            Some(What::File(content)) => {
                let len = content.end.saturating_sub(content.start);
                return Ok(self.file.part(path, content.start, len));
            }
            Some(What::Directory) => ReadErrorKind::IsDirectory,
            Some(What::Link | What::Other) => ReadErrorKind::NotAFile,
            None => ReadErrorKind::Absent,
        };
        Err(ReadError::new(path, kind))
    }

    pub(super) fn list(&self, below: &str, path: &str) -> Result<Vec<Entry>, ReadError> {
        let full = join(&self.root, below);
        let names = self.members.list(&full).ok_or_else(|| {
            let there = self.members.get(&full).is_some();
            let kind = if there { ReadErrorKind::NotADirectory } else { ReadErrorKind::Absent };
            ReadError::new(path, kind)
        })?;
        Ok(names.iter().map(|(name, what)| entry(name, what)).collect())
    }
}

fn entry(name: &str, what: &What) -> Entry {
    let (kind, len) = match what {
        What::File(content) => (EntryKind::File, content.end.saturating_sub(content.start)),
        What::Directory => (EntryKind::Directory, 0),
        What::Link => (EntryKind::Link, 0),
        What::Other => (EntryKind::Other, 0),
    };
    Entry { name: name.to_owned(), kind, len }
}
