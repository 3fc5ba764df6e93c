//! What startup decides before it replays anything (`StartupXLOG`, access/transam/xlog.c;
//! `InitWalRecovery`, `readRecoverySignalFile`, `validateRecoveryParameters`, `read_backup_label`,
//! access/transam/xlogrecovery.c; to 14 all of it in xlog.c).
pub(super) mod archive;
mod checkpoint;
mod label;
pub(super) mod parameters;
mod timelines;
pub(super) mod words;

pub use timelines::TimelinePart;

use super::target::{Target, TimelineGoal};
use crate::cluster::Cluster;
use crate::format::control::{CheckPoint, ClusterState, ControlFile, RecoveryPoints};
use crate::format::wal::{SegmentNumber, WalFault};
use crate::layout::{Layout, StartupRules};
use crate::report::replay::Refusal;
use crate::types::{Lsn, TimelineId};
use crate::wal::{Histories, Log, Timelines};
use checkpoint::Found;
use label::Label;
use timelines::Path;

/// The checkpoint that pgBackRest writes into pg_control, so that a restored backup whose
/// backup_label was lost does not start.
const PGBACKREST: Lsn = Lsn(0xDEAD);

/// What is asked for beside what the directory says.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// A target as if it were in the settings, with recovery.signal and restore_command.
    pub target: Option<Target>,
    /// Whether an archive was named: what restore_command would fetch.
    pub archive: bool,
}

/// Which kind of recovery there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// None: the server was stopped cleanly.
    None,
    /// From the last checkpoint to the end of pg_wal.
    Crash,
    /// Crash recovery first, and then from the archive: nothing tells yet what is consistent.
    CrashThenArchive,
    /// From the archive and pg_wal.
    Archive,
    /// Of a base backup, by its backup_label.
    Backup,
}

/// The files that ask for recovery.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a file")]
pub struct Signals {
    /// recovery.signal.
    pub recovery: bool,
    /// standby.signal.
    pub standby: bool,
    /// backup_label.
    pub label: bool,
    /// tablespace_map.
    pub map: bool,
}

/// The checkpoint that recovery begins with.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    /// Where its record begins.
    pub lsn: Lsn,
    /// The timeline that it is on, by the file that names it.
    pub timeline: TimelineId,
    /// The record; or what the server says where it finds none.
    pub record: Result<CheckPoint, String>,
    /// Whether the server was shut down by it.
    pub shutdown: bool,
}

/// How far recovery has to go before the files are consistent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// At least up to here; invalid if nothing tells.
    pub min_recovery_point: Lsn,
    /// Its timeline.
    pub min_recovery_point_tli: TimelineId,
    /// The redo point of the backup; invalid if it is none.
    pub backup_start: Lsn,
    /// Where the backup ended, if that is known.
    pub backup_end: Lsn,
    /// Whether the record that ends the backup has to be seen.
    pub backup_end_required: bool,
}

/// What startup decides.
#[derive(Debug)]
pub struct Start {
    /// Which kind of recovery.
    pub kind: Kind,
    /// The files that ask for it.
    pub signals: Signals,
    /// Whether recovery.signal and restore_command are assumed.
    pub assumed: bool,
    /// Whether archive recovery is asked for (`ArchiveRecoveryRequested`).
    pub requested: bool,
    /// The target; `None` if none is looked at.
    pub target: Target,
    /// The checkpoint; `None` if nothing names one.
    pub checkpoint: Option<Checkpoint>,
    /// The redo point.
    pub redo: Lsn,
    /// Where the first record to be replayed is looked for.
    pub begin: Lsn,
    /// The timelines on the way, oldest first.
    pub path: Vec<TimelinePart>,
    /// How far it has to go.
    pub limits: Limits,
    /// The segments that it reads.
    pub log: Log,
    /// Those that it reads first, where only crash recovery comes first.
    pub crash_log: Option<Log>,
    /// Whether pg_control is as pgBackRest leaves it.
    pub pgbackrest: bool,
    /// What else is to be said.
    pub notes: Vec<String>,
    /// Why it would not start.
    pub refusal: Option<Refusal>,
}

impl Start {
    /// Decides as startup does; `log` has pg_wal in its first place, and archives in the others.
    pub fn decide(cluster: &Cluster, log: &Log, wish: &Wish) -> Self {
        let mut start = Self {
            kind: Kind::None,
            signals: signals(cluster),
            assumed: wish.target.is_some(),
            requested: false,
            target: Target::default(),
            checkpoint: None,
            redo: Lsn::INVALID,
            begin: Lsn::INVALID,
            path: Vec::new(),
            limits: Limits::default(),
            log: log.follow(Timelines::Latest, false),
            crash_log: None,
            pgbackrest: false,
            notes: Vec::new(),
            refusal: None,
        };
        start.refusal = start.steps(cluster, log, wish).err();
        start
    }

    fn steps(&mut self, cluster: &Cluster, log: &Log, wish: &Wish) -> Result<(), Refusal> {
        let layout = cluster.dialect().layout;
        let rules = layout.startup();
        let of_settings = Target::of_settings(cluster.settings(), rules);
        self.target = match &wish.target {
            Some(target) => target.clone(),
            None => of_settings?,
        };
        let control = control(cluster, rules)?;
        self.pgbackrest = control.check_point == PGBACKREST;
        self.signals(cluster, wish, rules)?;
        let awaiting = self.signals.standby.then(|| archive::of_standby(log, cluster));
        let log = awaiting.as_ref().unwrap_or(log);
        // What restore_command brings comes before what is in pg_wal, histories too.
        let found = log.follow(Timelines::Latest, self.requested);
        let histories = found.histories();
        let target = self.timeline(control, histories)?;
        let path = Path::to(target, histories);
        self.path.clone_from(&path.0);
        let label = label::read(cluster)?;
        self.kind = kind(label.is_some(), self.requested, control);
        let archives = self.requested && self.kind != Kind::CrashThenArchive;
        self.log = log.follow(Timelines::To(target), archives);
        // It is read for the first segment that is looked for.
        if let Some((path, error)) = histories.refused(target) {
            return Err(words::history(path, error));
        }
        let found = self.find(cluster, control, label.as_ref(), &path)?;
        self.check_path(&path, control, layout, label.is_some())?;
        sane(&found)?;
        let clean = control.state == ClusterState::ShutDown && found.checkpoint.redo >= found.lsn;
        if self.kind == Kind::Crash && clean {
            self.kind = Kind::None;
        }
        self.limits = limits(self.kind, control, &found.checkpoint, label.as_ref())?;
        if self.requested {
            parameters::check(&control.settings, cluster.settings(), rules, false)?;
        }
        if self.kind == Kind::CrashThenArchive {
            let all = log.follow(Timelines::To(target), true);
            self.crash_log = Some(std::mem::replace(&mut self.log, all));
        }
        let logs = self.crash_log.iter_mut().chain([&mut self.log]);
        logs.for_each(|log| log.forward_from(self.begin));
        Ok(())
    }

    /// Finds the checkpoint record, and where replay begins.
    fn find(
        &mut self,
        cluster: &Cluster,
        control: &ControlFile,
        label: Option<&Label>,
        path: &Path,
    ) -> Result<Found, Refusal> {
        let (layout, dir) = (cluster.dialect().layout, &cluster.input().path);
        let of_control = &control.check_point_copy;
        let (lsn, timeline, redo) = label
            .map_or((control.check_point, of_control.this_timeline_id, of_control.redo), |label| {
                (label.checkpoint, label.timeline, label.redo)
            });
        self.redo = redo;
        self.fetched(cluster, lsn)?;
        let expected = |timeline| path.end_of(timeline).is_some();
        let found = checkpoint::read(&self.log, lsn, expected);
        let record = found.clone().map(|found| found.checkpoint);
        let shutdown = found.as_ref().is_ok_and(|found| found.shutdown);
        self.checkpoint = Some(Checkpoint { lsn, timeline, record, shutdown });
        let Ok(found) = found else {
            return Err(match label {
                Some(_) => words::no_required_checkpoint(lsn, layout, dir),
                None => words::no_checkpoint(lsn, layout),
            });
        };
        self.begin = if redo < lsn { redo } else { found.next };
        self.fetched(cluster, self.begin)?;
        if found.checkpoint.redo < lsn
            && !self.has_redo(&found, path, layout, (label.is_some(), dir))?
        {
            self.begin = found.next;
        }
        Ok(found)
    }

    /// Whether nothing is replayed although recovery is needed: there is no segment at the redo point,
    /// and the major does not mind ("redo is not required").
    pub fn skips_redo(&self) -> bool {
        let begins_behind = |of: &Checkpoint| self.redo < of.lsn && of.lsn < self.begin;
        self.checkpoint.as_ref().is_some_and(begins_behind)
    }

    /// What the signal files ask for, and whether the settings go with it.
    fn signals(
        &mut self,
        cluster: &Cluster,
        wish: &Wish,
        rules: StartupRules,
    ) -> Result<(), Refusal> {
        if cluster.source().file("recovery.conf").is_ok() {
            return Err(Refusal::fatal(
                "using recovery command file \"recovery.conf\" is not supported",
            ));
        }
        let Signals { recovery, standby, .. } = self.signals;
        self.requested = recovery || standby || self.assumed;
        let restore = cluster.settings().get("restore_command");
        let restores = restore.is_some_and(|setting| !setting.value.is_empty());
        if !self.requested {
            if self.target.goal.is_some() {
                self.notes.push("A recovery target is set, but without recovery.signal or standby.signal it is not looked at.".into());
            }
            return Ok(());
        }
        if restores && !wish.archive {
            self.notes.push("restore_command is set, and not run here: only pg_wal was looked at. Name the archive with --archive.".into());
        }
        if !restores && !standby && !self.assumed {
            let name = words::setting("restore_command", rules);
            return Err(Refusal::fatal(format!(
                "must specify {name} when standby mode is not enabled"
            )));
        }
        Ok(())
    }

    /// Whether the file of the segment at `lsn` is one that restore_command may bring.
    fn fetched(&self, cluster: &Cluster, lsn: Lsn) -> Result<(), Refusal> {
        let number = SegmentNumber::of(lsn, self.log.shape.segment_size);
        archive::refused(&self.log, number, cluster).map_or(Ok(()), Err)
    }

    /// The timeline that recovery goes to.
    fn timeline(
        &self,
        control: &ControlFile,
        histories: &Histories,
    ) -> Result<TimelineId, Refusal> {
        let of_control = control.check_point_copy.this_timeline_id;
        let of_control = of_control.max(control.recovery.min_recovery_point_tli);
        if !self.requested {
            return Ok(of_control);
        }
        match self.target.timeline {
            TimelineGoal::Current => Ok(of_control),
            TimelineGoal::Latest => Ok(timelines::newest(of_control, histories)),
            TimelineGoal::Number(timeline) => {
                let exists = timeline == TimelineId(1) || histories.exists(timeline);
                exists.then_some(timeline).ok_or_else(|| {
                    Refusal::fatal(format!("recovery target timeline {timeline} does not exist"))
                })
            }
        }
    }

    /// Whether there is a record at the redo point.
    fn has_redo(
        &self,
        found: &Found,
        path: &Path,
        layout: &Layout,
        (label, dir): (bool, &str),
    ) -> Result<bool, Refusal> {
        let redo = found.checkpoint.redo;
        let expected = |timeline| path.end_of(timeline).is_some();
        match checkpoint::read_redo(&self.log, redo, expected) {
            Err(_) if label || layout.startup().checks_redo => {
                Err(words::no_redo((redo, found.lsn), layout, label, dir))
            }
            // A file that is not there is the end of WAL to the others.
            Err(failure) if failure.fault == WalFault::Missing => Ok(false),
            Err(failure) => Err(Refusal::panic(failure.said(layout))),
            Ok(false) if layout.has_checkpoint_redo() => Err(Refusal::fatal(format!(
                "unexpected record type found at redo point {}",
                layout.lsn_text(redo)
            ))),
            Ok(_) => Ok(true),
        }
    }

    /// Whether checkpoint and minimum recovery point are on the way to the timeline that is wanted.
    fn check_path(
        &self,
        path: &Path,
        control: &ControlFile,
        layout: &Layout,
        label: bool,
    ) -> Result<(), Refusal> {
        let Some(checkpoint) = &self.checkpoint else { return Ok(()) };
        if path.at(checkpoint.lsn) != Some(checkpoint.timeline) {
            let judged = label && layout.startup().judges_label;
            let (of, file) = if judged {
                ((checkpoint.lsn, checkpoint.timeline), "backup_label")
            } else {
                let timeline = control.check_point_copy.this_timeline_id;
                ((control.check_point, timeline), "pg_control")
            };
            return Err(words::not_a_child(path, of, layout, file));
        }
        let RecoveryPoints { min_recovery_point: least, min_recovery_point_tli: timeline, .. } =
            control.recovery;
        let before = Lsn(least.0.saturating_sub(1));
        if least.is_valid() && path.at(before) != Some(timeline) {
            return Err(words::no_minimum(path.target(), (least, timeline), layout));
        }
        Ok(())
    }
}

fn signals(cluster: &Cluster) -> Signals {
    let recovery = cluster.recovery();
    let there = |name| cluster.source().file(name).is_ok();
    Signals {
        recovery: recovery.recovery_signal,
        standby: recovery.standby_signal,
        label: there("backup_label"),
        map: there("tablespace_map"),
    }
}

/// pg_control, if startup can begin with it (`LocalProcessControlFile`, `StartupXLOG`).
fn control(cluster: &Cluster, rules: StartupRules) -> Result<&ControlFile, Refusal> {
    let control = cluster.control().ok_or_else(|| no_control(cluster))?;
    if !control.crc_ok() {
        return Err(Refusal::fatal("incorrect checksum in control file"));
    }
    let block_size = cluster.dialect().geometry.wal_block_size;
    let what = if !checkpoint::is_place(control.check_point, block_size) {
        "checkpoint location"
    } else if matches!(control.state, ClusterState::Unknown(_) | ClusterState::StartingUp) {
        "database cluster state"
    } else {
        return Ok(control);
    };
    let what = if rules.names_control_fault { what } else { "data" };
    Err(Refusal::fatal(format!("control file contains invalid {what}")))
}

/// What is said where pg_control is not there (`checkControlFile`, postmaster/postmaster.c), or too
/// short (`ReadControlFile`, access/transam/xlog.c).
fn no_control(cluster: &Cluster) -> Refusal {
    let (dir, name) = (cluster.input().path, "global/pg_control");
    match cluster.source().file(name) {
        Err(_) => Refusal::fatal("postgres: could not find the database system").detail(format!(
            "Expected to find it in the directory \"{dir}\", but could not open file \"{dir}/{name}\": No such file or directory"
        )),
        Ok(file) => {
            let (read, wanted) = (file.len(), ControlFile::len(cluster.dialect().layout));
            Refusal::panic(format!("could not read file \"{name}\": read {read} of {wanted}"))
        }
    }
}

fn kind(label: bool, requested: bool, control: &ControlFile) -> Kind {
    match label {
        true => Kind::Backup,
        false if !requested => Kind::Crash,
        false if is_bounded(&control.recovery, control.state) => Kind::Archive,
        false => Kind::CrashThenArchive,
    }
}

/// Whether it is known how far the files have to be recovered, so that the archive is looked at at
/// once.
fn is_bounded(points: &RecoveryPoints, state: ClusterState) -> bool {
    points.min_recovery_point.is_valid()
        || points.backup_end_required
        || points.backup_end_point.is_valid()
        || state == ClusterState::ShutDown
}

fn sane(found: &Found) -> Result<(), Refusal> {
    let what = if !found.checkpoint.next_xid.xid().is_normal() {
        "invalid next transaction ID"
    } else if found.checkpoint.redo > found.lsn {
        "invalid redo in checkpoint record"
    } else if found.shutdown && found.checkpoint.redo < found.lsn {
        "invalid redo record in shutdown checkpoint"
    } else {
        return Ok(());
    };
    Err(Refusal::panic(what))
}

/// How far recovery has to go.
fn limits(
    kind: Kind,
    control: &ControlFile,
    checkpoint: &CheckPoint,
    label: Option<&Label>,
) -> Result<Limits, Refusal> {
    let points = &control.recovery;
    let mut limits = Limits {
        backup_start: points.backup_start_point,
        backup_end: points.backup_end_point,
        backup_end_required: points.backup_end_required,
        ..Limits::default()
    };
    if matches!(kind, Kind::Archive | Kind::Backup) {
        limits.min_recovery_point = points.min_recovery_point;
        limits.min_recovery_point_tli = points.min_recovery_point_tli;
        if points.min_recovery_point < checkpoint.redo {
            limits.min_recovery_point = checkpoint.redo;
            limits.min_recovery_point_tli = checkpoint.this_timeline_id;
        }
    }
    if let Some(label) = label {
        limits.backup_start = checkpoint.redo;
        limits.backup_end_required = label.end_required;
        if label.from_standby {
            let state = control.state;
            if !matches!(state, ClusterState::InArchiveRecovery | ClusterState::ShutDownInRecovery)
            {
                return Err(Refusal::fatal("backup_label contains data inconsistent with control file")
                    .hint("This means that the backup is corrupted and you will have to use another backup for recovery."));
            }
            limits.backup_end = limits.min_recovery_point;
        }
    }
    Ok(limits)
}
