//! One place with WAL: which segments and histories are in it.
use super::inflate;
use super::name::WalFileName;
use super::segment::SegmentFile;
use crate::format::wal::{LongPageHeader, SegmentName, segment_name};
use crate::source::path::join;
use crate::source::{Compression, Entry, EntryKind, Kind, ReadError, ReadErrorKind, Source};
use crate::types::TimelineId;
use std::sync::Arc;

/// Levels of directories that are looked into: pgBackRest has four, from the repository down.
const DEEPEST: usize = 5;
/// Directories that are looked into at one place; archives have one for each 4 GB of WAL at most.
const MOST_DIRECTORIES: usize = 1 << 17;
/// Bytes that a history file may have.
const LONGEST_HISTORY: u64 = 16 << 20;

/// What one place holds, sorted by name.
#[derive(Debug, Clone)]
pub struct WalPlace {
    /// What holds it.
    pub source: Arc<Source>,
    /// The segments, in the order of their paths.
    pub segments: Vec<SegmentFile>,
    /// The timeline histories.
    pub histories: Vec<HistoryFile>,
    /// Other files in its directories: status files, summaries, backup histories, leftovers.
    pub others: Vec<String>,
    /// Directories and files that could not be read.
    pub unread: Vec<ReadError>,
}

/// The history of a timeline, as it lies there.
#[derive(Debug, Clone)]
pub struct HistoryFile {
    /// The timeline that its name says.
    pub timeline: TimelineId,
    /// Where it is, as [`SegmentFile::path`].
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl WalPlace {
    /// What WAL `source` holds: in pg_wal, if it is a data directory; else anywhere. Paths are shown
    /// as they are in it, or below its own path if it is not the `main` input.
    pub fn of_source(source: &Arc<Source>, main: bool) -> Self {
        let (segments, histories, others, unread) = Default::default();
        let mut place = Self { source: Arc::clone(source), segments, histories, others, unread };
        let shown = if main { String::new() } else { source.input().display().to_string() };
        let (dir, deepest) = match source.kind() {
            Kind::Files if source.input().is_file() && place.single(&shown) => return place,
            Kind::Files => ("", DEEPEST),
            Kind::DataDirectory | Kind::Tar(_) | Kind::BaseBackup => ("pg_wal", 2),
            Kind::File => ("", 1),
        };
        place.walk(dir, &shown, deepest);
        place.segments.sort_by(|a, b| (a.name, &a.path).cmp(&(b.name, &b.path)));
        place.histories.sort_by(|a, b| (a.timeline, &a.path).cmp(&(b.timeline, &b.path)));
        place.others.sort_unstable();
        place
    }

    /// Looks into `dir` and `deepest` levels of directories in all.
    fn walk(&mut self, dir: &str, shown: &str, deepest: usize) {
        let mut left = vec![(dir.to_owned(), 1)];
        let mut looked_into = 0_usize;
        while let Some((dir, level)) = left.pop() {
            looked_into = looked_into.saturating_add(1);
            if looked_into > MOST_DIRECTORIES {
                let what = format!("only {MOST_DIRECTORIES} directories are looked into");
                self.unread.push(ReadError::new(join(shown, &dir), ReadErrorKind::Archive(what)));
                return;
            }
            let entries = match self.source.list(&dir) {
                Ok(entries) => entries,
                Err(error) => {
                    self.unread.push(ReadError { path: join(shown, &dir), ..error });
                    continue;
                }
            };
            for entry in entries {
                let below = join(&dir, &entry.name);
                match entry.kind {
                    EntryKind::File => self.file(&entry, below, shown),
                    EntryKind::Directory if level < deepest => {
                        left.push((below, usize::saturating_add(level, 1)));
                    }
                    _ => {}
                }
            }
        }
    }

    fn file(&mut self, entry: &Entry, below: String, shown: &str) {
        let path = join(shown, &below);
        match WalFileName::parse(&entry.name) {
            Some(WalFileName::Segment { .. }) => {
                let file = SegmentFile::new(&self.source, below, path, entry.len);
                self.segments.extend(file);
            }
            Some(WalFileName::History(timeline)) => match self.history(&below) {
                Ok(bytes) => self.histories.push(HistoryFile { timeline, path, bytes }),
                Err(error) => self.unread.push(ReadError { path, ..error }),
            },
            None => self.others.push(below),
        }
    }

    fn history(&self, below: &str) -> Result<Vec<u8>, ReadError> {
        let file = self.source.file(below)?;
        let compression = inflate::compression(&file)?;
        if compression == Compression::None {
            return self.source.read(below, LONGEST_HISTORY);
        }
        let inflated = inflate::inflate(&file, compression, LONGEST_HISTORY)?;
        match inflated.damage {
            Some(damage) => Err(ReadError::new(below, ReadErrorKind::Archive(damage))),
            None => Ok(inflated.bytes),
        }
    }

    /// Takes the one file that the source is for a segment by what is in it, if its name does not
    /// say that it is one; whether it is.
    fn single(&mut self, shown: &str) -> bool {
        let Some(name) = self.source.single_file() else { return false };
        if WalFileName::parse(name).is_some() {
            return false;
        }
        let path = if shown.is_empty() { name } else { shown }.to_owned();
        let file = SegmentFile::nameless(&self.source, name.to_owned(), path);
        let start = file.start(LongPageHeader::LEN);
        let header = start.ok().and_then(|start| {
            let header = LongPageHeader::parse(start.bytes()).ok()?.1;
            (header.is_long() && header.has_sane_sizes()).then_some(header)
        });
        let name = header.and_then(|header| {
            let size = header.xlp_seg_size;
            SegmentName::parse(&segment_name(header.xlp_pageaddr, header.xlp_tli, size))
        });
        let Some(name) = name else { return false };
        self.segments.push(file.renamed(name));
        true
    }
}
