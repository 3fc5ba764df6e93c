//! Every record that begins in one segment, and what is damaged between them.
use super::leftover::is_leftover;
use super::log::Log;
use super::walk::Range;
use super::window::Window;
use crate::format::wal::{
    Failure, Found, Located, Reader, RecordHeader, SegmentNumber, StreamShape, WalFault,
};
use crate::types::Lsn;

/// What lies next in a segment.
#[derive(Debug)]
pub enum Event<'a> {
    /// A record whose CRC is right.
    Record(Located<'a>),
    /// What cannot be read, between two records of the segment.
    Gap(Gap),
}

/// Records that cannot be read, and where they can be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The last record before them, if there is one.
    pub after: Option<Lsn>,
    /// Why the first of them cannot, and where.
    pub failure: Failure,
    /// The first record behind it.
    pub resumed: Lsn,
}

impl Gap {
    /// A record whose bytes are whole and cannot be taken apart: PostgreSQL ends at it.
    pub fn undecodable(log: &Log, located: &Located<'_>, fault: WalFault) -> Self {
        let shape = &log.shape;
        let page = Lsn(located.lsn.0 & !u64::from(shape.block_size.saturating_sub(1)));
        let (record, timeline) = (located.lsn, located.timeline);
        let segment_size = shape.segment_size;
        let failure = Failure { fault, record, page, timeline, segment_size };
        Self { after: Some(located.header.xl_prev), failure, resumed: located.next }
    }

    /// A record that can be read, and that recovery does not take because its page is of a timeline
    /// that is not on the way (`ReadRecord`, access/transam/xlogrecovery.c).
    pub fn of_other_timeline(log: &Log, located: &Located<'_>) -> Self {
        let (page, xlp_tli) = located.last_page;
        let segment_size = log.shape.segment_size;
        let timeline = log.timeline_of(SegmentNumber::of(page, segment_size));
        let (fault, record) = (WalFault::OtherTimeline { xlp_tli }, located.lsn);
        let failure = Failure { fault, record, page, timeline, segment_size };
        Self { after: Some(located.header.xl_prev), failure, resumed: located.lsn }
    }
}

/// How the records of a segment join those before and after: [`super::read`] judges that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seam {
    /// What cannot be read before its first record.
    pub began: Option<Failure>,
    /// The first record that begins in it, and the record that this one names before it.
    pub first: Option<(Lsn, Lsn)>,
    /// The last record that begins in it.
    pub last: Option<Lsn>,
    /// Where the next one would begin: in a later segment, if nothing is wrong.
    pub next: Option<Lsn>,
    /// What cannot be read behind its last record.
    pub ended: Option<Failure>,
    /// The first record behind that which is left from before a crash.
    pub leftover: Option<Lsn>,
    /// Whether all that was asked for is behind: nothing is missing after it.
    pub reached: bool,
}

/// Reads one segment.
pub struct SegmentReader<'w, 'l> {
    reader: Reader<'w, Window<'l>>,
    range: Range,
    /// The first byte in which no record of this segment begins: its end, or that of the range.
    until: Lsn,
    /// The segment's first byte.
    start: Lsn,
    /// Where records went on behind the last failure.
    resumed: Lsn,
    seam: Seam,
    done: bool,
    /// Where it is judged whether records behind a gap are left over; `None` if all are read.
    log: Option<&'l Log>,
    /// How many gaps were judged.
    judged: usize,
}

/// Gaps of a segment of which it is judged what lies behind: each costs as much as to read one.
const JUDGED: usize = 8;
/// How far before a segment the last record before it can begin: less than the longest record, and
/// what a switch left of a segment.
const FAR_BACK: u64 = 3 << 30;

impl<'w, 'l> SegmentReader<'w, 'l> {
    /// Reads what begins in `segment` and lies in `range`, up to what is left from before a crash.
    pub(super) fn new(
        window: &'w Window<'l>,
        log: &'l Log,
        segment: SegmentNumber,
        range: Range,
    ) -> Self {
        Self { log: Some(log), ..Self::all(window, log.shape, segment, range) }
    }

    /// Reads all that begins in `segment` and lies in `range`.
    pub(super) fn all(
        window: &'w Window<'l>,
        shape: StreamShape,
        segment: SegmentNumber,
        range: Range,
    ) -> Self {
        let start = segment.start(shape.segment_size);
        let until = range.until.min(segment.next().start(shape.segment_size));
        let reader = Reader::new(window, shape, start);
        let (seam, done, resumed, log, judged) = (Seam::default(), false, Lsn::INVALID, None, 0);
        let mut all = Self { reader, range, until, start, resumed, seam, done, log, judged };
        all.begin();
        all
    }

    /// What lies next; `None` at the end of the segment, or of what was asked for. What cannot be
    /// read before the first record and behind the last is in the seam.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "all records come through here, in registers")]
    pub fn read(&mut self) -> Option<Event<'_>> {
        while !self.done {
            let at = self.reader.position();
            if at >= self.until {
                self.seam.reached = at >= self.range.until;
                self.done = true;
                break;
            }
            match self.reader.advance().and_then(|found| self.checked(found)) {
                Ok(found) if self.note(found) => {
                    return Some(Event::Record(self.reader.lend(found)));
                }
                Ok(_) => break,
                Err(failure) => {
                    if let Some(gap) = self.pass(failure) {
                        return Some(Event::Gap(gap));
                    }
                }
            }
        }
        None
    }

    /// How it joins its neighbours, after all of it was read.
    pub const fn seam(&self) -> Seam {
        self.seam
    }

    /// Moves to the first record: behind what continues from the segment before, or to the first
    /// one of the range.
    fn begin(&mut self) {
        let entered = if self.range.from > self.start {
            self.reader.find_next(self.range.from).map(|_| ())
        } else {
            self.reader.enter(self.start, self.until).map(|_| ())
        };
        if let Err(failure) = entered {
            self.skip(failure);
        }
    }

    /// Moves over what cannot be read: a gap, if there are records of the segment on both sides.
    #[cold]
    fn pass(&mut self, failure: Failure) -> Option<Gap> {
        let inside = self.seam.first.is_some();
        let resumed = self.skip(failure).filter(|_| inside)?;
        if !self.ends_before(resumed) {
            return Some(Gap { after: self.seam.last, failure, resumed });
        }
        (self.seam.ended, self.seam.leftover) = (Some(failure), Some(resumed));
        self.done = true;
        None
    }

    /// Whether WAL ends before the record at `resumed`, which is left from before a crash.
    fn ends_before(&mut self, resumed: Lsn) -> bool {
        let (Some(log), Some(after)) = (self.log, self.seam.last) else { return false };
        self.judged = self.judged.saturating_add(1);
        self.judged <= JUDGED && is_leftover(log, after, resumed)
    }

    /// The first record that begins in a segment names one of a segment before: if it does not,
    /// the page is wrong about where the first one begins.
    #[inline]
    fn checked(&self, found: Found<'w>) -> Result<Found<'w>, Failure> {
        let is_first = self.seam.first.is_none() && !self.resumed.is_valid();
        let xl_prev = found.header.xl_prev;
        if !is_first || xl_prev < self.start || self.range.from > self.start {
            return Ok(found);
        }
        Err(self.reader.failure_at(WalFault::PrevLink { xl_prev }, found.lsn))
    }

    /// Takes the record that was read into account; whether it is one of those asked for.
    #[inline]
    fn note(&mut self, found: Found<'w>) -> bool {
        if found.end > self.range.until {
            (self.done, self.seam.reached) = (true, true);
        } else if found.lsn >= self.until {
            // In place of one that was given up: the next segment has it.
            self.done = true;
        } else {
            self.seam.first.get_or_insert((found.lsn, found.header.xl_prev));
            self.seam.last = Some(found.lsn);
            self.seam.next = Some(found.next);
        }
        !self.done
    }

    /// Looks for the next record behind a failure; without one, the segment is done.
    #[cold]
    fn skip(&mut self, failure: Failure) -> Option<Lsn> {
        if self.is_behind_range(&failure) {
            (self.done, self.seam.reached) = (true, true);
            return None;
        }
        let behind = Lsn(failure.record.0.saturating_add(8));
        let (from, floor) = if self.seam.first.is_some() || self.resumed.is_valid() {
            (behind.max(Lsn(self.resumed.0.saturating_add(8))), failure.record)
        } else {
            // Where the first record begins may be what is wrong. It may name a record far back.
            let start = self.start;
            (start, Lsn(start.0.saturating_sub(FAR_BACK)))
        };
        let resumed = self.reader.resync(from.max(self.range.from), floor, self.until);
        self.resumed = resumed.unwrap_or(self.resumed);
        match resumed {
            Some(_) if self.seam.first.is_none() => self.seam.began = Some(failure),
            Some(_) => {}
            None => {
                self.seam.ended = Some(failure);
                self.done = true;
            }
        }
        resumed
    }

    /// Whether a failure is of a record that would not end in the range: its end was reached before.
    fn is_behind_range(&self, failure: &Failure) -> bool {
        let header = failure.record.0.saturating_add(RecordHeader::LEN as u64);
        failure.page >= self.range.until || header > self.range.until.0
    }
}
