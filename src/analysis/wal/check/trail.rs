//! The records of a stretch of WAL, counted; and the places where none can be read.
use super::turn::{Turn, Turns};
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::wal::rmgr::Resource as _;
use crate::format::wal::rmgr::xact::Xact;
use crate::format::wal::{BlockRef, Located, Record, SegmentNumber};
use crate::report::wal::check::Stretch;
use crate::types::{BlockNumber, Lsn, TimelineId, TimestampTz};
use crate::wal::{Event, Gap, Log, SegmentReader};

/// `RM_XLOG_ID`.
const RM_XLOG: u8 = 0;
/// `RM_XACT_ID`.
const RM_XACT: u8 = 1;
/// `XLOG_CHECKPOINT_SHUTDOWN`.
const SHUTDOWN: u8 = 0x00;
/// Gaps of which each is listed; of a damaged archive there may be millions.
const KEPT: usize = 100;

/// The first record on a page of another timeline than that of the page before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begun {
    pub(super) timeline: TimelineId,
    pub(super) lsn: Lsn,
    /// The record before it.
    pub(super) prev: Lsn,
}

/// Records up to a gap, the gap, records behind it, and so on.
#[derive(Debug, Default)]
pub(super) struct Trail {
    /// Up to the first gap.
    pub(super) head: Stretch,
    /// The first gaps, each with the records up to the next one that is here.
    pub(super) gaps: Vec<(Gap, Stretch)>,
    /// How many gaps there are.
    pub(super) gap_count: u64,
    /// Where pages of another timeline begin, in order.
    pub(super) timelines: Vec<Begun>,
    /// Where records say that another timeline begins, in order.
    pub(super) turns: Vec<Turn>,
    /// Which of the records that were looked for are there.
    pub(super) seen: Vec<Lsn>,
    /// What is wrong with single records.
    pub(super) findings: Findings,
}

impl Trail {
    /// Reads a segment, and notes which of the records `wanted` are in it.
    pub(super) fn read(log: &Log, reader: &mut SegmentReader<'_, '_>, wanted: &[Lsn]) -> Self {
        let mut trail = Self::default();
        let (mut page, mut turns) = (Vec::new(), Turns::default());
        while let Some(event) = reader.read() {
            match event {
                Event::Gap(gap) => trail.gap(gap),
                Event::Record(located) => {
                    if wanted.contains(&located.lsn) {
                        trail.seen.push(located.lsn);
                    }
                    trail.record(log, &located, (&mut page, &mut turns));
                }
            }
        }
        trail.turns = turns.all;
        trail
    }

    /// Notes records that cannot be read.
    pub(super) fn gap(&mut self, gap: Gap) {
        self.gap_count += 1;
        if self.gaps.len() < KEPT {
            self.gaps.push((gap, Stretch::default()));
        }
    }

    /// Adds what comes later.
    pub(super) fn merge(&mut self, later: Self) {
        self.last().merge(&later.head);
        for (gap, behind) in later.gaps {
            self.gap(gap);
            self.last().merge(&behind);
        }
        // Those of the later part that were not kept there.
        let uncounted = later.gap_count.saturating_sub(KEPT as u64);
        self.gap_count += uncounted;
        for begun in later.timelines {
            self.on_timeline(begun);
        }
        self.turns.extend(later.turns);
        self.seen.extend(later.seen);
        self.findings.merge(later.findings);
    }

    /// All records behind the first gap, up to a gap behind which is the record at `until`.
    pub(super) fn beyond(&self, until: Option<Lsn>) -> Stretch {
        let gaps = self.gaps.iter();
        let gaps = gaps.take_while(|(gap, _)| until.is_none_or(|until| gap.resumed < until));
        gaps.map(|(_, behind)| behind).fold(Stretch::default(), |mut all, behind| {
            all.merge(behind);
            all
        })
    }

    fn last(&mut self) -> &mut Stretch {
        match self.gaps.last_mut() {
            Some((_, behind)) => behind,
            None => &mut self.head,
        }
    }

    fn on_timeline(&mut self, begun: Begun) {
        if self.timelines.last().is_none_or(|last| last.timeline != begun.timeline) {
            self.timelines.push(begun);
        }
    }

    fn record(
        &mut self,
        log: &Log,
        located: &Located<'_>,
        (page, turns): (&mut Vec<u8>, &mut Turns),
    ) {
        let (timeline, lsn, prev) = (located.timeline, located.lsn, located.header.xl_prev);
        self.on_timeline(Begun { timeline, lsn, prev });
        let parsed = Record::parse(located.bytes, &log.dialect);
        let record = match parsed {
            Ok(record) => record,
            Err(fault) => {
                // PostgreSQL ends here too.
                self.gap(Gap::undecodable(log, located, fault));
                return;
            }
        };
        turns.record((&log.dialect, &log.shape), lsn, &record);
        let xact = (record.header.xl_rmid == RM_XACT)
            .then(|| Xact::parse(&record, &log.dialect).ok())
            .flatten();
        let (commit, abort) = match &xact {
            Some(Xact::Commit(ending)) => (Some(ending.xact_time), None),
            Some(Xact::Abort(ending)) => (None, Some(ending.xact_time)),
            _ => (None, None),
        };
        let shutdown = record.header.xl_rmid == RM_XLOG && record.info() == SHUTDOWN;
        self.last().merge(&one(located, commit, abort, shutdown));
        self.blocks(log, located, &record, page);
    }

    /// Judges the blocks that the record names.
    fn blocks(
        &mut self,
        log: &Log,
        located: &Located<'_>,
        record: &Record<'_>,
        page: &mut Vec<u8>,
    ) {
        for block in &record.blocks {
            let at = || {
                let (fork, number) = (Some(block.fork), Some(block.block));
                Place { fork, block: number, ..place(log, located.lsn) }
            };
            if block.block == BlockNumber::INVALID {
                let what = format!("block {} of {}", block.block, path(block));
                self.findings.push(Finding::new(&rules::WAL_BLOCK_NUMBER, at(), what));
            }
            let size = log.dialect.geometry.block_size;
            let restored = block.image.map(|image| image.restore(size, page));
            if let Some(Err(error)) = restored {
                let what =
                    format!("{error}: the image of block {} of {}", block.block, path(block));
                self.findings.push(Finding::new(&rules::WAL_IMAGE_DAMAGED, at(), what));
            }
        }
    }
}

/// Where a record is: its segment's file, and the byte in it.
pub(super) fn place(log: &Log, lsn: Lsn) -> Place {
    let segment = SegmentNumber::of(lsn, log.shape.segment_size);
    let start = segment.start(log.shape.segment_size);
    let file = log.segments().get(&segment).map(|file| file.path.clone());
    Place {
        file,
        byte: lsn.0.checked_sub(start.0),
        timeline: Some(log.timeline_of(segment)),
        lsn: Some(lsn),
        ..Place::default()
    }
}

/// `tablespace/database/filenode`.
fn path(block: &BlockRef<'_>) -> String {
    let of = block.locator;
    format!("{}/{}/{}", of.tablespace, of.database, of.number)
}

fn one(
    located: &Located<'_>,
    commit: Option<TimestampTz>,
    abort: Option<TimestampTz>,
    shutdown: bool,
) -> Stretch {
    let time = commit.or(abort);
    Stretch {
        start_lsn: Some(located.lsn),
        last_lsn: Some(located.lsn),
        end_lsn: Some(located.end),
        records: 1,
        commits: u64::from(commit.is_some()),
        aborts: u64::from(abort.is_some()),
        since: time,
        until: time,
        shutdown,
    }
}
