//! Every record of a part of the log, looked at once by the threads that read it.
use super::gap::of_gap;
use crate::finding::Findings;
use crate::format::wal::{Located, Record, SegmentNumber};
use crate::report::Coverage;
use crate::wal::{Event, Gap, Log, Range, SegmentReader, Step, read};
use std::ops::ControlFlow;

/// What a pass has beside its answer.
#[derive(Debug, Default)]
pub struct Passed {
    /// What is damaged.
    pub findings: Findings,
    /// What was read.
    pub coverage: Coverage,
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
    let mut passed = Passed::default();
    let of_segment = |reader: &mut SegmentReader<'_, '_>| {
        let (mut noted, mut gaps) = (T::default(), Vec::new());
        while let Some(event) = reader.read() {
            match event {
                Event::Record(located) => match Record::parse(located.bytes, &log.dialect) {
                    Ok(record) => look(&mut noted, &located, &record),
                    Err(fault) => gaps.push(Gap::undecodable(log, &located, fault)),
                },
                Event::Gap(gap) => gaps.push(gap),
            }
        }
        (noted, gaps)
    };
    read(log, range, jobs, of_segment, |step| {
        match step {
            Step::Gap(gap) => passed.findings.push(of_gap(&gap, log.shape.layout)),
            Step::Part(part) => {
                passed.coverage.files += 1;
                passed.coverage.bytes += len_of(log, part.segment);
                let (noted, gaps) = part.answer;
                for gap in &gaps {
                    passed.findings.push(of_gap(gap, log.shape.layout));
                }
                take(noted);
            }
        }
        ControlFlow::Continue(())
    });
    passed
}

/// Bytes of a segment's file.
pub(super) fn len_of(log: &Log, segment: SegmentNumber) -> u64 {
    log.segments().get(&segment).map_or(0, |file| file.len)
}
