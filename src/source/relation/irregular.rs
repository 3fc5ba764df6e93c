//! What can be wrong with a fork's files as such, before any byte of them is read.
use super::{RelationFiles, Segment};
use crate::source::EntryKind;
use std::fmt;
use std::ops::Range;

/// What is wrong with a fork's files as such. Displays as evidence: file, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Irregularity {
    /// Segments that are not there though later ones are.
    Missing {
        /// Path of the first of them.
        path: String,
        /// Their numbers.
        segments: Range<u32>,
    },
    /// Something other than a file.
    NotAFile {
        /// Its path.
        path: String,
        /// What it is.
        kind: EntryKind,
    },
    /// A segment shorter than a full one though later ones have blocks. Empty ones are no fault: those that
    /// truncation leaves behind stay as files (`mdtruncate`, storage/smgr/md.c).
    Short {
        /// Its path.
        path: String,
        /// Whole blocks in it.
        blocks: u32,
        /// Blocks of a full segment.
        full: u32,
    },
    /// A segment longer than a full one: "segment too big" to the server.
    Long {
        /// Its path.
        path: String,
        /// Its length in bytes.
        len: u64,
        /// Bytes of a full segment.
        full: u64,
    },
    /// A last block that is not whole, which the server ignores.
    PartialBlock {
        /// Path of the segment.
        path: String,
        /// Where the block begins in it.
        byte: u64,
        /// Bytes of it that are there.
        len: u64,
    },
}

impl RelationFiles<'_> {
    /// What is wrong with the files as such, in the order of the segments.
    pub fn irregularities(&self) -> Vec<Irregularity> {
        let mut found = Vec::new();
        let mut expected = self.first;
        for (at, segment) in self.segments.iter().enumerate() {
            if segment.number > expected {
                let path = Self::path_of(segment, expected);
                found.push(Irregularity::Missing { path, segments: expected..segment.number });
            }
            expected = segment.number.saturating_add(1);
            let mut later = self.segments.iter().skip(at.saturating_add(1));
            let last = later.all(|segment| segment.len == 0);
            found.extend(judge(self, segment, last));
        }
        found
    }
}

fn judge(files: &RelationFiles<'_>, segment: &Segment, last: bool) -> Vec<Irregularity> {
    let path = || segment.path.clone();
    if segment.kind != EntryKind::File {
        return vec![Irregularity::NotAFile { path: path(), kind: segment.kind }];
    }
    let mut found = Vec::new();
    let (blocks, full) = (segment.count(), files.per_segment);
    let full_len = u64::from(full).saturating_mul(u64::from(files.block_size));
    let whole_len = u64::from(blocks).saturating_mul(u64::from(files.block_size));
    let len = segment.len.saturating_sub(whole_len);
    if segment.len > full_len {
        found.push(Irregularity::Long { path: path(), len: segment.len, full: full_len });
    } else if len > 0 {
        found.push(Irregularity::PartialBlock { path: path(), byte: whole_len, len });
    }
    if blocks < full && !last {
        found.push(Irregularity::Short { path: path(), blocks, full });
    }
    found
}

impl Irregularity {
    /// The file, relative to the data directory.
    pub fn path(&self) -> &str {
        match self {
            Self::Missing { path, .. }
            | Self::NotAFile { path, .. }
            | Self::Short { path, .. }
            | Self::Long { path, .. }
            | Self::PartialBlock { path, .. } => path,
        }
    }
}

impl fmt::Display for Irregularity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { segments, .. } if segments.len() == 1 => {
                write!(f, "segment {} is missing, later segments are there", segments.start)
            }
            Self::Missing { segments: Range { start, end }, .. } => {
                let last = end.saturating_sub(1);
                write!(f, "segments {start} to {last} are missing, later segments are there")
            }
            Self::NotAFile { kind: EntryKind::Directory, .. } => {
                f.write_str("a directory where a file should be")
            }
            Self::NotAFile { kind: EntryKind::Link, .. } => {
                f.write_str("a symbolic link that leads nowhere")
            }
            Self::NotAFile { .. } => f.write_str("neither a file nor a directory"),
            Self::Short { blocks, full, .. } => {
                write!(f, "{blocks} of {full} blocks, though later segments are there")
            }
            Self::Long { len, full, .. } => {
                write!(f, "{len} bytes, more than the {full} of a full segment")
            }
            Self::PartialBlock { byte, len, .. } => {
                write!(f, "{len} bytes of a block at byte {byte}, which is not whole")
            }
        }
    }
}
