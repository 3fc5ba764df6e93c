//! The segment files of one SLRU, opened when first needed.
use crate::format::slru::{Log, Place};
use crate::source::{EntryKind, File, Io, ReadError, Source};
use std::sync::{Arc, OnceLock};

/// No server makes longer segments: 32 pages of 32 kB, or in 19 as many as configured.
const LONGEST: u64 = 64 << 20;

/// One of the logs. Look-ups take no lock: a segment is opened once, whoever comes first.
#[derive(Debug)]
pub(super) struct Slru {
    source: Arc<Source>,
    log: Log,
    segments: Vec<Segment>,
    /// Whether segments that are not mapped are kept in memory: of pg_xact, which is small and
    /// asked often.
    keep: bool,
}

#[derive(Debug)]
struct Segment {
    number: u64,
    /// Bytes, when the directory was listed.
    len: u64,
    path: String,
    opened: OnceLock<Opened>,
}

/// A segment once it was asked for.
#[derive(Debug)]
enum Opened {
    /// Windows on it cost little, or are wanted seldom.
    File(File),
    /// Its bytes.
    Kept(Vec<u8>),
    /// It cannot be opened or read.
    Failed(ReadError),
}

impl Slru {
    /// Lists the segment files.
    pub(super) fn new(source: &Arc<Source>, log: Log) -> Self {
        // A directory that is not there has no segments, which is found where they are needed.
        let entries = source.list(log.dir()).unwrap_or_default();
        let segment = |entry: crate::source::Entry| {
            let number = segment_number(&entry.name).filter(|_| entry.kind == EntryKind::File)?;
            let path = format!("{}/{}", log.dir(), entry.name);
            Some(Segment { number, len: entry.len, path, opened: OnceLock::new() })
        };
        let mut segments: Vec<_> = entries.into_iter().filter_map(segment).collect();
        segments.sort_unstable_by_key(|segment| segment.number);
        let keep = log == Log::Xact;
        Self { source: Arc::clone(source), log, segments, keep }
    }

    /// A log with no files, of an input that is no directory.
    pub(super) fn none(source: &Arc<Source>, log: Log) -> Self {
        Self { source: Arc::clone(source), log, segments: Vec::new(), keep: false }
    }

    /// Which log it is.
    pub(super) const fn log(&self) -> Log {
        self.log
    }

    /// Segments asked for until now that could not be read.
    pub(super) fn failures(&self) -> impl Iterator<Item = &ReadError> {
        self.segments.iter().filter_map(|segment| match segment.opened.get() {
            Some(Opened::Failed(error)) => Some(error),
            _ => None,
        })
    }

    /// The numbers of the segments, in order.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u64> {
        self.segments.iter().map(|segment| segment.number)
    }

    fn segment(&self, number: u64) -> Option<&Segment> {
        let at = self.segments.binary_search_by_key(&number, |segment| segment.number);
        self.segments.get(at.ok()?)
    }

    /// The length in bytes of a segment, `None` if there is none with this number.
    pub(super) fn len_of(&self, number: u64) -> Option<u64> {
        self.segment(number).map(|segment| segment.len)
    }

    /// All bytes of a segment, no more than any server writes.
    pub(super) fn whole<'a>(&'a self, number: u64, scratch: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        let segment = self.segment(number)?;
        let len = u32::try_from(segment.len.min(LONGEST)).ok()?;
        self.bytes(Place { segment: number, byte: 0 }, len, scratch)
    }

    /// The byte at `place`, `None` if it is not there.
    #[inline]
    pub(super) fn byte(&self, place: Place) -> Option<u8> {
        let mut none = Vec::new();
        self.bytes(place, 1, &mut none)?.first().copied()
    }

    /// `len` bytes at `place`, `None` if they are not there to the last one.
    #[inline]
    pub(super) fn bytes<'a>(
        &'a self,
        place: Place,
        len: u32,
        scratch: &'a mut Vec<u8>,
    ) -> Option<&'a [u8]> {
        let segment = self.segment(place.segment)?;
        let range = place.byte..place.byte.saturating_add(u64::from(len));
        match segment.opened.get_or_init(|| self.open(segment)) {
            Opened::File(file) => {
                file.window(range, scratch).ok().filter(|bytes| bytes.len() == len as usize)
            }
            Opened::Kept(bytes) => {
                bytes.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)
            }
            Opened::Failed(_) => None,
        }
    }

    #[cold]
    fn open(&self, segment: &Segment) -> Opened {
        if self.keep && self.source.io() == Io::Read {
            match self.source.read(&segment.path, LONGEST) {
                Ok(bytes) => Opened::Kept(bytes),
                Err(error) => Opened::Failed(error),
            }
        } else {
            match self.source.file(&segment.path) {
                Ok(file) => Opened::File(file),
                Err(error) => Opened::Failed(error),
            }
        }
    }
}

/// The number that a segment's file name is (`SlruScanDirectory`): 4 to 6 or 15 digits.
fn segment_number(name: &str) -> Option<u64> {
    let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
    let plain = matches!(name.len(), 4..=6 | 15) && name.bytes().all(digit);
    plain.then(|| u64::from_str_radix(name, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::segment_number;

    #[test]
    fn only_what_the_server_names_so_is_a_segment() {
        assert_eq!(segment_number("0012"), Some(0x12));
        assert_eq!(segment_number("14078"), Some(0x14078));
        assert_eq!(segment_number("000000000014078"), Some(0x14078));
        for other in ["12", "001g", "001a", "0000000", ""] {
            assert_eq!(segment_number(other), None, "{other}");
        }
    }
}
