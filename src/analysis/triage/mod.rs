//! `triage`: what happened to a copy and what recovery would do, on one screen; and messages,
//! answered. It asks the other analyses and says what matters of their answers.
mod checks;
mod commits;
mod holders;
mod message;
mod repairs;
mod verdict;
mod who;

pub use message::Heard;

use super::inventory;
use super::pages::{self, Checked, PageFile};
use super::replay::{self, Replayed};
use super::wal::copies::{BlockOf, copies};
use crate::cluster::Cluster;
use crate::finding::Findings;
use crate::replay::Wish;
use crate::report::Coverage;
use crate::report::replay::Replay;
use crate::report::triage::{Copies, Step, Triage};
use crate::source::Progress;
use crate::types::{Lsn, TimestampTz};
use crate::wal::Log;
use std::collections::BTreeMap;

/// The answer's schema.
pub const SCHEMA: &str = "triage/1";

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Messages to be answered.
    pub heard: Heard,
    /// Whether the pass over all pages is left out.
    pub quick: bool,
    /// Options that name the archives that were named, as a shell takes them; each behind a space.
    pub archives: String,
    /// Threads.
    pub jobs: usize,
    /// The input as a shell takes it, for the commands that are proposed.
    pub input: String,
}

/// The answer, with what was found and what was read.
#[derive(Debug)]
pub struct Triaged {
    /// The answer.
    pub triage: Triage,
    /// What is wrong.
    pub findings: Findings,
    /// What was read.
    pub coverage: Coverage,
}

/// What all parts of the answer are made from.
struct Evidence<'a> {
    cluster: &'a Cluster,
    log: &'a Log,
    request: &'a Request,
    replay: Replay,
    findings: Findings,
    files: Vec<PageFile>,
    /// Absent with `--quick`.
    pages: Option<Checked>,
    /// Copies in WAL of damaged blocks.
    copies: BTreeMap<BlockOf, Copies>,
}

/// Looks at a data directory; `log` has its pg_wal first, and then the archives.
///
/// # Errors
/// If threads cannot be started.
pub fn triage(
    cluster: &Cluster,
    log: &Log,
    request: &Request,
    progress: &dyn Progress,
) -> Result<Triaged, rayon::ThreadPoolBuildError> {
    // First, as it reads all catalogs: what is wrong with them is then among the cluster's findings.
    let found = inventory::files(cluster);
    let wish = Wish { target: None, archive: !request.archives.is_empty() };
    let (quick, jobs) = (request.quick, request.jobs);
    let asked = replay::Request { wish, quick, jobs, ..replay::Request::default() };
    let replayed = replay::replay(cluster, log, &asked, progress)?;
    let Replayed { replay, mut findings, coverage, pages, .. } = replayed;
    findings.merge(found);
    let mut evidence = Evidence {
        cluster,
        log,
        request,
        replay,
        findings,
        files: pages::files(cluster),
        pages,
        copies: BTreeMap::new(),
    };
    evidence.copies = evidence.copies_of_damaged();
    let messages = message::answers(&evidence);
    let (xids, multixacts) = checks::limits(cluster);
    let holders = holders::holders(&evidence);
    let triage = Triage {
        messages,
        messages_left_out: request.heard.left_out,
        who: who::who(&evidence),
        ended: who::ended(&evidence),
        verdict: verdict::verdict(&evidence),
        lost: verdict::lost(&evidence),
        checks: checks::checks(&evidence, xids.as_ref(), multixacts.as_ref()),
        repairs: repairs::repairs(&evidence),
        next: evidence.next(),
        holders,
        xids,
        multixacts,
    };
    Ok(Triaged { triage, findings: evidence.findings, coverage })
}

impl Evidence<'_> {
    /// Copies of the damaged blocks that the pass found.
    fn copies_of_damaged(&self) -> BTreeMap<BlockOf, Copies> {
        let bad = self.pages.as_ref().map_or(&[][..], |pages| &pages.bad.first);
        self.copies_of(bad)
    }

    fn copies_of(&self, blocks: &[BlockOf]) -> BTreeMap<BlockOf, Copies> {
        if blocks.is_empty() {
            return BTreeMap::new();
        }
        let (mut all, _) = copies(self.log, blocks.iter().copied(), self.request.jobs);
        for copies in all.values_mut() {
            copies.replayed = copies.last.is_some_and(|last| self.is_replayed(last));
        }
        all
    }

    /// Whether recovery comes to the record at `lsn`.
    fn is_replayed(&self, lsn: Lsn) -> bool {
        let end = self.replay.end.as_ref().filter(|_| self.replay.starts);
        end.is_some_and(|end| {
            end.redo_start_lsn.is_some_and(|start| start <= lsn) && lsn < end.end_lsn
        })
    }

    /// A command of ours, with the input behind its options.
    fn command(&self, command: &str, rest: &str) -> String {
        let Request { input, archives, .. } = self.request;
        let reads_wal = command.starts_with("wal") || command.starts_with("replay");
        let archives = if reads_wal { archives } else { "" };
        let text = format!("pgdissect {command} {input}{archives} {rest}");
        text.trim_end().to_owned()
    }

    /// What to look at next.
    fn next(&self) -> Vec<Step> {
        let mut next =
            vec![Step::new(self.command("replay", ""), "how it starts, and where it ends")];
        let lost = self.replay.end.as_ref().is_some_and(|end| end.lost.is_some());
        if lost || !self.replay.starts {
            next.push(Step::new(
                self.command("wal check", ""),
                "which WAL there is, and what lies behind",
            ));
        }
        if let Some((locator, fork, block)) =
            self.pages.as_ref().and_then(|pages| pages.bad.first.first())
        {
            let path = self.files.iter().find(|file| file.is_of(*locator, *fork));
            if let Some(path) = path.map(PageFile::relation_path) {
                let rest = format!("{path} {block}");
                next.push(Step::new(self.command("page", &rest), "the first damaged page"));
            }
        }
        let worst = self.findings.by_rule().first().map(|of| of.rule.id);
        next.extend(worst.map(|id| {
            Step::new(format!("pgdissect explain {id}"), "what the worst finding means")
        }));
        next.push(Step::new(self.command("audit", ""), "every table, tuple by tuple"));
        next
    }
}

/// `1 commit`, `2 commits`.
fn plural(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A time without the fraction of its second.
fn seconds(time: TimestampTz) -> String {
    let text = time.to_string();
    let Some((second, rest)) = text.split_once('.') else { return text };
    let zone = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{second}{zone}")
}
