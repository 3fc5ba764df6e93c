//! WAL segments as files: where they are, and their bytes.
use super::{EntryKind, File, ReadError, Source};
use crate::format::wal::SegmentName;

/// A file that holds a segment.
#[derive(Debug, Clone)]
pub struct SegmentFile {
    /// What its name says.
    pub name: SegmentName,
    /// Where it is, as the source knows it.
    pub path: String,
    /// Bytes in the file.
    pub len: u64,
    file: File,
}

/// A segment's bytes: as many as its file has.
#[derive(Debug)]
pub struct SegmentBytes(Held);

#[derive(Debug)]
enum Held {
    /// The file is mapped.
    Mapped(File),
    /// The bytes were read.
    Read(Vec<u8>),
}

impl SegmentFile {
    /// The segments in the directory `dir` of a source, sorted by name.
    ///
    /// # Errors
    /// If the directory cannot be listed. A segment that cannot be opened is not there.
    pub fn list(source: &Source, dir: &str) -> Result<Vec<Self>, ReadError> {
        let entries = source.list(dir)?.into_iter();
        let files = entries.filter(|entry| entry.kind == EntryKind::File);
        let segments = files.filter_map(|entry| {
            let name = SegmentName::parse(&entry.name)?;
            let path = format!("{dir}/{}", entry.name);
            let file = source.file(&path).ok()?;
            Some(Self { name, path, len: file.len(), file })
        });
        Ok(segments.collect())
    }

    /// Its bytes, at most `limit` of them: mapped, or read at once.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn load(&self, limit: u32) -> Result<SegmentBytes, ReadError> {
        if self.file.mapped().is_some() {
            return Ok(SegmentBytes(Held::Mapped(self.file.clone())));
        }
        let mut bytes = Vec::new();
        let read = self.file.window(0..limit.into(), &mut bytes)?.len();
        bytes.truncate(read);
        Ok(SegmentBytes(Held::Read(bytes)))
    }
}

impl SegmentBytes {
    /// All of them.
    pub fn bytes(&self) -> &[u8] {
        match &self.0 {
            Held::Mapped(file) => file.mapped().unwrap_or_default(),
            Held::Read(bytes) => bytes,
        }
    }
}
