//! Segments read by several threads, their answers taken in order.
use super::log::Log;
use super::segment::{Seam, SegmentReader};
use crate::format::wal::SegmentNumber;
use crate::types::Lsn;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, PoisonError};

/// Which part of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Records that begin here or later.
    pub from: Lsn,
    /// Records that begin before this.
    pub until: Lsn,
}

impl Default for Range {
    fn default() -> Self {
        Self { from: Lsn::INVALID, until: Lsn(u64::MAX) }
    }
}

/// What came of one segment.
#[derive(Debug)]
pub struct Part<T> {
    /// The segment.
    pub segment: SegmentNumber,
    /// How it joins its neighbours.
    pub seam: Seam,
    /// The answer.
    pub answer: T,
}

/// Answers that wait for those before them. A thread may run ahead of what was taken by as many
/// segments as there are threads, twice over: that bounds memory.
struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    /// The next segment to be read, as an index.
    next: usize,
    /// How many were taken.
    taken: usize,
    stopped: bool,
    ready: BTreeMap<usize, Part<T>>,
}

/// Gives each segment of `range` to `read`, on `jobs` threads, and what comes of it to `take`, in
/// the order of the segments, on this thread. `take` ends it early by `Break`.
pub fn walk<T: Send>(
    log: &Log,
    range: Range,
    jobs: usize,
    read: impl Fn(&mut SegmentReader<'_, '_>) -> T + Sync,
    mut take: impl FnMut(Part<T>) -> ControlFlow<()>,
) {
    let size = log.shape.segment_size;
    let first = SegmentNumber::of(range.from, size);
    let segments = log.segments().keys().copied();
    let wanted = |segment: &SegmentNumber| *segment >= first && segment.start(size) < range.until;
    let segments: Vec<_> = segments.filter(wanted).collect();
    let one = |segment: SegmentNumber| {
        let window = log.window(segment);
        let mut reader = SegmentReader::new(&window, log.shape, segment, range.from, range.until);
        let answer = read(&mut reader);
        Part { segment, seam: reader.seam(), answer }
    };
    if jobs <= 1 || segments.len() <= 1 {
        let _ = segments.into_iter().try_for_each(|segment| take(one(segment)));
        return;
    }
    let state = State { next: 0, taken: 0, stopped: false, ready: BTreeMap::new() };
    let queue = Queue { state: Mutex::new(state), changed: Condvar::new() };
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(segments.len()) {
            scope.spawn(|| {
                while let Some(index) = queue.claim(segments.len(), jobs * 2) {
                    let Some(&segment) = segments.get(index) else { break };
                    queue.deliver(index, one(segment));
                }
            });
        }
        for index in 0..segments.len() {
            if take(queue.wait(index)).is_break() {
                break;
            }
        }
        queue.stop();
    });
}

impl<T> Queue<T> {
    /// The next segment to read, once it is not too far ahead; `None` when there is none.
    fn claim(&self, count: usize, ahead: usize) -> Option<usize> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !state.stopped && state.next < count && state.next >= state.taken + ahead {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.stopped || state.next >= count {
            return None;
        }
        state.next += 1;
        Some(state.next - 1)
    }

    fn deliver(&self, index: usize, part: Part<T>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.ready.insert(index, part);
        drop(state);
        self.changed.notify_all();
    }

    fn wait(&self, index: usize) -> Part<T> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(part) = state.ready.remove(&index) {
                state.taken = index + 1;
                drop(state);
                self.changed.notify_all();
                return part;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn stop(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).stopped = true;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::{Range, walk};
    use crate::cluster::{Cluster, OpenOptions};
    use crate::format::wal::{Record, WalFault};
    use crate::source::{self, Quiet, Source};
    use crate::wal::{Event, Log, Timelines};
    use std::ops::ControlFlow;
    use std::path::Path;

    fn log(fixture: &str) -> Log {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
        let source = Source::open(&path, &source::Options::default(), &Quiet).unwrap();
        let cluster = Cluster::open(source, &OpenOptions::default()).unwrap();
        Log::of_cluster(&cluster, Timelines::Latest).unwrap()
    }

    /// Each record's place, from all segments, with the failures.
    fn records(log: &Log, jobs: usize) -> (Vec<u64>, Vec<WalFault>) {
        let (mut places, mut faults) = (Vec::new(), Vec::new());
        let read = |reader: &mut crate::wal::SegmentReader<'_, '_>| {
            let (mut places, mut faults) = (Vec::new(), Vec::new());
            while let Some(event) = reader.read() {
                match event {
                    Event::Record(located) => {
                        Record::parse(located.bytes, &log.dialect).unwrap();
                        places.push(located.lsn.0);
                    }
                    Event::Fault { failure, .. } => faults.push(failure.fault),
                }
            }
            (places, faults)
        };
        walk(log, Range::default(), jobs, read, |part| {
            places.extend(part.answer.0);
            faults.extend(part.answer.1);
            ControlFlow::Continue(())
        });
        (places, faults)
    }

    /// As many records as pg_waldump of 13.16 and 18.6 prints of these segments.
    #[test]
    fn any_number_of_threads_reads_the_same_records() {
        for (fixture, count) in [("pg13/clean.tar.zst", 679), ("pg18/clean.tar.zst", 540)] {
            let log = log(fixture);
            let one = records(&log, 1);
            assert_eq!(one.0.len(), count, "{fixture}");
            assert!(one.0.is_sorted());
            assert_eq!(one.1.first(), Some(&WalFault::TooShort { xl_tot_len: 0 }));
            assert_eq!(records(&log, 4), one);
        }
    }
}
