//! Segments read by several threads, their answers taken in order.
use super::log::Log;
use super::segment::{Seam, SegmentReader};
use crate::format::wal::SegmentNumber;
use crate::types::Lsn;
use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Answers that may wait for those before them, for each thread. An answer that grows with what is
/// in the log is given in parts ([`Outlet`]): that bounds memory.
const WAITING: usize = 64;

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

/// What came of one segment, or of some of it.
#[derive(Debug)]
pub struct Part<T> {
    /// The segment.
    pub segment: SegmentNumber,
    /// How it joins its neighbours, as far as it was read.
    pub seam: Seam,
    /// The answer.
    pub answer: T,
}

/// Where the thread that reads a segment hands on what came of it so far.
pub struct Outlet<'o, T> {
    segment: SegmentNumber,
    give: &'o mut dyn FnMut(Part<T>) -> ControlFlow<()>,
}

impl<T> Outlet<'_, T> {
    /// Hands on what came of the records that `reader` has given, at least one. Waits while too
    /// much is ahead of what was taken. `Break` if no more is wanted.
    pub fn give(&mut self, reader: &SegmentReader<'_, '_>, answer: T) -> ControlFlow<()> {
        (self.give)(Part { segment: self.segment, seam: reader.seam(), answer })
    }
}

/// Gives each segment of `range` to `read`, on `jobs` threads, and what comes of it to `take`, in
/// the order of the segments, on this thread. `take` ends it early by `Break`. What `read` does not
/// hand on before, it returns.
pub fn walk<T: Send>(
    log: &Log,
    range: Range,
    jobs: usize,
    read: impl Fn(&mut SegmentReader<'_, '_>, &mut Outlet<'_, T>) -> T + Sync,
    mut take: impl FnMut(Part<T>) -> ControlFlow<()>,
) {
    let size = log.shape.segment_size;
    let first = SegmentNumber::of(range.from, size);
    let segments = log.segments().keys().copied();
    let wanted = |segment: &SegmentNumber| *segment >= first && segment.start(size) < range.until;
    let segments: Vec<_> = segments.filter(wanted).collect();
    let one = |segment: SegmentNumber, give: &mut dyn FnMut(Part<T>) -> ControlFlow<()>| {
        let window = log.window(segment);
        let mut reader = SegmentReader::new(&window, log, segment, range);
        let answer = read(&mut reader, &mut Outlet { segment, give });
        Part { segment, seam: reader.seam(), answer }
    };
    if jobs <= 1 || segments.len() <= 1 {
        let _ = segments.into_iter().try_for_each(|segment| {
            let mut flow = ControlFlow::Continue(());
            let last = one(segment, &mut |part| {
                flow = take(part);
                flow
            });
            flow?;
            take(last)
        });
        return;
    }
    let queue = Queue::new(jobs);
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(segments.len()) {
            scope.spawn(|| {
                while let Some(index) = queue.claim(segments.len()) {
                    let Some(&segment) = segments.get(index) else { break };
                    let last = one(segment, &mut |part| queue.deliver(index, part, false));
                    let _ = queue.deliver(index, last, true);
                }
            });
        }
        let _ = (0..segments.len()).try_for_each(|index| {
            loop {
                let (part, is_last) = queue.wait(index);
                take(part)?;
                if is_last {
                    return ControlFlow::Continue(());
                }
            }
        });
        queue.stop();
    });
}

/// Answers that wait for those before them. A thread may run ahead of what was taken by as many
/// segments as there are threads, twice over.
struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    jobs: usize,
}

struct State<T> {
    /// The next segment to be read, as an index.
    next: usize,
    /// The one whose answers are being taken.
    current: usize,
    stopped: bool,
    /// Answers, by segment; with each whether it is the segment's last.
    ready: BTreeMap<usize, VecDeque<(Part<T>, bool)>>,
    /// How many there are.
    waiting: usize,
}

impl<T> State<T> {
    /// Whether a thread has to wait before it adds to the answers of a segment. Of the one that is
    /// being taken there is always room for one, so that this goes on.
    fn is_full(&self, index: usize, most: usize) -> bool {
        let next = index == self.current && !self.ready.contains_key(&index);
        !self.stopped && self.waiting >= most && !next
    }
}

impl<T> Queue<T> {
    fn new(jobs: usize) -> Self {
        let (next, current, stopped, ready, waiting) = (0, 0, false, BTreeMap::new(), 0);
        let state = Mutex::new(State { next, current, stopped, ready, waiting });
        Self { state, changed: Condvar::new(), jobs }
    }

    /// The next segment to read, once it is not too far ahead; `None` when there is none.
    fn claim(&self, count: usize) -> Option<usize> {
        let ahead = self.jobs.saturating_mul(2);
        let far = |state: &State<T>| {
            !state.stopped && state.next < count && state.next > state.current.saturating_add(ahead)
        };
        let mut state = self.wait_while(self.lock(), far);
        if state.stopped || state.next >= count {
            return None;
        }
        state.next += 1;
        Some(state.next - 1)
    }

    /// Adds to the answers of a segment, once there is room; `Break` if no more is wanted.
    fn deliver(&self, index: usize, part: Part<T>, is_last: bool) -> ControlFlow<()> {
        let most = self.jobs.saturating_mul(WAITING);
        let mut state = self.wait_while(self.lock(), |state| state.is_full(index, most));
        if state.stopped {
            return ControlFlow::Break(());
        }
        state.ready.entry(index).or_default().push_back((part, is_last));
        state.waiting += 1;
        drop(state);
        self.changed.notify_all();
        ControlFlow::Continue(())
    }

    /// The next answer of a segment, and whether it is its last.
    fn wait(&self, index: usize) -> (Part<T>, bool) {
        let mut state = self.lock();
        state.current = index;
        self.changed.notify_all();
        loop {
            if let Some(mut queue) = state.ready.remove(&index)
                && let Some(next) = queue.pop_front()
            {
                if !queue.is_empty() {
                    state.ready.insert(index, queue);
                }
                state.waiting -= 1;
                drop(state);
                self.changed.notify_all();
                return next;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while<'s>(
        &self,
        state: MutexGuard<'s, State<T>>,
        condition: impl Fn(&State<T>) -> bool,
    ) -> MutexGuard<'s, State<T>> {
        let waited = self.changed.wait_while(state, |state| condition(state));
        waited.unwrap_or_else(PoisonError::into_inner)
    }
}
