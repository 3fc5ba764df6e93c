//! `replay`: what recovery would do, section by section.
mod effective;
mod end;
mod files;
mod order;
mod outcome;
mod records;
mod sections;
mod start;
mod targets;

pub use effective::{Laid, after_recovery, effective};
pub use records::records;
pub use sections::{Sections, sections};

use super::pages::{self, Checked, Touched};
use super::wal::gap::of_gap;
use crate::cluster::Cluster;
use crate::finding::{Finding, Findings, Place, rules};
use crate::replay::{Course, Ground, Kind, Start, Wish};
use crate::report::Coverage;
use crate::report::replay::{End, Order, Outcome, Pages, Refusal, Replay, View};
use crate::source::Progress;
use crate::types::Lsn;
use crate::wal::{Log, Names};

/// The answer's schema.
pub const SCHEMA: &str = "replay/1";

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Beside what the directory says.
    pub wish: Wish,
    /// Whether records are shown one by one, instead of what they come to.
    pub records: bool,
    /// Whether targets are listed.
    pub list_targets: bool,
    /// Whether only pages are read that records name.
    pub quick: bool,
    /// Threads.
    pub jobs: usize,
}

/// The answer, with what was found and what was read.
#[derive(Debug)]
pub struct Replayed {
    /// What startup decides.
    pub start: Start,
    /// How far recovery comes, if it begins.
    pub course: Option<Course>,
    /// The answer.
    pub replay: Replay,
    /// What is wrong.
    pub findings: Findings,
    /// What was read.
    pub coverage: Coverage,
    /// What all pages are like; absent if they were not looked at.
    pub(super) pages: Option<Checked>,
}

/// What the second reading of the log gives, and all pages.
#[derive(Default)]
struct Second {
    order: Option<Order>,
    pages: Option<Pages>,
    outcome: Option<Outcome>,
    refusal: Option<Refusal>,
    checked: Option<Checked>,
}

/// Says what recovery of `cluster` would do; `log` has its pg_wal first, and then the archives.
///
/// # Errors
/// If threads cannot be started.
pub fn replay(
    cluster: &Cluster,
    log: &Log,
    request: &Request,
    progress: &dyn Progress,
) -> Result<Replayed, rayon::ThreadPoolBuildError> {
    let start = Start::decide(cluster, log, &request.wish);
    let course = start.refusal.is_none().then(|| crate::replay::run(cluster, &start, request.jobs));
    let mut findings = cluster.findings();
    findings.merge(start.log.findings());
    let end = course.as_ref().map(|course| end::section(&start, course, cluster));
    let wal_end = end.as_ref().map(|end| end_of_wal(cluster, end));
    let mut second = second((cluster, &start, course.as_ref()), wal_end, request, progress)?;
    // What replay comes to is before anything at its end.
    let refusal = second.refusal.or_else(|| start.refusal.clone());
    let refusal = refusal.or_else(|| course.as_ref().and_then(|course| course.refusal.clone()));
    findings_of_refusal(refusal.as_ref(), &mut findings);
    if start.skips_redo() {
        let evidence = format!("no segment at the redo point {}", start.redo);
        findings.push(Finding::new(&rules::REPLAY_SKIPPED, Place::default(), evidence));
    }
    second.pages.iter().for_each(|pages| findings.merge(sections::findings(pages)));
    let mut coverage = coverage(course.as_ref());
    if let Some(checked) = &mut second.checked {
        findings.merge(std::mem::take(&mut checked.findings));
        coverage.merge(std::mem::take(&mut checked.coverage));
    }
    let replay = Replay {
        starts: refusal.is_none(),
        start: start::section(cluster, &start, course.as_ref()),
        end,
        order: second.order,
        records: Vec::new(),
        pages: second.pages,
        outcome: second.outcome.filter(|_| refusal.is_none()),
        targets: targets::section(cluster, &start, course.as_ref(), (log, request)),
        refusal,
        view: View::default(),
    };
    if let Some(gap) = course.as_ref().and_then(|course| lost(&start, course)) {
        findings.push(of_gap(&gap, cluster.dialect().layout));
    }
    Ok(Replayed { start, course, replay, findings, coverage, pages: second.checked })
}

/// Reads what is replayed once more, and then all pages, beyond `wal_end` or not.
fn second(
    (cluster, start, course): (&Cluster, &Start, Option<&Course>),
    wal_end: Option<Lsn>,
    request: &Request,
    progress: &dyn Progress,
) -> Result<Second, rayon::ThreadPoolBuildError> {
    if request.records {
        return Ok(Second::default());
    }
    let look = |touched: &Touched<'_>| {
        let check = || pages::check(cluster, (wal_end, touched), request.jobs, progress);
        (!request.quick).then(check).transpose()
    };
    let Some(ground) = course.and_then(|course| Ground::of(cluster, start, course)) else {
        return Ok(Second { checked: look(&Touched::default())?, ..Second::default() });
    };
    let names = Names::with_history(Some(cluster), ground.log, ground.span.range(), request.jobs);
    let mut of = sections(&ground, &names, request.jobs);
    let checked = look(&Touched::of(&of.simulation))?;
    of.pages.others = checked.as_ref().map(|checked| order::others(&names, &checked.left));
    Ok(Second {
        order: Some(of.order),
        pages: Some(of.pages),
        outcome: Some(of.outcome),
        refusal: of.refusal,
        checked,
    })
}

/// Where WAL ends that a server would have flushed.
pub(super) fn end_of_wal(cluster: &Cluster, end: &End) -> Lsn {
    let checkpoint = cluster.control().map(|control| control.check_point).unwrap_or_default();
    // What recovery leaves out was WAL all the same.
    let beyond = [&end.left_out, &end.lost].into_iter().flatten().filter_map(|of| of.end_lsn).max();
    end.end_lsn.max(checkpoint).max(beyond.unwrap_or_default())
}

fn findings_of_refusal(refusal: Option<&Refusal>, findings: &mut Findings) {
    let Some(Refusal { severity, message, detail, .. }) = refusal else { return };
    let evidence = detail.clone().unwrap_or_else(|| format!("startup ends with a {severity}"));
    let finding = Finding::new(&rules::REPLAY_REFUSED, Place::default(), evidence);
    findings.push(finding.says(message));
}

fn coverage(course: Option<&Course>) -> Coverage {
    let (files, bytes) = course.map_or((0, 0), |course| course.read);
    Coverage { files, bytes, ..Coverage::default() }
}

/// The damage behind which records are lost, if there is any.
fn lost(start: &Start, course: &Course) -> Option<crate::wal::Gap> {
    let resumed = course.lost.start.filter(|_| start.kind != Kind::None)?;
    Some(crate::wal::Gap { after: None, failure: course.wal_end?, resumed })
}
