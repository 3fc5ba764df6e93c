//! What replay begins with.
use super::order::{Disk, Rules, Simulation};
use super::outcome::{Counters, Fates, InDoubt};
use super::{Course, Kind, Part, Passed, Span, Start, pass};
use crate::cluster::{Cluster, Prepared};
use crate::format::control::CheckPoint;
use crate::format::wal::{Located, Record};
use crate::types::Lsn;
use crate::wal::Log;

/// The files that replay begins with, and the part of the log that it goes through.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'g> {
    /// The files.
    pub cluster: &'g Cluster,
    /// The log.
    pub log: &'g Log,
    /// From where to where.
    pub span: Span,
    /// The checkpoint that recovery begins with.
    pub checkpoint: &'g CheckPoint,
    /// Where consistency is reached, if it is before the end: only then are references to pages
    /// that are not there an error.
    pub consistent: Option<Lsn>,
    /// Whether the server stays in recovery, as a standby.
    pub waits: bool,
}

/// What replay comes to.
pub struct Replayed<'g> {
    /// Blocks and files.
    pub simulation: Simulation<'g>,
    /// Transactions and counters.
    pub fates: Fates,
    /// How far it went.
    pub passed: Passed,
}

impl<'g> Ground<'g> {
    /// As startup decides, and as far as recovery comes; `None` if nothing is replayed.
    pub fn of(cluster: &'g Cluster, start: &'g Start, course: &Course) -> Option<Self> {
        let checkpoint = start.checkpoint.as_ref()?.record.as_ref().ok()?;
        let span = Span { redo: start.begin, until: course.end };
        let (log, consistent, waits) = (&start.log, course.consistent, start.signals.standby);
        let ground = Self { cluster, log, span, checkpoint, consistent, waits };
        (start.kind != Kind::None).then_some(ground)
    }

    /// Replays nothing, but says what would come of it. `note` is kept of records for which there is
    /// one, on `jobs` threads; what comes of each segment goes through `see` in the order of the log.
    pub fn replay<N: Send>(
        &self,
        jobs: usize,
        note: impl Fn(&Located<'_>, &Record<'_>) -> Option<N> + Sync,
        mut see: impl FnMut(&mut Simulation<'g>, Part<N>),
    ) -> Replayed<'g> {
        let dialect = self.cluster.dialect();
        let rules = Rules::of(self.cluster);
        let control = self.cluster.control();
        let commit_ts = control.is_some_and(|control| control.settings.track_commit_timestamp);
        let counters = Counters::new(self.checkpoint.clone(), commit_ts, dialect.layout);
        let prepared = self.cluster.prepared().iter().map(in_doubt);
        let mut fates = Fates::new(counters, prepared);
        let disk = Disk::new(self.cluster);
        let mut simulation = Simulation::new(disk, dialect.geometry.block_size, self.consistent);
        let passed = pass(self.log, self.span, jobs, &rules, note, |mut part| {
            fates.take(std::mem::take(&mut part.outcome));
            see(&mut simulation, part);
        });
        simulation.finish(passed.end.unwrap_or(self.span.redo));
        Replayed { simulation, fates, passed }
    }
}

fn in_doubt(of: &Prepared) -> InDoubt {
    InDoubt {
        xid: of.xid,
        gid: of.gid.clone(),
        prepared_at: of.prepared_at,
        owner: of.owner,
        database: of.database,
        subxacts: of.subxacts.clone(),
        lsn: None,
    }
}
