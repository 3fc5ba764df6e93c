//! The relation files of one directory, listed once: directories hold tens of thousands of them.
use super::RelationFileName;
use crate::source::{Entry, EntryKind, ReadError};
use crate::types::{Fork, RelFileNumber};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A name in a directory that is a relation's, and what the name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelationFile {
    /// What the name says.
    pub name: RelationFileName,
    /// A file, unless something is wrong.
    pub kind: EntryKind,
    /// Length in bytes.
    pub len: u64,
}

/// All files of one directory: relations', sorted by name, and the others.
#[derive(Debug, Default)]
pub struct RelationIndex {
    files: Vec<RelationFile>,
    others: Vec<Entry>,
}

/// The indexes made so far, by directory.
#[derive(Debug, Default)]
pub(in crate::source) struct Indexes(Mutex<HashMap<String, Arc<RelationIndex>>>);

impl RelationIndex {
    fn new(entries: Vec<Entry>) -> Self {
        let mut index = Self::default();
        for entry in entries {
            let Entry { kind, len, .. } = entry;
            match RelationFileName::parse(&entry.name) {
                Some(name) => index.files.push(RelationFile { name, kind, len }),
                None => index.others.push(entry),
            }
        }
        index.files.sort_unstable_by_key(|file| file.name);
        index
    }

    /// Every relation file, sorted by backend, filenode, fork and segment.
    pub fn files(&self) -> &[RelationFile] {
        &self.files
    }

    /// What else is there: PG_VERSION, pg_filenode.map, and what does not belong there.
    pub fn others(&self) -> &[Entry] {
        &self.others
    }

    /// The files of one fork, in the order of their segments. Temporary relations are not in it.
    pub fn fork(&self, number: RelFileNumber, fork: Fork) -> &[RelationFile] {
        self.of_backend(None, number, fork)
    }

    /// The files of one fork of a temporary relation, or with `None` of one that is not.
    pub fn of_backend(
        &self,
        backend: Option<u32>,
        number: RelFileNumber,
        fork: Fork,
    ) -> &[RelationFile] {
        let key = (backend, number, fork);
        let of = |file: &RelationFile| (file.name.backend, file.name.number, file.name.fork);
        let from = self.files.partition_point(|file| of(file) < key);
        let to = self.files.partition_point(|file| of(file) <= key);
        self.files.get(from..to).unwrap_or_default()
    }
}

impl Indexes {
    /// The index of `dir`, made by `list` if it is not there yet.
    pub(in crate::source) fn get(
        &self,
        dir: &str,
        list: impl FnOnce() -> Result<Vec<Entry>, ReadError>,
    ) -> Result<Arc<RelationIndex>, ReadError> {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = made.get(dir) {
            return Ok(Arc::clone(index));
        }
        let index = Arc::new(RelationIndex::new(list()?));
        made.insert(dir.to_owned(), Arc::clone(&index));
        Ok(index)
    }
}
