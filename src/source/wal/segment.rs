//! WAL segments as files: where they are, and their bytes.
use super::inflate;
use super::name::WalFileName;
use crate::format::wal::SegmentName;
use crate::source::{Compression, File, ReadError, Source};
use crate::types::TimelineId;
use std::sync::Arc;

/// A file that holds a segment. It is opened when its bytes are asked for.
#[derive(Debug, Clone)]
pub struct SegmentFile {
    /// What its name says.
    pub name: SegmentName,
    /// Whether it is named as one that was given up before it was full.
    pub partial: bool,
    /// Where it is, as reports show it: relative to the data directory, or with the archive's path.
    pub path: String,
    /// Bytes in the file, compressed or not.
    pub len: u64,
    /// What holds it.
    source: Arc<Source>,
    /// Where in the source it is.
    below: String,
}

/// A segment's bytes: as many as its file has.
#[derive(Debug)]
pub struct SegmentBytes {
    held: Held,
    /// How the file is compressed.
    pub compression: Compression,
    /// Why there are no more bytes, where that is the compressed file's fault.
    pub damage: Option<String>,
}

#[derive(Debug)]
enum Held {
    /// The file is mapped.
    Mapped(File),
    /// The bytes were read or decompressed.
    Read(Vec<u8>),
}

impl SegmentFile {
    /// The file at `below` in `source`, shown as `path`; `None` if its name is not a segment's.
    pub(super) fn new(source: &Arc<Source>, below: String, path: String, len: u64) -> Option<Self> {
        let file_name = below.rsplit('/').next().unwrap_or_default();
        let WalFileName::Segment { name, partial } = WalFileName::parse(file_name)? else {
            return None;
        };
        Some(Self { name, partial, path, len, source: Arc::clone(source), below })
    }

    /// The file at `below` in `source`, whose name says nothing.
    pub(super) fn nameless(source: &Arc<Source>, below: String, path: String) -> Self {
        let name = SegmentName { timeline: TimelineId(0), log: 0, segment: 0 };
        let len = source.file(&below).map_or(0, |file| file.len());
        Self { name, partial: false, path, len, source: Arc::clone(source), below }
    }

    /// The same file as the segment `name`.
    pub(super) fn renamed(self, name: SegmentName) -> Self {
        Self { name, ..self }
    }

    /// Whether it is in `source`.
    pub fn is_in(&self, source: &Arc<Source>) -> bool {
        Arc::ptr_eq(&self.source, source)
    }

    /// Whether it is compressed, as far as it can be read.
    pub fn is_compressed(&self) -> bool {
        let file = self.source.file(&self.below);
        let compression = file.and_then(|file| inflate::compression(&file));
        compression.is_ok_and(|compression| compression != Compression::None)
    }

    /// Its bytes, at most `limit` of them, decompressed: mapped, or read at once. Of a compressed
    /// file that holds more than `limit`, that is its damage.
    ///
    /// # Errors
    /// What the operating system says; a compression that is not read here.
    pub fn load(&self, limit: u32) -> Result<SegmentBytes, ReadError> {
        let one_more = u64::from(limit).saturating_add(1);
        let mut loaded = self.start(one_more)?;
        if let Held::Read(bytes) = &mut loaded.held
            && bytes.len() as u64 == one_more
            && loaded.compression != Compression::None
        {
            bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            loaded.damage = Some(format!("holds more than a segment's {limit} bytes"));
        }
        Ok(loaded)
    }

    /// Its first bytes, at most `limit` of them if they have to be read or decompressed.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn start(&self, limit: u64) -> Result<SegmentBytes, ReadError> {
        self.start_of(limit).map_err(|error| ReadError { path: self.path.clone(), ..error })
    }

    fn start_of(&self, limit: u64) -> Result<SegmentBytes, ReadError> {
        let file = self.source.file(&self.below)?;
        let compression = inflate::compression(&file)?;
        if compression != Compression::None {
            let inflated = inflate::inflate(&file, compression, limit)?;
            let held = Held::Read(inflated.bytes);
            return Ok(SegmentBytes { held, compression, damage: inflated.damage });
        }
        if file.mapped().is_some() {
            return Ok(SegmentBytes { held: Held::Mapped(file), compression, damage: None });
        }
        let mut bytes = Vec::new();
        let read = file.window(0..limit, &mut bytes)?.len();
        bytes.truncate(read);
        Ok(SegmentBytes { held: Held::Read(bytes), compression, damage: None })
    }
}

impl SegmentBytes {
    /// All of them.
    pub fn bytes(&self) -> &[u8] {
        match &self.held {
            Held::Mapped(file) => file.mapped().unwrap_or_default(),
            Held::Read(bytes) => bytes,
        }
    }
}
