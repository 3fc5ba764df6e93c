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

pub use effective::after_recovery;
pub use records::{Record, records};
pub use sections::{Sections, sections};

use super::wal::gap::of_gap;
use crate::cluster::Cluster;
use crate::finding::{Finding, Findings, Place, rules};
use crate::replay::{Course, Kind, Start, Wish};
use crate::report::Coverage;
use crate::report::replay::{Refusal, Replay, View};
use crate::wal::Log;

/// The answer's schema.
pub const SCHEMA: &str = "replay/1";

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Beside what the directory says.
    pub wish: Wish,
    /// Whether targets are listed.
    pub list_targets: bool,
    /// Threads.
    pub jobs: usize,
}

/// The answer, with what was found and what was read.
#[derive(Debug)]
pub struct Replayed {
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
    findings_of_refusal(refusal.as_ref(), &mut findings);
    let coverage = coverage(course.as_ref());
    let replay = Replay {
        starts: refusal.is_none(),
        start: start::section(cluster, &start, course.as_ref()),
        end: course.as_ref().map(|course| end::section(&start, course, cluster, log)),
        targets: targets::section(cluster, &start, course.as_ref(), (log, request)),
        refusal,
        view: View::default(),
    };
    if let Some(gap) = course.as_ref().and_then(|course| lost(&start, course)) {
        findings.push(of_gap(&gap, cluster.dialect().layout));
    }
    Replayed { replay, findings, coverage }
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
