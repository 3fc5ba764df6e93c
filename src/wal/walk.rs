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
    /// Records that end here or before, padding apart.
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
        let mut reader = SegmentReader::new(&window, log, segment, range);
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
