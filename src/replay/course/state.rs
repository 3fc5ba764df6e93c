//! What recovery knows while it goes on.
use super::notes::{Last, Note, Seen, What};
use super::{Course, NamedPoint, Stop, Tally};
use crate::cluster::{Cluster, Settings};
use crate::format::wal::{PageHeader, WalFault};
use crate::layout::{Layout, StartupRules};
use crate::replay::start::parameters;
use crate::replay::start::{Kind, Limits, Start, TimelinePart};
use crate::replay::target::Target;
use crate::report::replay::Refusal;
use crate::types::{Lsn, TimelineId};
use crate::wal::{Behind, End, Gap};

/// Which part of WAL it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Records are replayed.
    Replaying,
    /// Recovery has ended; WAL goes on.
    LeftOut,
    /// WAL has ended; records go on.
    Lost,
}

/// What recovery knows.
pub(super) struct State<'a> {
    layout: &'static Layout,
    rules: StartupRules,
    settings: &'a Settings,
    target: &'a Target,
    path: &'a [TimelinePart],
    /// `ArchiveRecoveryRequested`.
    requested: bool,
    limits: Limits,
    /// Where archive recovery begins, if it does not at once.
    crash_end: Option<Lsn>,
    block_size: u64,
    phase: Phase,
    /// Records of the segment that are counted.
    counted: u64,
    course: Course,
}

impl<'a> State<'a> {
    pub(super) fn new(cluster: &'a Cluster, start: &'a Start, crash_end: Option<Lsn>) -> Self {
        let layout = cluster.dialect().layout;
        let checkpoint = start.checkpoint.as_ref();
        let mut state = Self {
            layout,
            rules: layout.startup(),
            settings: cluster.settings(),
            target: &start.target,
            path: &start.path,
            requested: start.requested,
            limits: start.limits,
            crash_end,
            block_size: cluster.dialect().geometry.wal_block_size.into(),
            phase: Phase::Replaying,
            counted: 0,
            course: Course {
                first: None,
                last: None,
                done: None,
                completed: None,
                replayed: Tally::default(),
                consistent: None,
                backup_end: None,
                stop: None,
                end: start.begin,
                timeline: checkpoint.map_or(TimelineId(0), |checkpoint| checkpoint.timeline),
                left_out: Tally::default(),
                wal_end: None,
                behind: Behind::Nothing,
                shutdown: checkpoint.is_some_and(|checkpoint| checkpoint.shutdown),
                lost: Tally::default(),
                points: Vec::new(),
                read: (0, 0),
                limits: start.limits,
                refusal: None,
            },
        };
        if start.kind == Kind::None || start.skips_redo() {
            state.phase = Phase::LeftOut;
        }
        state.check_consistency(start.begin);
        if crash_end.is_some_and(|end| end <= start.begin) {
            state.enter_archive(start.begin);
        }
        state
    }

    /// The next segment is asked for, and its file may be `refused`.
    pub(super) fn fetch(&mut self, refused: Option<Refusal>) {
        if self.phase == Phase::Replaying && refused.is_some() {
            (self.course.refusal, self.phase) = (refused, Phase::LeftOut);
        }
    }

    /// Takes a segment.
    pub(super) fn segment(&mut self, seen: &Seen, bytes: u64) {
        self.course.read.0 += 1;
        self.course.read.1 += bytes;
        self.counted = 0;
        for note in &seen.notes {
            self.note(note);
        }
        self.count(seen.records);
        if let Some(last) = seen.last {
            match self.phase {
                Phase::Replaying => self.replayed(last),
                Phase::LeftOut => self.course.left_out.end = Some(last.end),
                Phase::Lost => self.course.lost.end = Some(last.end),
            }
            if self.phase != Phase::Lost {
                self.course.shutdown = last.shutdown;
            }
        }
    }

    /// Takes a place where WAL ends for PostgreSQL.
    pub(super) fn gap(&mut self, gap: &Gap) {
        if self.phase != Phase::Lost {
            let failure = gap.failure;
            let read = matches!(failure.fault, WalFault::OtherTimeline { .. });
            if self.phase == Phase::Replaying && read {
                self.course.done = Some(failure.record);
            }
            self.course.wal_end = Some(failure);
            self.course.behind = Behind::Records;
            self.phase = Phase::Lost;
            self.course.lost.start = Some(gap.resumed);
        }
    }

    /// Gives what it came to.
    pub(super) fn finish(mut self, end: Option<End>) -> Course {
        if let (Some(end), None) = (end, self.course.wal_end) {
            self.course.wal_end = Some(end.failure);
            if end.leftover.is_some() {
                self.course.behind = Behind::Leftover;
            }
        }
        self.course.limits = self.limits;
        self.course
    }

    fn tally(&mut self) -> &mut Tally {
        match self.phase {
            Phase::Replaying => &mut self.course.replayed,
            Phase::LeftOut => &mut self.course.left_out,
            Phase::Lost => &mut self.course.lost,
        }
    }

    /// Counts the records of the segment up to `until`, where those that were counted are.
    fn count(&mut self, until: u64) {
        let more = until.saturating_sub(self.counted);
        self.counted = until.max(self.counted);
        self.tally().records += more;
    }

    fn note(&mut self, note: &Note) {
        if let What::RestorePoint { name, time } = &note.what
            && self.phase != Phase::Lost
        {
            let point = NamedPoint { lsn: note.lsn, name: name.clone(), time: *time };
            self.course.points.push(point);
        }
        match (&note.what, self.phase) {
            (What::Gap(gap), phase) => {
                if phase == Phase::Replaying {
                    self.before(note, gap.after);
                }
                self.count(note.before);
                self.gap(gap);
            }
            (_, Phase::Replaying) => self.replay(note),
            (What::Ended(ended), _) => {
                let ended = *ended;
                self.tally().ended(ended);
            }
            _ => {}
        }
        let tally = self.tally();
        if !matches!(note.what, What::Gap(_)) {
            tally.start.get_or_insert(note.lsn);
        }
    }

    /// One turn of the main loop.
    fn replay(&mut self, note: &Note) {
        let consistent = self.course.consistent.is_some();
        self.course.first.get_or_insert(note.lsn);
        let target = self.requested.then_some(self.target);
        if let Some(stop) = target.and_then(|target| target.before(note, consistent, self.layout)) {
            self.before(note, Some(note.prev));
            self.count(note.before);
            return self.stop(note, stop);
        }
        if let Err(refusal) = self.apply(note) {
            self.before(note, Some(note.prev));
            self.count(note.before);
            self.course.refusal = Some(refusal);
            (self.course.done, self.phase) = (Some(note.lsn), Phase::LeftOut);
            return;
        }
        let shutdown = matches!(note.what, What::Shutdown { .. });
        self.replayed(Last { lsn: note.lsn, end: note.end, shutdown });
        self.check_consistency(note.end);
        if let What::Ended(ended) = note.what {
            self.course.replayed.ended(ended);
        }
        let consistent = self.course.consistent.is_some();
        if let Some(stop) = target.and_then(|target| target.after(note, consistent, self.layout)) {
            // At a position it stops before it has taken note of a transaction that ends there.
            if stop.ended.is_some() {
                self.course.completed = stop.ended;
            }
            self.count(note.before + 1);
            return self.stop(note, stop);
        }
        if let What::Ended(ended) = note.what {
            self.course.completed = Some(ended);
        }
        if self.crash_end.is_some_and(|end| end <= note.end) {
            self.enter_archive(note.end);
        }
    }

    fn stop(&mut self, note: &Note, stop: Stop) {
        (self.course.done, self.course.stop) = (Some(note.lsn), Some(stop));
        self.phase = Phase::LeftOut;
        if let (What::Ended(ended), false) = (&note.what, self.stops_after()) {
            self.course.left_out.ended(*ended);
        }
    }

    fn stops_after(&self) -> bool {
        self.course.stop.as_ref().is_some_and(|stop| stop.after)
    }

    /// A record was replayed.
    fn replayed(&mut self, last: Last) {
        (self.course.done, self.course.end) = (Some(last.lsn), last.end);
        self.course.replayed.end = Some(last.end);
        self.course.last = Some(last);
    }

    /// The record before `note` was the last one that is replayed.
    fn before(&mut self, note: &Note, prev: Option<Lsn>) {
        let Some(lsn) = prev.filter(|_| note.before > 0 || self.course.replayed.records > 0) else {
            return;
        };
        let end = self.behind_header(note.lsn);
        if self.course.last.is_none_or(|last| last.lsn < lsn) {
            self.replayed(Last { lsn, end, shutdown: false });
        }
    }

    /// Where the record before the one at `lsn` ends: before the header of its page, if it is the
    /// first on one.
    fn behind_header(&self, lsn: Lsn) -> Lsn {
        let page = Lsn(lsn.0 & !self.block_size.saturating_sub(1));
        let inside = lsn.0 - page.0;
        let headers = [PageHeader::LEN as u64, crate::format::wal::LongPageHeader::LEN];
        if headers.contains(&inside) { page } else { lsn }
    }

    /// What replaying a record changes; or why it fails.
    fn apply(&mut self, note: &Note) -> Result<(), Refusal> {
        match &note.what {
            What::Shutdown { this, prev } => {
                self.switch(*this, *prev, note.end)?;
                let limits = &self.limits;
                let waits = limits.backup_start.is_valid() && !limits.backup_end.is_valid();
                if self.requested && waits {
                    return Err(Refusal::panic(
                        "online backup was canceled, recovery cannot continue",
                    ));
                }
            }
            What::EndOfRecovery { this, prev } => self.switch(*this, *prev, note.end)?,
            What::Online { this } if *this != self.course.timeline => {
                let kind = if self.rules.names_record { "online checkpoint" } else { "checkpoint" };
                return Err(Refusal::panic(format!(
                    "unexpected timeline ID {this} (should be {}) in {kind} record",
                    self.course.timeline
                )));
            }
            What::BackupEnd { start } if *start == self.limits.backup_start => {
                self.limits.backup_end = note.end;
            }
            What::Parameters(of) if self.requested => {
                let open = self.course.consistent.is_some();
                parameters::check(of, self.settings, self.rules, open)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Goes to another timeline (`checkTimeLineSwitch`).
    fn switch(&mut self, this: TimelineId, prev: TimelineId, end: Lsn) -> Result<(), Refusal> {
        let current = self.course.timeline;
        if this == current {
            return Ok(());
        }
        if prev != current {
            return Err(Refusal::panic(format!(
                "unexpected previous timeline ID {prev} (current timeline ID {current}) in checkpoint record"
            )));
        }
        if this < current || !self.path.iter().any(|part| part.timeline == this) {
            return Err(Refusal::panic(format!(
                "unexpected timeline ID {this} (after {current}) in checkpoint record"
            )));
        }
        let Limits { min_recovery_point: least, min_recovery_point_tli: timeline, .. } =
            self.limits;
        if least.is_valid() && end < least && this > timeline {
            let least = self.layout.lsn_text(least);
            return Err(Refusal::panic(format!(
                "unexpected timeline ID {this} in checkpoint record, before reaching minimum recovery point {least} on timeline {timeline}"
            )));
        }
        self.course.timeline = this;
        Ok(())
    }

    /// All WAL of pg_wal was replayed: what follows comes from the archive too
    /// (`SwitchIntoArchiveRecovery`).
    fn enter_archive(&mut self, end: Lsn) {
        self.crash_end = None;
        self.limits.min_recovery_point = end;
        self.limits.min_recovery_point_tli = self.course.timeline;
        self.check_consistency(end);
    }

    /// Whether what was replayed up to `end` is enough (`CheckRecoveryConsistency`).
    fn check_consistency(&mut self, end: Lsn) {
        let limits = &mut self.limits;
        if !limits.min_recovery_point.is_valid() {
            return;
        }
        if limits.backup_end.is_valid() && limits.backup_end <= end {
            self.course.backup_end = Some(limits.backup_end);
            (limits.backup_start, limits.backup_end) = (Lsn::INVALID, Lsn::INVALID);
            limits.backup_end_required = false;
        }
        let waits = limits.backup_end_required
            || (limits.backup_start.is_valid() && !self.rules.consistent_without_end);
        if self.course.consistent.is_none() && !waits && limits.min_recovery_point <= end {
            self.course.consistent = Some(end);
        }
    }
}
