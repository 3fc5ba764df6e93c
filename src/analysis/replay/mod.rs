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

use super::wal::gap::of_gap;
use crate::cluster::Cluster;
use crate::finding::{Finding, Findings, Place, rules};
use crate::replay::{Course, Ground, Kind, Start, Wish};
use crate::report::Coverage;
use crate::report::replay::{Refusal, Replay, View};
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
}

/// Says what recovery of `cluster` would do; `log` has its pg_wal first, and then the archives.
pub fn replay(cluster: &Cluster, log: &Log, request: &Request) -> Replayed {
    let start = Start::decide(cluster, log, &request.wish);
    let course = start.refusal.is_none().then(|| crate::replay::run(cluster, &start, request.jobs));
    let mut findings = cluster.findings();
    findings.merge(start.log.findings());
    let refusal = start.refusal.clone();
    let refusal = refusal.or_else(|| course.as_ref().and_then(|course| course.refusal.clone()));
    let sections = course.as_ref().filter(|_| !request.records).and_then(|course| {
        let ground = Ground::of(cluster, &start, course)?;
        let range = ground.span.range();
        let names = Names::with_history(Some(cluster), ground.log, range, request.jobs);
        Some(sections(&ground, &names, request.jobs))
    });
    // What replay comes to is before anything at its end.
    let refusal = sections.as_ref().and_then(|of| of.refusal.clone()).or(refusal);
    findings_of_refusal(refusal.as_ref(), &mut findings);
    let (order, pages, outcome) = match sections {
        Some(of) => {
            findings.merge(of.findings);
            let outcome = Some(of.outcome).filter(|_| refusal.is_none());
            (Some(of.order), Some(of.pages), outcome)
        }
        None => (None, None, None),
    };
    let coverage = coverage(course.as_ref());
    let replay = Replay {
        starts: refusal.is_none(),
        start: start::section(cluster, &start, course.as_ref()),
        end: course.as_ref().map(|course| end::section(&start, course, cluster, log)),
        order,
        records: Vec::new(),
        pages,
        outcome,
        targets: targets::section(cluster, &start, course.as_ref(), (log, request)),
        refusal,
        view: View::default(),
    };
    if let Some(gap) = course.as_ref().and_then(|course| lost(&start, course)) {
        findings.push(of_gap(&gap, cluster.dialect().layout));
    }
    Replayed { start, course, replay, findings, coverage }
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
