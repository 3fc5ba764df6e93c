//! `wal check`: which WAL there is, where it ends for PostgreSQL and why, and what lies behind.
pub(in crate::analysis) mod end;
mod files;
mod summaries;
mod timelines;
mod trail;
mod turn;

use super::gap::of_gap;
use crate::cluster::Cluster;
use crate::finding::{Finding, Findings, Place, Severity, of_archives, rules};
use crate::layout::Layout;
use crate::report::Coverage;
use crate::report::wal::check::{self as report, ArchiveStatus, Stretch, WalCheck};
use crate::types::Lsn;
use crate::wal::{Behind, End, Gap, Log, Range, SegmentReader, Step, read};
use files::Survey;
use std::ops::ControlFlow;
use trail::Trail;

/// Schema of the answer.
pub const SCHEMA: &str = "wal-check/1";

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// How many threads read.
    pub jobs: usize,
    /// Whether the contents of summaries are listed.
    pub summaries: bool,
}

/// The answer, with what was found and what was read.
#[derive(Debug)]
pub struct Checked {
    /// The answer.
    pub check: WalCheck,
    /// What is wrong.
    pub findings: Findings,
    /// What was read.
    pub coverage: Coverage,
}

/// Reads all of the log.
pub fn check(log: &Log, cluster: Option<&Cluster>, request: Request) -> Checked {
    let mut findings = of_places(log);
    let control = cluster.and_then(Cluster::control);
    let wanted = control.map(|control| [control.check_point, control.check_point_copy.redo]);
    let (mut trail, last, leftover) = walk(log, wanted.as_slice().as_flattened(), request.jobs);
    let (beyond, newer) = (trail.beyond(None), trail.beyond(leftover));
    let first = trail.gaps.first().map(|(gap, _)| gap.failure);
    let stopped = first.or(last.map(|end| end.failure));
    let (behind, counted) = match (beyond.records, newer.records) {
        (0, _) => (Behind::Nothing, &beyond),
        (_, 0) => (Behind::Leftover, &beyond),
        _ => (Behind::Records, &newer),
    };
    let end = stopped.map(|failure| end::end(log, &failure, &trail.head, (behind, counted)));
    for (gap, behind) in &trail.gaps {
        let is_leftover = leftover.is_some_and(|leftover| gap.resumed >= leftover);
        findings.push(of_gap_and_behind(log, gap, behind, is_leftover));
    }
    findings.merge(std::mem::take(&mut trail.findings));
    end.iter().filter_map(end::finding).for_each(|finding| findings.push(finding));
    let survey = Survey::of(log);
    findings.merge(survey.findings);
    let told = (&*trail.timelines, &*trail.turns);
    let timelines = timelines::timelines(log, told, &mut findings);
    let checkpoint = wanted.map(|[lsn, redo_lsn]| {
        let (readable, redo_readable) = (trail.seen.contains(&lsn), trail.seen.contains(&redo_lsn));
        report::Checkpoint { lsn, redo_lsn, readable, redo_readable }
    });
    findings_of_checkpoint(checkpoint.as_ref(), log.dialect.layout, &mut findings);
    let summaries = summaries::read(log, request.summaries, &mut findings);
    findings.merge(log.findings());
    let check = WalCheck {
        segment_size: log.shape.segment_size,
        timelines,
        counts: survey.counts,
        runs: survey.runs,
        missing: survey.missing,
        gaps: trail.gaps.iter().map(|(gap, behind)| row(log, gap, behind)).collect(),
        gap_count: trail.gap_count,
        valid: trail.head,
        end,
        beyond,
        checkpoint,
        archive_status: archive_status(log),
        summaries,
        files: survey.files,
        input: String::new(),
    };
    let coverage = Coverage {
        files: log.segments().len() as u64,
        bytes: log.segments().values().map(|file| file.len).sum(),
        ..Coverage::default()
    };
    Checked { check, findings, coverage }
}

/// What is wrong with archives as such, and what could not be listed.
fn of_places(log: &Log) -> Findings {
    let mut findings = Findings::default();
    for place in log.places() {
        of_archives(&place.source).for_each(|finding| findings.push(finding));
        place.unread.iter().for_each(|error| findings.push(Finding::from(error)));
    }
    findings
}

fn of_gap_and_behind(log: &Log, gap: &Gap, behind: &Stretch, leftover: bool) -> Finding {
    let mut finding = of_gap(gap, log.dialect.layout);
    finding.place.file = trail::place(log, gap.failure.page).file.or(finding.place.file);
    finding.evidence = format!("{}; {} records there", finding.evidence, behind.records);
    if leftover {
        finding.severity = Severity::Notice;
    }
    finding
}

fn row(log: &Log, gap: &Gap, behind: &Stretch) -> report::Gap {
    report::Gap {
        lsn: gap.failure.record,
        segment: gap.failure.segment(),
        offset: gap.failure.page_offset(),
        postgres_says: gap.failure.said(log.dialect.layout),
        resumed_lsn: gap.resumed,
        skipped: gap.resumed.0.saturating_sub(gap.failure.record.0),
        behind: behind.clone(),
    }
}

/// Reads everything, those records too that are left from before a crash: gives the first of these.
fn walk(log: &Log, wanted: &[Lsn], jobs: usize) -> (Trail, Option<End>, Option<Lsn>) {
    let (mut trail, mut range, mut leftover) = (Trail::default(), Range::default(), None);
    let of_segment = |reader: &mut SegmentReader<'_, '_>| Trail::read(log, reader, wanted);
    loop {
        let end = read(log, range, jobs, of_segment, |step| {
            match step {
                // What is before the first record that is left over is noted below.
                Step::Gap(gap) if gap.after.is_none() && leftover.is_some() => {}
                Step::Gap(gap) => trail.gap(gap),
                Step::Part(part) => trail.merge(part.answer),
            }
            ControlFlow::Continue(())
        });
        let Some(End { after, failure, leftover: Some(resumed) }) = end else {
            return (trail, end, leftover);
        };
        trail.gap(Gap { after, failure, resumed });
        leftover.get_or_insert(resumed);
        range.from = resumed;
    }
}

fn findings_of_checkpoint(
    checkpoint: Option<&report::Checkpoint>,
    layout: &Layout,
    findings: &mut Findings,
) {
    let Some(of) = checkpoint else { return };
    let (lsn, redo) = (layout.lsn_text(of.lsn), layout.lsn_text(of.redo_lsn));
    let (at, what, says) = if !of.readable {
        (of.lsn, format!("no record at {lsn}"), "could not locate a valid checkpoint record")
    } else if !of.redo_readable {
        let says = "could not find redo location referenced by checkpoint record";
        (of.redo_lsn, format!("no record at {redo}, where the checkpoint at {lsn} begins"), says)
    } else {
        return;
    };
    let place = Place { lsn: Some(at), ..Place::default() };
    findings.push(Finding::new(&rules::WAL_CHECKPOINT_UNREADABLE, place, what).says(says));
}

fn archive_status(log: &Log) -> ArchiveStatus {
    let mut status = ArchiveStatus::default();
    let Some(place) = log.places().first() else { return status };
    let files = place.others.iter().filter_map(|path| path.split_once("archive_status/"));
    for (_, name) in files {
        if let Some(name) = name.strip_suffix(".ready") {
            status.ready += 1;
            status.first_ready.get_or_insert_with(|| name.to_owned());
        } else if name.strip_suffix(".done").is_some() {
            status.done += 1;
        }
    }
    status
}
