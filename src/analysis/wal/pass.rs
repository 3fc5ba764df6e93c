//! Every record of a part of the log, looked at once by the threads that read it.
use super::gap::of_gap;
use crate::finding::Findings;
use crate::format::wal::{Located, Record, SegmentNumber};
use crate::report::Coverage;
use crate::wal::{Event, Gap, Log, Outlet, Range, SegmentReader, Step, read_in_parts};
use std::ops::ControlFlow;

/// What a pass has beside its answer.
#[derive(Debug, Default)]
pub struct Passed {
    /// What is damaged.
    pub findings: Findings,
    /// What was read.
    pub coverage: Coverage,
    /// The segment that was counted last.
    segment: Option<SegmentNumber>,
}

impl Passed {
    /// Counts a segment, of which several parts come one behind the other.
    pub(super) fn cover(&mut self, log: &Log, segment: SegmentNumber) {
        if self.segment.replace(segment) != Some(segment) {
            self.coverage.files += 1;
            self.coverage.bytes += log.segments().get(&segment).map_or(0, |file| file.len);
        }
    }
}

/// Shows every record of `range` to `look`, on `jobs` threads, which notes what it wants in the `T` of
/// its segment; these are given to `take` in the order of the log.
pub fn pass<T: Default + Send>(
    log: &Log,
    range: Range,
    jobs: usize,
    look: impl Fn(&mut T, &Located<'_>, &Record<'_>) + Sync,
    mut take: impl FnMut(T),
) -> Passed {
    pass_in_parts(log, range, jobs, (look, |_: &T| false), |noted| {
        take(noted);
        ControlFlow::Continue(())
    })
}

/// As [`pass`], for notes that are not to be held: a `T` is given to `take` whenever it is full, as
/// the second of `note` says. `take` may end it.
pub fn pass_in_parts<T: Default + Send>(
    log: &Log,
    range: Range,
    jobs: usize,
    note: (impl Fn(&mut T, &Located<'_>, &Record<'_>) + Sync, impl Fn(&T) -> bool + Sync),
    mut take: impl FnMut(T) -> ControlFlow<()>,
) -> Passed {
    let (look, is_full) = note;
    let mut passed = Passed::default();
    let of_segment = |reader: &mut SegmentReader<'_, '_>, outlet: &mut Outlet<'_, _>| {
        let (mut noted, mut gaps) = (T::default(), Vec::new());
        while let Some(event) = reader.read() {
            match event {
                Event::Record(located) => match Record::parse(located.bytes, &log.dialect) {
                    Ok(record) => look(&mut noted, &located, &record),
                    Err(fault) => gaps.push(Gap::undecodable(log, &located, fault)),
                },
                Event::Gap(gap) => gaps.push(gap),
            }
            if is_full(&noted) {
                let part = (std::mem::take(&mut noted), std::mem::take(&mut gaps));
                if outlet.give(reader, part).is_break() {
                    break;
                }
            }
        }
        (noted, gaps)
    };
    read_in_parts(log, range, jobs, of_segment, |step| match step {
        Step::Gap(gap) => {
            passed.findings.push(of_gap(&gap, log.shape.layout));
            ControlFlow::Continue(())
        }
        Step::Part(part) => {
            passed.cover(log, part.segment);
            let (noted, gaps) = part.answer;
            for gap in &gaps {
                passed.findings.push(of_gap(gap, log.shape.layout));
            }
            take(noted)
        }
    });
    passed
}
