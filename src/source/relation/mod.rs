//! One fork of a relation: the segment files that hold its blocks (storage/smgr/md.c).
//!
//! The server reads segment 0, 1, 2 … until one is shorter than `RELSEG_SIZE` blocks or absent, and
//! takes what lies before for the whole (`mdnblocks`). What lies beyond is lost to it, not to us.
mod index;
mod irregular;
mod name;

pub use index::{RelationFile, RelationIndex};
pub use irregular::Irregularity;
pub use name::RelationFileName;

pub(super) use index::Indexes;

use super::path::join;
use super::{EntryKind, File, Io, ReadError, ReadErrorKind, Source};
use crate::types::{Fork, RelFileNumber};
use std::ops::Range;
use std::sync::OnceLock;

/// The segment files of one fork of one relation, opened as they are needed.
#[derive(Debug)]
pub struct RelationFiles<'s> {
    source: &'s Source,
    block_size: u32,
    /// Blocks in a full segment.
    per_segment: u32,
    /// The segment to begin with: 0, or that of a file by itself.
    first: u32,
    segments: Vec<Segment>,
}

/// One segment file, or what stands in its place.
#[derive(Debug)]
pub struct Segment {
    /// Number, from 0.
    pub number: u32,
    /// Path inside the source.
    pub path: String,
    /// A file, unless something is wrong.
    pub kind: EntryKind,
    /// Length in bytes.
    pub len: u64,
    /// The blocks it holds whole: of the fork, not of the segment.
    pub blocks: Range<u32>,
    /// Whether the server would find these blocks.
    pub reachable: bool,
    file: OnceLock<Result<File, ReadError>>,
}

impl Segment {
    /// The path of the fork's first segment, by which PostgreSQL's messages name the relation.
    pub fn relation_path(&self) -> &str {
        match self.number {
            0 => &self.path,
            _ => self.path.rsplit_once('.').map_or(&self.path, |(first, _)| first),
        }
    }
}

impl<'s> RelationFiles<'s> {
    /// Finds the files of a fork in `dir`, such as `base/5`. No file at all is no error: then
    /// there are no segments.
    ///
    /// `block_size` in bytes; `segment_blocks` is `RELSEG_SIZE`, 0 if relations are not split.
    ///
    /// # Errors
    /// If the directory cannot be listed.
    pub fn discover(
        source: &'s Source,
        dir: &str,
        number: RelFileNumber,
        fork: Fork,
        block_size: u32,
        segment_blocks: u32,
    ) -> Result<Self, ReadError> {
        Self::of_backend(source, dir, (None, number), fork, (block_size, segment_blocks))
    }

    /// As [`Self::discover`], for a temporary relation of one backend: its files are `t3_16390` …
    ///
    /// # Errors
    /// If the directory cannot be listed.
    pub fn of_backend(
        source: &'s Source,
        dir: &str,
        (backend, number): (Option<u32>, RelFileNumber),
        fork: Fork,
        (block_size, segment_blocks): (u32, u32),
    ) -> Result<Self, ReadError> {
        let index = source.relation_index(dir)?;
        let named = |file: &RelationFile| (join(dir, &file.name.to_string()), *file);
        let files = index.of_backend(backend, number, fork).iter().map(named);
        Ok(Self::new(source, files, 0, (block_size, segment_blocks)))
    }

    /// One file by itself, whatever its name; a name such as `16390.1` tells which segment it is.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn of_file(
        source: &'s Source,
        path: &str,
        block_size: u32,
        segment_blocks: u32,
    ) -> Result<Self, ReadError> {
        let len = source.file(path)?.len();
        let any = RelationFileName {
            backend: None,
            number: RelFileNumber(0),
            fork: Fork::Main,
            segment: 0,
        };
        let base = path.rsplit('/').next().unwrap_or(path);
        let name = RelationFileName::parse(base).unwrap_or(any);
        let file = RelationFile { name, kind: EntryKind::File, len };
        let files = std::iter::once((path.to_owned(), file));
        Ok(Self::new(source, files, name.segment, (block_size, segment_blocks)))
    }

    fn new(
        source: &'s Source,
        files: impl Iterator<Item = (String, RelationFile)>,
        first: u32,
        (block_size, segment_blocks): (u32, u32),
    ) -> Self {
        let block_size = block_size.max(1);
        let per_segment = if segment_blocks == 0 { u32::MAX } else { segment_blocks };
        let mut expected = Some(first);
        let segments = files.map(|(path, file)| {
            let RelationFile { name: RelationFileName { segment: number, .. }, kind, len } = file;
            let start = number.saturating_mul(per_segment);
            let whole = u32::try_from(len.checked_div(u64::from(block_size)).unwrap_or(0));
            let count = whole.unwrap_or(u32::MAX).min(per_segment);
            let reachable = expected == Some(number) && kind == EntryKind::File;
            let full = reachable && count == per_segment;
            expected = if full { number.checked_add(1) } else { None };
            let blocks = start..start.saturating_add(count);
            Segment { number, path, kind, len, blocks, reachable, file: OnceLock::new() }
        });
        let segments = segments.collect();
        Self { source, block_size, per_segment, first, segments }
    }

    /// Bytes in a block.
    pub const fn block_size(&self) -> u32 {
        self.block_size
    }

    /// Blocks in a full segment.
    pub const fn blocks_per_segment(&self) -> u32 {
        self.per_segment
    }

    /// Every segment that has a name in the directory, in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether there is no file at all.
    pub fn is_absent(&self) -> bool {
        self.segments.is_empty()
    }

    /// Bytes in all files, those that the server would not find included.
    pub fn bytes(&self) -> u64 {
        self.segments.iter().fold(0, |sum, segment| sum.saturating_add(segment.len))
    }

    /// Blocks in the fork as the server counts them (`mdnblocks`).
    pub fn blocks(&self) -> u32 {
        let reachable = self.segments.iter().rev().find(|segment| segment.reachable);
        reachable.map_or(0, |segment| segment.blocks.end)
    }

    /// One more than the last block that is there at all, found by the server or not.
    pub fn end(&self) -> u32 {
        self.segments.iter().map(|segment| segment.blocks.end).max().unwrap_or(0)
    }

    /// The path that segment `number` would have, next to `segment`.
    fn path_of(segment: &Segment, number: u32) -> String {
        let suffix = format!(".{}", segment.number);
        let stem = segment.path.strip_suffix(&suffix).unwrap_or(&segment.path);
        if number == 0 { stem.to_owned() } else { format!("{stem}.{number}") }
    }

    /// The segment that holds `block`, and the byte in it where the block begins.
    ///
    /// # Errors
    /// [`ReadErrorKind::Absent`] if there is no such segment.
    pub fn locate(&self, block: u32) -> Result<(&Segment, u64), ReadError> {
        let number = block.checked_div(self.per_segment).unwrap_or(0);
        let found = self.segments.binary_search_by_key(&number, |segment| segment.number);
        let Some(segment) = found.ok().and_then(|at| self.segments.get(at)) else {
            let path = self.segments.first().map(|first| Self::path_of(first, number));
            return Err(ReadError::new(path.unwrap_or_default(), ReadErrorKind::Absent));
        };
        let inside = u64::from(block.saturating_sub(segment.blocks.start));
        Ok((segment, inside.saturating_mul(u64::from(self.block_size))))
    }

    /// The bytes of whole blocks from `range.start` on: up to `range.end`, the end of the segment
    /// file or its last whole block, whichever comes first. Empty at the end of a segment file.
    ///
    /// # Errors
    /// If that segment is absent or no file, or cannot be opened or read.
    pub fn read_blocks<'a>(
        &'a self,
        range: Range<u32>,
        scratch: &'a mut Vec<u8>,
    ) -> Result<&'a [u8], ReadError> {
        let (segment, byte) = self.locate(range.start)?;
        let count = range.end.min(segment.blocks.end).saturating_sub(range.start);
        let len = u64::from(count).saturating_mul(u64::from(self.block_size));
        let bytes = self.bytes_of(segment, byte..byte.saturating_add(len), scratch)?;
        let partial = bytes.len().checked_rem(self.block_size as usize).unwrap_or(0);
        Ok(bytes.get(..bytes.len().saturating_sub(partial)).unwrap_or_default())
    }

    /// Any bytes of one segment file: what follows its last whole block, for instance.
    ///
    /// # Errors
    /// If the segment is no file, or cannot be opened or read.
    pub fn bytes_of<'a>(
        &'a self,
        segment: &'a Segment,
        range: Range<u64>,
        scratch: &'a mut Vec<u8>,
    ) -> Result<&'a [u8], ReadError> {
        if self.source.io() == Io::Read {
            // Not kept open: a large relation has more segments than a process may have files.
            let file = self.source.file(&segment.path)?;
            let read = file.window(range, scratch)?.len();
            return Ok(scratch.get(..read).unwrap_or_default());
        }
        let file = segment.file.get_or_init(|| self.source.file(&segment.path));
        file.as_ref().map_err(Clone::clone)?.window(range, scratch)
    }
}

impl Segment {
    /// Whole blocks in it.
    pub const fn count(&self) -> u32 {
        self.blocks.end.saturating_sub(self.blocks.start)
    }
}
