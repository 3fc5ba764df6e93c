//! The course of recovery: the main loop of redo (`PerformWalRecovery`, `ApplyWalRecord`,
//! `CheckRecoveryConsistency`, access/transam/xlogrecovery.c), of which only those records are looked
//! at that steer it.
mod end;
mod notes;
mod state;
mod stop;
mod tally;

pub use notes::{Ended, Last};
pub use stop::Stop;
pub use tally::Tally;

use super::start::{Limits, Start, archive};
use super::target::Goal;
use crate::cluster::Cluster;
use crate::format::wal::{Failure, SegmentNumber};
use crate::report::replay::Refusal;
use crate::types::{Lsn, TimelineId, TimestampTz};
use crate::wal::{Behind, Log, Range, SegmentReader, Step, read};
use notes::{Marks, Seen};
use state::State;
use std::ops::ControlFlow;

/// A restore point in WAL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPoint {
    /// Its record.
    pub lsn: Lsn,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub time: TimestampTz,
}

/// How recovery goes.
#[derive(Debug)]
pub struct Course {
    /// The first record that is replayed; `None` if there is none.
    pub first: Option<Lsn>,
    /// The last record that is replayed, or by which WAL ends if none is.
    pub last: Option<Last>,
    /// The record that was read last: it is not replayed if recovery stops before it.
    pub done: Option<Lsn>,
    /// The last transaction of which the server says that it was completed.
    pub completed: Option<Ended>,
    /// What is replayed.
    pub replayed: Tally,
    /// Where the files are consistent.
    pub consistent: Option<Lsn>,
    /// Where the backup ends.
    pub backup_end: Option<Lsn>,
    /// Where the target stops it.
    pub stop: Option<Stop>,
    /// Where the server goes on writing.
    pub end: Lsn,
    /// The timeline of the last record.
    pub timeline: TimelineId,
    /// Valid WAL behind the place where recovery ended.
    pub left_out: Tally,
    /// Where WAL ends, and why; `None` if it has no end that can be told.
    pub wal_end: Option<Failure>,
    /// What is behind that.
    pub behind: Behind,
    /// Whether the last record of WAL is a shutdown checkpoint.
    pub shutdown: bool,
    /// Records behind it that no server reads.
    pub lost: Tally,
    /// Restore points, in order, those too that are not reached.
    pub points: Vec<NamedPoint>,
    /// How many segments were read, and bytes of their files.
    pub read: (u64, u64),
    /// How far it still had to go.
    pub limits: Limits,
    /// Why it fails, if it does.
    pub refusal: Option<Refusal>,
}

/// Follows recovery from where `start` begins to the end of WAL, on `jobs` threads.
pub fn run(cluster: &Cluster, start: &Start, jobs: usize) -> Course {
    let crash_end = start.crash_log.as_ref().map(|log| {
        let course = follow(cluster, start, (log, None), jobs);
        course.left_out.end.or(course.last.map(|last| last.end)).unwrap_or(start.begin)
    });
    let course = follow(cluster, start, (&start.log, crash_end), jobs);
    end::judge(course, cluster, start)
}

/// Reads `log` from where `start` begins; `crash_end` is where pg_wal alone ends, if archive recovery
/// follows.
fn follow(
    cluster: &Cluster,
    start: &Start,
    (log, crash_end): (&Log, Option<Lsn>),
    jobs: usize,
) -> Course {
    let mut state = State::new(cluster, start, crash_end);
    let marks = marks(start, crash_end);
    let size = log.shape.segment_size;
    // What is read before archive recovery begins is from pg_wal.
    let archived = SegmentNumber::of(crash_end.unwrap_or(start.begin), size);
    let refused = |number: SegmentNumber| {
        if number < archived { None } else { archive::refused(log, number, cluster) }
    };
    let range = Range { from: start.begin, until: Lsn(u64::MAX) };
    let of_segment =
        |reader: &mut SegmentReader<'_, '_>| Seen::read(log, &start.path, &marks, reader);
    let end = read(log, range, jobs, of_segment, |step| {
        match step {
            Step::Gap(gap) => {
                state.fetch(refused(SegmentNumber::of(gap.failure.page, size)));
                state.gap(&gap);
            }
            Step::Part(part) => {
                state.fetch(refused(part.segment));
                let len = log.segments().get(&part.segment).map_or(0, |file| file.len);
                state.segment(&part.answer, len);
            }
        }
        ControlFlow::Continue(())
    });
    state.finish(end)
}

/// Places at which any record matters.
fn marks(start: &Start, crash_end: Option<Lsn>) -> Marks {
    let mut marks = Marks::default();
    if let Some(Goal::Lsn(lsn)) = start.target.goal {
        marks.begins.push(lsn);
    }
    let limits = &start.limits;
    marks.ends.extend([limits.min_recovery_point, limits.backup_end]);
    marks.ends.extend(crash_end);
    marks
}
