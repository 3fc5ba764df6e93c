//! An open file: a window on its bytes, mapped or read, never the whole of it in memory.
use super::{Io, ReadError};
use std::fs;
use std::io::ErrorKind;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

/// A file of a source, or a member of an archive that looks like one. Cheap to clone.
#[derive(Debug, Clone)]
pub struct File {
    path: Arc<str>,
    /// Where the file starts in `bytes`.
    start: u64,
    len: u64,
    bytes: Bytes,
}

#[derive(Debug, Clone)]
enum Bytes {
    Mapped(Arc<memmap2::Mmap>),
    Positioned(Arc<fs::File>),
}

impl File {
    /// Takes over `file`, whose metadata says it has `len` bytes.
    pub(super) fn new(path: &str, file: fs::File, len: u64, io: Io) -> Self {
        let mapped = match io {
            Io::Mmap if len > 0 => map(&file),
            Io::Mmap | Io::Read => None,
        };
        let bytes = match mapped {
            Some(map) => Bytes::Mapped(Arc::new(map)),
            None => Bytes::Positioned(Arc::new(file)),
        };
        Self { path: path.into(), start: 0, len, bytes }
    }

    /// `len` bytes of this file from `start` on, as a file of its own: a member of an archive.
    pub(super) fn part(&self, path: &str, start: u64, len: u64) -> Self {
        let left = self.len.saturating_sub(start);
        let start = self.start.saturating_add(start);
        Self { path: path.into(), start, len: len.min(left), bytes: self.bytes.clone() }
    }

    /// Relative to the data directory.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Length in bytes, when it was opened.
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether it has no bytes.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All bytes, if they are mapped.
    pub fn mapped(&self) -> Option<&[u8]> {
        let Bytes::Mapped(map) = &self.bytes else { return None };
        let from = map.get(usize::try_from(self.start).ok()?..)?;
        Some(from.get(..usize::try_from(self.len).ok()?).unwrap_or(from))
    }

    /// The bytes of `range`, short only if the file ends before. A mapped file gives its own bytes;
    /// otherwise they are read into `scratch`, which the caller keeps from call to call.
    ///
    /// # Errors
    /// What the operating system says to the read. A failing device shows itself that way only
    /// with [`Io::Read`]: of a mapped file, it kills the process.
    pub fn window<'a>(
        &'a self,
        range: Range<u64>,
        scratch: &'a mut Vec<u8>,
    ) -> Result<&'a [u8], ReadError> {
        let end = range.end.min(self.len);
        let wanted = usize::try_from(end.saturating_sub(range.start)).unwrap_or(0);
        let at = self.start.saturating_add(range.start);
        match &self.bytes {
            _ if wanted == 0 => Ok(&[]),
            Bytes::Mapped(map) => {
                let from = usize::try_from(at).ok().and_then(|at| map.get(at..));
                Ok(from.and_then(|from| from.get(..wanted).or(Some(from))).unwrap_or_default())
            }
            Bytes::Positioned(file) => {
                if scratch.len() < wanted {
                    scratch.resize(wanted, 0);
                }
                let buffer = scratch.get_mut(..wanted).unwrap_or_default();
                let done = read_at(file, buffer, at)
                    .map_err(|error| ReadError::io(self.path.as_ref(), &error))?;
                Ok(scratch.get(..done).unwrap_or_default())
            }
        }
    }
}

/// Fills `buffer` from byte `at` on; fewer bytes only at the end of the file.
fn read_at(file: &fs::File, buffer: &mut [u8], at: u64) -> std::io::Result<usize> {
    let mut done = 0_usize;
    while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, at.saturating_add(done as u64)) {
            Ok(0) => break,
            Ok(more) => done = done.saturating_add(more),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// Maps a file; `None` where the file system cannot, and then it is read instead.
#[expect(
    unsafe_code,
    reason = "a mapping is only as stable as its file: no process may truncate or change it while \
              it is mapped. The input is a copy that no server runs on; a directory with a live \
              postmaster is opened with Io::Read, which needs no mapping"
)]
fn map(file: &fs::File) -> Option<memmap2::Mmap> {
    // SAFETY: the file is opened read-only and mapped private to this process, nothing here writes
    // to it, and callers get shared slices that the mapping outlives. What remains is a change
    // from outside, excluded as said above; it could show torn bytes, or end the process by
    // SIGBUS where the file was cut, and every consumer takes the bytes for hostile anyway.
    unsafe { memmap2::Mmap::map(file) }.ok()
}
