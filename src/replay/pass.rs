//! One pass over the part of the log that is replayed: threads note what records do, and what they
//! noted is taken in the order of the log.
use super::Span;
use super::order::{self, Rules};
use super::outcome;
use crate::format::wal::{Failure, Located, Record};
use crate::types::Lsn;
use crate::wal::{Event, Gap, Log, SegmentReader, Step, read};
use std::ops::ControlFlow;

/// What one segment says.
#[derive(Debug)]
pub struct Part<N> {
    /// Of blocks and files.
    pub order: order::Noted<N>,
    /// Of transactions and counters.
    pub outcome: outcome::Noted,
    /// Records.
    pub records: u64,
    /// Bytes of records.
    pub bytes: u64,
    /// Where the last of them ends.
    end: Option<Lsn>,
    /// Why it ends there, before the end of the segment.
    stopped: Option<Failure>,
}

/// How far it went.
#[derive(Debug, Clone, Copy, Default)]
pub struct Passed {
    /// Segments that were read.
    pub segments: u64,
    /// Records that are replayed.
    pub records: u64,
    /// Bytes of these.
    pub bytes: u64,
    /// Where the last one ends.
    pub end: Option<Lsn>,
    /// Why there is none behind it; `None` if the end of the span was reached.
    pub stopped: Option<Failure>,
}

/// Reads the records of `span` up to the first that cannot be read, on `jobs` threads. `note` is
/// kept of those records for which there is one; what a segment says goes to `take`.
pub fn pass<N: Send>(
    log: &Log,
    span: Span,
    jobs: usize,
    rules: &Rules<'_>,
    note: impl Fn(&Located<'_>, &Record<'_>) -> Option<N> + Sync,
    mut take: impl FnMut(Part<N>),
) -> Passed {
    let of_segment = |reader: &mut SegmentReader<'_, '_>| {
        let mut part = Part::new();
        while let Some(event) = reader.read() {
            match event {
                Event::Record(located) => match Record::parse(located.bytes, &log.dialect) {
                    Ok(record) => part.record(rules, &located, &record, &note),
                    Err(fault) => {
                        part.stopped = Some(Gap::undecodable(log, &located, fault).failure);
                        break;
                    }
                },
                Event::Gap(gap) => {
                    part.stopped = Some(gap.failure);
                    break;
                }
            }
        }
        part.outcome.finish();
        part
    };
    let mut passed = Passed::default();
    let mut stopped = None;
    let end = read(log, span.range(), jobs, of_segment, |step| match step {
        Step::Gap(gap) => {
            stopped = Some(gap.failure);
            ControlFlow::Break(())
        }
        Step::Part(part) => {
            let part = part.answer;
            passed.segments += 1;
            passed.records += part.records;
            passed.bytes += part.bytes;
            passed.end = part.end.or(passed.end);
            stopped = part.stopped;
            take(part);
            if stopped.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    });
    passed.stopped = stopped.or(end.map(|end| end.failure));
    passed
}

impl<N> Part<N> {
    fn new() -> Self {
        Self {
            order: order::Noted::new(),
            outcome: outcome::Noted::default(),
            records: 0,
            bytes: 0,
            end: None,
            stopped: None,
        }
    }

    #[inline]
    fn record(
        &mut self,
        rules: &Rules<'_>,
        located: &Located<'_>,
        record: &Record<'_>,
        note: &impl Fn(&Located<'_>, &Record<'_>) -> Option<N>,
    ) {
        self.records += 1;
        self.bytes += u64::from(record.header.xl_tot_len);
        self.end = Some(located.next);
        self.order.record(rules, located, record, note(located, record));
        self.outcome.record(rules.dialect, located, record);
    }
}
