//! Every record that begins in one segment, and what is damaged between them.
use super::window::Window;
use crate::format::wal::{Failure, Located, Reader, SegmentNumber, StreamShape, WalFault};
use crate::types::Lsn;

/// What lies next in a segment.
#[derive(Debug)]
pub enum Event<'a> {
    /// A record whose CRC is right.
    Record(Located<'a>),
    /// No record can be read where one should be.
    Fault {
        /// Why, and where.
        failure: Failure,
        /// Where records go on in this segment; `None` if they do not.
        resumed: Option<Lsn>,
    },
}

/// How the records of a segment join those before and after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seam {
    /// The first record that begins in it, and the record that this one names before it.
    pub first: Option<(Lsn, Lsn)>,
    /// The last record that begins in it.
    pub last: Option<Lsn>,
    /// Where the next one would begin: in a later segment, if nothing is wrong.
    pub next: Option<Lsn>,
    /// The failure that ended it, if records do not go on in this segment.
    pub ended: Option<Failure>,
}

/// Reads one segment.
pub struct SegmentReader<'w, 'l> {
    reader: Reader<'w, Window<'l>>,
    /// The first byte that is not asked for any more: the end of the segment or before.
    until: Lsn,
    /// Where reading begins, until it has begun.
    entry: Option<Entry>,
    seam: Seam,
    done: bool,
}

/// Where reading begins.
#[derive(Debug, Clone, Copy)]
enum Entry {
    /// Behind what continues from the segment before.
    Page(Lsn),
    /// At the first record that begins here or later.
    At(Lsn),
}

impl<'w, 'l> SegmentReader<'w, 'l> {
    /// Reads what begins in `segment` and in `from..until`.
    pub(super) fn new(
        window: &'w Window<'l>,
        shape: StreamShape,
        segment: SegmentNumber,
        from: Lsn,
        until: Lsn,
    ) -> Self {
        let start = segment.start(shape.segment_size);
        let entry = if from > start { Entry::At(from) } else { Entry::Page(start) };
        let until = until.min(segment.next().start(shape.segment_size));
        let reader = Reader::new(window, shape, start);
        Self { reader, until, entry: Some(entry), seam: Seam::default(), done: false }
    }

    /// What lies next; `None` at the end of the segment, or of what was asked for.
    pub fn read(&mut self) -> Option<Event<'_>> {
        if self.done {
            return None;
        }
        if let Some(entry) = self.entry.take() {
            match self.enter(entry) {
                Ok(true) => {}
                Ok(false) => {
                    self.done = true;
                    return None;
                }
                Err(failure) => return Some(self.fault(failure, Lsn::INVALID)),
            }
        }
        if self.reader.position() >= self.until {
            self.done = true;
            return None;
        }
        if let Err(failure) = self.reader.advance() {
            return Some(self.fault(failure, failure.record));
        }
        let record = self.reader.current()?;
        self.seam.first.get_or_insert((record.lsn, record.header.xl_prev));
        self.seam.last = Some(record.lsn);
        self.seam.next = Some(record.next);
        Some(Event::Record(record))
    }

    /// How it joins its neighbours, after all of it was read.
    pub const fn seam(&self) -> Seam {
        self.seam
    }

    fn enter(&mut self, entry: Entry) -> Result<bool, Failure> {
        match entry {
            Entry::Page(start) => Ok(self.reader.enter(start, self.until)?.is_some()),
            Entry::At(from) => self.reader.find_next(from).map(|lsn| lsn < self.until),
        }
    }

    fn fault(&mut self, failure: Failure, floor: Lsn) -> Event<'_> {
        let behind = Lsn(failure.record.0.saturating_add(8));
        let resumed = match failure.fault {
            // The rest of the segment is not there.
            WalFault::Missing | WalFault::Short { .. } => None,
            _ => self.reader.resync(behind, floor, self.until),
        };
        if resumed.is_none() {
            self.seam.ended = Some(failure);
            self.done = true;
        }
        Event::Fault { failure, resumed }
    }
}
