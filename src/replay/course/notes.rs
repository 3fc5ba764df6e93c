//! What steers recovery, as the threads that read WAL take it down.
use crate::format::control::WalSettings;
use crate::format::wal::rmgr::Resource as _;
use crate::format::wal::rmgr::xact::{Ending, Xact};
use crate::format::wal::rmgr::xlog::Xlog;
use crate::format::wal::{Located, Record};
use crate::layout::Dialect;
use crate::replay::start::TimelinePart;
use crate::types::{Lsn, TimelineId, TimestampTz, Xid};
use crate::wal::{Event, Gap, Log, SegmentReader};

/// `RM_XLOG_ID`.
const RM_XLOG: u8 = 0;
/// `RM_XACT_ID`.
const RM_XACT: u8 = 1;
/// `XLOG_XACT_OPMASK`.
const OP_MASK: u8 = 0x70;

/// Places at which a record matters, whatever it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    /// The first record that begins here or later.
    pub(super) begins: Vec<Lsn>,
    /// The first record that ends here or later.
    pub(super) ends: Vec<Lsn>,
    /// The next record.
    pub(super) behind: bool,
}

/// One segment.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// In order.
    pub(super) notes: Vec<Note>,
    /// All records that could be read.
    pub(super) records: u64,
    /// The last of them.
    pub(super) last: Option<Last>,
}

/// A record that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// Where it begins.
    pub lsn: Lsn,
    /// Where the next one begins.
    pub end: Lsn,
    /// Whether it is a shutdown checkpoint.
    pub(super) shutdown: bool,
}

/// A record that matters, or a gap.
#[derive(Debug)]
pub(super) struct Note {
    pub(super) lsn: Lsn,
    pub(super) end: Lsn,
    /// Records of the segment before it.
    pub(super) before: u64,
    /// The record before it.
    pub(super) prev: Lsn,
    /// Whether it is of the resource manager Transaction.
    pub(super) xact: bool,
    pub(super) what: What,
}

/// What it is.
#[derive(Debug)]
pub(super) enum What {
    /// Any record, at a place that matters.
    Any,
    /// The end of a transaction.
    Ended(Ended),
    RestorePoint {
        name: String,
        time: TimestampTz,
    },
    BackupEnd {
        start: Lsn,
    },
    Shutdown {
        this: TimelineId,
        prev: TimelineId,
    },
    Online {
        this: TimelineId,
    },
    EndOfRecovery {
        this: TimelineId,
        prev: TimelineId,
    },
    Parameters(WalSettings),
    /// PostgreSQL reads no further.
    Gap(Gap),
}

/// The end of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The record that says so.
    pub lsn: Lsn,
    /// The transaction; that which was prepared, if it was.
    pub xid: Xid,
    /// When.
    pub time: TimestampTz,
    /// Whether it was committed.
    pub commit: bool,
}

impl Seen {
    /// Reads a segment, which has to be of timelines on the `path`.
    pub(super) fn read(
        log: &Log,
        path: &[TimelinePart],
        marks: &Marks,
        reader: &mut SegmentReader<'_, '_>,
    ) -> Self {
        let (mut seen, mut marks) = (Self::default(), marks.clone());
        let (mut known, mut other) = (None, false);
        while let Some(event) = reader.read() {
            let located = match event {
                Event::Record(located) => located,
                Event::Gap(gap) => {
                    seen.gap(gap);
                    continue;
                }
            };
            let timeline = located.last_page.1;
            if !other && known != Some(timeline) {
                known = path.iter().map(|part| part.timeline).find(|part| *part == timeline);
                other = known.is_none();
                if other {
                    seen.gap(Gap::of_other_timeline(log, &located));
                }
            }
            match Record::parse(located.bytes, &log.dialect) {
                Ok(record) => seen.record(&located, &record, &mut marks, &log.dialect),
                Err(fault) => seen.gap(Gap::undecodable(log, &located, fault)),
            }
        }
        seen
    }

    fn gap(&mut self, gap: Gap) {
        let (lsn, end) = (gap.failure.record, gap.resumed);
        let (before, prev) = (self.records, gap.after.unwrap_or_default());
        self.notes.push(Note { lsn, end, before, prev, xact: false, what: What::Gap(gap) });
    }

    fn record(
        &mut self,
        located: &Located<'_>,
        record: &Record<'_>,
        marks: &mut Marks,
        dialect: &Dialect,
    ) {
        let (lsn, end) = (located.lsn, located.next);
        let known = marks.begins.len() + marks.ends.len();
        marks.begins.retain(|mark| lsn < *mark);
        marks.ends.retain(|mark| end < *mark);
        let left = marks.begins.len() + marks.ends.len();
        let marked = self.records == 0 || std::mem::take(&mut marks.behind) || left < known;
        // Recovery may stop before the record that is behind one that makes the files consistent.
        marks.behind = left < known || record.header.xl_rmid == RM_XLOG;
        let what = what(record, lsn, dialect).or(marked.then_some(What::Any));
        let shutdown = matches!(what, Some(What::Shutdown { .. }));
        if let Some(what) = what {
            let (before, prev) = (self.records, record.header.xl_prev);
            let xact = record.header.xl_rmid == RM_XACT;
            self.notes.push(Note { lsn, end, before, prev, xact, what });
        }
        self.last = Some(Last { lsn, end, shutdown });
        self.records += 1;
    }
}

fn what(record: &Record<'_>, lsn: Lsn, dialect: &Dialect) -> Option<What> {
    match record.header.xl_rmid {
        RM_XACT if matches!(record.info() & OP_MASK, 0x00 | 0x20 | 0x30 | 0x40) => {
            let ended = |ending: &Ending<'_>, commit| {
                let xid = ending.twophase_xid.unwrap_or(record.header.xl_xid);
                What::Ended(Ended { lsn, xid, time: ending.xact_time, commit })
            };
            match Xact::parse(record, dialect).ok()? {
                Xact::Commit(ending) => Some(ended(&ending, true)),
                Xact::Abort(ending) => Some(ended(&ending, false)),
                _ => None,
            }
        }
        RM_XLOG => match Xlog::parse(record, dialect).ok()? {
            Xlog::CheckpointShutdown(of) => {
                Some(What::Shutdown { this: of.this_timeline_id, prev: of.prev_timeline_id })
            }
            Xlog::CheckpointOnline(of) => Some(What::Online { this: of.this_timeline_id }),
            Xlog::EndOfRecovery(of) => {
                Some(What::EndOfRecovery { this: of.this_timeline_id, prev: of.prev_timeline_id })
            }
            Xlog::BackupEnd { startpoint } => Some(What::BackupEnd { start: startpoint }),
            Xlog::ParameterChange(of) => Some(What::Parameters(of)),
            Xlog::RestorePoint(of) => {
                let name = of.rp_name.to_string();
                Some(What::RestorePoint { name, time: of.rp_time })
            }
            _ => None,
        },
        _ => None,
    }
}
