//! Segments put together: whether the records of one go on in the next, and what is missing.
use super::leftover::is_leftover;
use super::log::Log;
use super::segment::{Gap, Seam, SegmentReader};
use super::walk::{Outlet, Part, Range, walk};
use crate::format::wal::{Failure, SegmentNumber, WalFault};
use crate::types::Lsn;
use std::ops::ControlFlow;

/// What comes next, in the order of the log.
#[derive(Debug)]
pub enum Step<T> {
    /// Records that cannot be read, between segments. Those inside one are [`super::Event::Gap`].
    Gap(Gap),
    /// What came of one segment, or of some of it.
    Part(Part<T>),
}

/// Where records end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// The last record, if there is one.
    pub after: Option<Lsn>,
    /// Why none can be read behind it.
    pub failure: Failure,
    /// The first record behind that which is left from before a crash, and no WAL any more.
    pub leftover: Option<Lsn>,
}

/// Gives each segment of `range` to `read`, on `jobs` threads, and what comes of it to `take`, in
/// the order of the log and on this thread, with the gaps between segments. `take` ends it early by
/// `Break`. Records left from before a crash are not read. Gives why no record is behind the last
/// one; `None` if all of `range` was read, or `take` ended it.
pub fn read<T: Send>(
    log: &Log,
    range: Range,
    jobs: usize,
    read: impl Fn(&mut SegmentReader<'_, '_>) -> T + Sync,
    take: impl FnMut(Step<T>) -> ControlFlow<()>,
) -> Option<End> {
    read_in_parts(log, range, jobs, |reader, _| read(reader), take)
}

/// As [`read`], for answers that grow with what is in the log: `read` hands on in parts what came of
/// a segment, and returns the last one.
pub fn read_in_parts<T: Send>(
    log: &Log,
    range: Range,
    jobs: usize,
    read: impl Fn(&mut SegmentReader<'_, '_>, &mut Outlet<'_, T>) -> T + Sync,
    mut take: impl FnMut(Step<T>) -> ControlFlow<()>,
) -> Option<End> {
    let mut join = Join::new(log, range);
    walk(log, range, jobs, read, |part| {
        join.reached |= part.seam.reached;
        let begins = join.segment.replace(part.segment) != Some(part.segment);
        if begins && let Some(gap) = join.step(part.segment, &part.seam) {
            if join.ends_before(&gap) {
                return ControlFlow::Break(());
            }
            if take(Step::Gap(gap)).is_break() {
                join.reached = true;
                return ControlFlow::Break(());
            }
        }
        join.take(&part.seam);
        let flow = take(Step::Part(part));
        join.reached |= flow.is_break();
        if join.leftover.is_some() { ControlFlow::Break(()) } else { flow }
    });
    join.finish()
}

/// What was read so far.
struct Join<'l> {
    log: &'l Log,
    /// The last record.
    last: Option<Lsn>,
    /// Where the next one has to begin, or a page header before it.
    next: Option<Lsn>,
    /// What could not be read, if no record was found behind it yet.
    open: Option<Failure>,
    leftover: Option<Lsn>,
    /// The segment that is being read.
    segment: Option<SegmentNumber>,
    /// Whether nothing more is expected.
    reached: bool,
}

impl<'l> Join<'l> {
    fn new(log: &'l Log, range: Range) -> Self {
        let next = Some(range.from).filter(|from| from.is_valid());
        let (last, open, leftover, segment) = (None, None, None, None);
        Self { log, last, next, open, leftover, segment, reached: false }
    }

    /// What lies between the segments so far and the first record of this one.
    fn step(&mut self, segment: SegmentNumber, seam: &Seam) -> Option<Gap> {
        let open = self.open.take().or_else(|| self.missing(segment)).or(seam.began);
        let Some((lsn, xl_prev)) = seam.first else {
            self.open = open.or(seam.ended);
            return None;
        };
        let failure = open.or_else(|| {
            let linked = self.last.is_none_or(|last| last == xl_prev);
            (!linked).then(|| self.failure(WalFault::PrevLink { xl_prev }, lsn))
        });
        failure.map(|failure| Gap { after: self.last, failure, resumed: lsn })
    }

    /// Whether WAL ends before a gap, behind which are records left from before a crash.
    fn ends_before(&mut self, gap: &Gap) -> bool {
        let ends = gap.after.is_some_and(|after| is_leftover(self.log, after, gap.resumed));
        if ends {
            (self.open, self.leftover) = (Some(gap.failure), Some(gap.resumed));
        }
        ends
    }

    /// Goes behind what was read of a segment.
    const fn take(&mut self, seam: &Seam) {
        if seam.first.is_some() {
            (self.last, self.next, self.open) = (seam.last, seam.next, seam.ended);
            self.leftover = seam.leftover;
        }
    }

    /// The segment in which the next record should begin, if it is not there and `segment` is behind
    /// it.
    fn missing(&self, segment: SegmentNumber) -> Option<Failure> {
        let next = self.next?;
        let wanted = SegmentNumber::of(next, self.log.shape.segment_size);
        let absent = wanted < segment && !self.log.segments().contains_key(&wanted);
        absent.then(|| self.failure(WalFault::Missing, next))
    }

    /// Why there is no record behind the last.
    fn finish(&self) -> Option<End> {
        let failure = self.open.or_else(|| self.missing(SegmentNumber(u64::MAX)));
        let (after, leftover) = (self.last, self.leftover);
        failure.filter(|_| !self.reached).map(|failure| End { after, failure, leftover })
    }

    fn failure(&self, fault: WalFault, record: Lsn) -> Failure {
        let shape = &self.log.shape;
        let page = Lsn(record.0 & !u64::from(shape.block_size.saturating_sub(1)));
        let segment = SegmentNumber::of(record, shape.segment_size);
        let timeline = self.log.timeline_of(segment);
        Failure { fault, record, page, timeline, segment_size: shape.segment_size }
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, read, read_in_parts};
    use crate::cluster::{Cluster, OpenOptions};
    use crate::format::wal::{Record, WalFault};
    use crate::source::{self, Quiet, Source};
    use crate::wal::{Event, Log, Outlet, Range, SegmentReader, Timelines};
    use std::ops::ControlFlow;
    use std::path::Path;

    fn log(fixture: &str) -> Log {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
        let source = Source::open(&path, &source::Options::default(), &Quiet).unwrap();
        let cluster = Cluster::open(source, &OpenOptions::default()).unwrap();
        Log::of_cluster(&cluster, Timelines::Latest).unwrap()
    }

    /// Each record's place, and why there is no further one.
    fn records(log: &Log, jobs: usize) -> (Vec<u64>, Option<WalFault>) {
        let mut places = Vec::new();
        let of_segment = |reader: &mut SegmentReader<'_, '_>| {
            let mut places = Vec::new();
            while let Some(event) = reader.read() {
                let Event::Record(located) = event else { panic!("{event:?}") };
                Record::parse(located.bytes, &log.dialect).unwrap();
                places.push(located.lsn.0);
            }
            places
        };
        let ended = read(log, Range::default(), jobs, of_segment, |step| {
            let Step::Part(part) = step else { panic!("{step:?}") };
            places.extend(part.answer);
            ControlFlow::Continue(())
        });
        (places, ended.map(|end| end.failure.fault))
    }

    /// The same, when each record is handed on by itself.
    fn one_by_one(log: &Log, jobs: usize) -> (Vec<u64>, Option<WalFault>) {
        let mut places = Vec::new();
        let of_segment = |reader: &mut SegmentReader<'_, '_>, outlet: &mut Outlet<'_, _>| {
            while let Some(event) = reader.read() {
                let Event::Record(located) = event else { panic!("{event:?}") };
                let lsn = located.lsn.0;
                assert!(outlet.give(reader, Some(lsn)).is_continue());
            }
            None
        };
        let ended = read_in_parts(log, Range::default(), jobs, of_segment, |step| {
            let Step::Part(part) = step else { panic!("{step:?}") };
            places.extend(part.answer);
            ControlFlow::Continue(())
        });
        (places, ended.map(|end| end.failure.fault))
    }

    /// As many records as pg_waldump of 13.16 and 18.6 prints of these segments.
    #[test]
    fn any_number_of_threads_and_parts_reads_the_same_records() {
        for (fixture, count) in [("pg13/clean.tar.zst", 679), ("pg18/clean.tar.zst", 540)] {
            let log = log(fixture);
            let one = records(&log, 1);
            assert_eq!(one.0.len(), count, "{fixture}");
            assert!(one.0.is_sorted());
            assert_eq!(one.1, Some(WalFault::TooShort { xl_tot_len: 0 }));
            assert_eq!(records(&log, 4), one);
            assert_eq!(one_by_one(&log, 1), one);
            assert_eq!(one_by_one(&log, 2), one);
        }
    }
}
