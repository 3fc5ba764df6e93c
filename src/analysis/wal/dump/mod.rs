//! `wal dump`: records in order, written by the threads that read them.
mod chunk;

use super::Filter;
use super::gap::of_gap;
use super::pass::Passed;
use super::pool::Pool;
use crate::finding::Findings;
use crate::format::wal::{Located, Record};
use crate::layout::Layout;
use crate::report::Coverage;
use crate::report::wal::dump::{Dump, EndRow};
use crate::types::Lsn;
use crate::wal::{End, Gap, Log, Outlet, Range, SegmentReader, Step, read_in_parts};
use chunk::Chunk;
use std::ops::ControlFlow;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which part of the log.
    pub range: Range,
    /// Which records are written.
    pub filter: Filter,
    /// How many records are written at most.
    pub limit: Option<u64>,
    /// Whether nothing is written: the log is only checked.
    pub quiet: bool,
    /// Whether to end at the first record that cannot be read, as pg_waldump does.
    pub stop_at_damage: bool,
    /// Threads.
    pub jobs: usize,
}

/// How records become text.
pub trait Writer: Sync {
    /// Writes a record.
    fn record(&self, located: &Located<'_>, record: &Record<'_>, out: &mut Vec<u8>);

    /// Writes that nothing is known of a record but its header, the rest of it being `gap`.
    fn undecodable(&self, located: &Located<'_>, gap: &Gap, out: &mut Vec<u8>);

    /// Writes that records are missing.
    fn gap(&self, gap: &Gap, out: &mut Vec<u8>);
}

/// What is written next.
#[derive(Debug)]
pub enum Piece<'p> {
    /// The first record of the range is this; nothing was written yet.
    First(Lsn),
    /// Lines of the answer.
    Text(&'p [u8]),
    /// What could not be read up to here.
    Damage(&'p Gap),
}

/// How it ended.
#[derive(Debug)]
pub struct Dumped {
    /// Why nothing is behind the last record; `None` if all that was asked for was read.
    pub end: Option<End>,
    /// How much was read and shown.
    pub report: Dump<'static>,
    /// What is damaged.
    pub findings: Findings,
    /// What was read.
    pub coverage: Coverage,
}

/// Gives the records that `request` asks for, as `writer` writes them, to `sink`, which may end it.
pub fn dump(
    log: &Log,
    request: &Request,
    writer: &impl Writer,
    mut sink: impl FnMut(Piece<'_>) -> ControlFlow<()>,
) -> Dumped {
    let pool = Pool::new();
    let mut answer = Answer::new(log, request);
    let read = |reader: &mut SegmentReader<'_, '_>, outlet: &mut Outlet<'_, Chunk>| {
        Chunk::read(log, request, writer, &pool, (reader, outlet))
    };
    let end = read_in_parts(log, request.range, request.jobs, read, |step| match step {
        Step::Gap(gap) => {
            if request.stop_at_damage {
                answer.stopped =
                    Some(End { after: gap.after, failure: gap.failure, leftover: None });
                return ControlFlow::Break(());
            }
            let mut text = Vec::new();
            if !request.quiet {
                writer.gap(&gap, &mut text);
            }
            answer.passed.findings.push(of_gap(&gap, log.shape.layout));
            sink(Piece::Damage(&gap))?;
            sink(Piece::Text(&text))
        }
        Step::Part(part) => {
            if let Some((first, _)) = part.seam.first.filter(|_| !answer.begun) {
                answer.begun = true;
                sink(Piece::First(first))?;
            }
            answer.passed.cover(log, part.segment);
            let mut chunk = part.answer;
            let flow = answer.take(&mut chunk, &mut sink);
            // One long record does not keep what it took.
            if chunk.text.capacity() <= 4 * chunk::ENOUGH {
                pool.give(chunk.text);
            }
            flow
        }
    });
    let Answer { report, stopped, passed, .. } = answer;
    let Passed { findings, coverage, .. } = passed;
    let end = stopped.or(end);
    let report = Dump { end: end.map(|end| end_row(&end, log.shape.layout)), ..report };
    Dumped { end, report, findings, coverage }
}

fn end_row(end: &End, layout: &Layout) -> EndRow {
    let failure = &end.failure;
    EndRow {
        lsn: failure.record,
        timeline: failure.timeline,
        file: failure.segment(),
        after: end.after,
        message: failure.said(layout),
        leftover_lsn: end.leftover,
    }
}

/// What was written so far.
struct Answer<'a> {
    log: &'a Log,
    request: &'a Request,
    report: Dump<'static>,
    passed: Passed,
    stopped: Option<End>,
    begun: bool,
}

impl<'a> Answer<'a> {
    fn new(log: &'a Log, request: &'a Request) -> Self {
        let (report, passed) = (Dump::default(), Passed::default());
        Self { log, request, report, passed, stopped: None, begun: false }
    }

    /// Hands on a part, up to the limit.
    fn take(
        &mut self,
        chunk: &mut Chunk,
        sink: &mut impl FnMut(Piece<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let shown = self.report.records_shown;
        let full = self.request.limit.is_some_and(|limit| chunk.cut(limit.saturating_sub(shown)));
        self.report.records_shown += chunk.shown;
        self.report.records_read += chunk.records;
        for (_, gap) in &chunk.damage {
            self.passed.findings.push(of_gap(gap, self.log.shape.layout));
            sink(Piece::Damage(gap))?;
        }
        sink(Piece::Text(&chunk.text))?;
        match chunk.stopped.filter(|_| !full) {
            Some(end) => self.stopped = Some(end),
            None if full => {}
            None => return ControlFlow::Continue(()),
        }
        ControlFlow::Break(())
    }
}
