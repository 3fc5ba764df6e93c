//! pg_wal/summaries: which ranges of WAL have been summarised, and what the summaries say.
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::wal::summary::{self, ForkSummary, SummaryName};
use crate::report::wal::check::Summary;
use crate::types::TimelineId;
use crate::wal::Log;

/// More than any summary has: bits for the blocks of 64 TB.
const LONGEST: u64 = 1 << 30;

/// The summaries of the first place, by timeline and position; with their contents if `listed`.
pub(super) fn read(log: &Log, listed: bool, findings: &mut Findings) -> Vec<Summary> {
    let Some(place) = log.places().first() else { return Vec::new() };
    let names = place.others.iter().filter_map(|path| {
        let name = path.rsplit('/').next().unwrap_or(path);
        Some((SummaryName::parse(name)?, path))
    });
    let mut names: Vec<_> = names.collect();
    names.sort();
    let mut before: Option<SummaryName> = None;
    let mut all = Vec::new();
    for (name, path) in names {
        if let Some(before) = before.filter(|before| is_gap(*before, name)) {
            let what = format!("no summary from {} to {}", before.end, name.start);
            let place = Place { lsn: Some(before.end), ..timeline(name.timeline) };
            findings.push(Finding::new(&rules::WAL_SUMMARY_MISSING, place, what));
        }
        before = Some(name);
        let mut summary = Summary {
            file: path.clone(),
            timeline: name.timeline,
            start_lsn: name.start,
            end_lsn: name.end,
            forks: None,
            blocks: None,
            lines: Vec::new(),
        };
        match place.source.read(path, LONGEST) {
            Err(error) => findings.push(Finding::from(&error)),
            Ok(bytes) => match summary::parse(&bytes) {
                Ok(forks) => fill(&mut summary, &forks, listed),
                Err(error) => {
                    let place = Place { byte: Some(error.at), ..Place::file(path) };
                    let rule = &rules::WAL_SUMMARY_DAMAGED;
                    findings.push(Finding::new(rule, place, error.to_string()));
                }
            },
        }
        all.push(summary);
    }
    all
}

fn is_gap(before: SummaryName, name: SummaryName) -> bool {
    before.timeline == name.timeline && before.end < name.start
}

fn timeline(timeline: TimelineId) -> Place {
    Place { timeline: Some(timeline), ..Place::default() }
}

fn fill(summary: &mut Summary, forks: &[ForkSummary<'_>], listed: bool) {
    let mut blocks = 0;
    for fork in forks {
        let ranges = fork.ranges();
        blocks += ranges.iter().map(|(first, last)| u64::from(last.0 - first.0) + 1).sum::<u64>();
        if listed {
            lines(fork, &ranges, &mut summary.lines);
        }
    }
    summary.forks = Some(forks.len() as u64);
    summary.blocks = Some(blocks);
}

/// As `dump_one_relation` (bin/pg_walsummary/pg_walsummary.c) prints them.
fn lines(
    fork: &ForkSummary<'_>,
    ranges: &[(crate::types::BlockNumber, crate::types::BlockNumber)],
    lines: &mut Vec<String>,
) {
    let of = fork.locator;
    let start =
        format!("TS {}, DB {}, REL {}, FORK {}", of.tablespace, of.database, of.number, fork.fork);
    lines.extend(fork.limit.map(|limit| format!("{start}: limit {limit}")));
    for (first, last) in ranges {
        lines.push(if first == last {
            format!("{start}: block {first}")
        } else {
            format!("{start}: blocks {first}..{last}")
        });
    }
}
