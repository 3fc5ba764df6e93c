//! What was checked, a line for each.
use super::{Evidence, plural};
use crate::analysis::wraparound;
use crate::cluster::Cluster;
use crate::finding::{OfRule, Severity};
use crate::report::triage::Check;
use crate::report::wraparound::Limits;
use crate::types::pretty_size;

/// Which rules belong to which check, by the beginnings of their ids.
const FAMILIES: [(&str, &[&str]); 5] = [
    ("control file", &["control.", "cluster."]),
    ("WAL", &["wal.", "replay.would-not-start"]),
    ("relation files", &["file.", "relation.", "tablespace.", "catalog."]),
    ("transactions", &["slru.", "twophase."]),
    ("slots", &["slot."]),
];
/// Pages, which may not have been looked at.
const PAGES: &[&str] = &["page.", "replay.page-", "heap.", "fsm.", "vm."];

pub(super) fn checks(
    evidence: &Evidence<'_>,
    xids: Option<&Limits>,
    multixacts: Option<&Limits>,
) -> Vec<Check> {
    let mut checks: Vec<_> = FAMILIES
        .into_iter()
        .map(|(what, prefixes)| check(evidence, what, prefixes, fine(evidence, what)))
        .collect();
    checks.push(pages(evidence));
    checks.extend(distance(xids, multixacts));
    checks
}

fn check(evidence: &Evidence<'_>, what: &'static str, prefixes: &[&str], fine: String) -> Check {
    let by_rule = evidence.findings.by_rule();
    let mut found = by_rule
        .into_iter()
        .filter(|of| prefixes.iter().any(|prefix| of.rule.id.starts_with(prefix)));
    let Some(worst) = found.next() else {
        return Check { what, severity: None, found: 0, result: fine };
    };
    let others: u64 = found.map(|of| of.seen).sum();
    let more = if others == 0 { String::new() } else { format!("; {others} more") };
    Check {
        what,
        severity: Some(worst.worst),
        found: worst.seen + others,
        result: format!("{}{more}", first(worst)),
    }
}

/// The first of a rule, where it is, and how many there are.
fn first(of: &OfRule) -> String {
    let times = if of.seen > 1 { format!(" ({} times)", of.seen) } else { String::new() };
    match of.kept.first() {
        Some(finding) => {
            let place = finding.place.to_string();
            let gap = if place.is_empty() { "" } else { " in " };
            format!("{}{times}: {}{gap}{place}", of.rule.id, finding.evidence)
        }
        None => format!("{}{times}", of.rule.id),
    }
}

/// What is said where nothing was found.
fn fine(evidence: &Evidence<'_>, what: &str) -> String {
    let cluster = evidence.cluster;
    match what {
        "control file" => match cluster.control() {
            Some(control) => format!("sound; it names the checkpoint at {}", control.check_point),
            None => "not there".to_owned(),
        },
        "WAL" => {
            let segments = evidence.log.segments();
            let bytes = segments.values().map(|file| file.len).sum();
            format!(
                "{}, {}; no damage on recovery's way",
                plural(segments.len() as u64, "segment"),
                pretty_size(bytes)
            )
        }
        "relation files" => {
            format!("{} as the catalogs have them", plural(evidence.files.len() as u64, "file"))
        }
        "transactions" => "pg_xact and pg_multixact have all their segments".to_owned(),
        _ => match cluster.slots().len() as u64 {
            0 => "none".to_owned(),
            count => format!("{}, sound", plural(count, "slot")),
        },
    }
}

fn pages(evidence: &Evidence<'_>) -> Check {
    let Some(pages) = &evidence.pages else {
        let quick = "only those that records name were looked at (--quick)".to_owned();
        return check(evidence, "pages", PAGES, quick);
    };
    let bytes = evidence.files.iter().map(|file| file.len).sum();
    let checked = if evidence.cluster.dialect().geometry.checksums {
        "checksums and headers are right"
    } else {
        "headers are right; this cluster has no checksums"
    };
    let mut check = check(evidence, "pages", PAGES, format!("{}: {checked}", pretty_size(bytes)));
    if pages.bad.count > 0 {
        let healed = evidence.copies.values().filter(|copies| copies.replayed).count();
        let imaged = evidence.copies.values().filter(|copies| copies.last.is_some()).count();
        let copies = format!("recovery restores {healed}, WAL has images of {imaged}");
        check.result = format!("{} damaged ({copies}). {}", pages.bad.count, check.result);
    }
    if pages.ahead.count > 0 {
        let at = pages.ahead.first.first().map(|(_, lsn)| format!(", the first by {lsn}"));
        let ahead = format!(
            "{} beyond the end of WAL{}: the copy mixes times, or WAL is lost",
            plural(pages.ahead.count, "page"),
            at.unwrap_or_default()
        );
        check.result = format!("{ahead}. {}", check.result);
    }
    check
}

/// How far the oldest ids are from wrapping around.
pub(super) fn limits(cluster: &Cluster) -> (Option<Limits>, Option<Limits>) {
    let next = cluster.xact().next_xid().xid();
    let next_multi = cluster.xact().next_multi();
    if cluster.control().is_none() {
        return (None, None);
    }
    let distances = &cluster.dialect().layout.wraparound;
    let databases = cluster.databases().iter();
    let xids = databases
        .clone()
        .filter(|database| database.datfrozenxid.is_normal())
        .max_by_key(|database| database.datfrozenxid.age(next));
    let multis = databases
        .filter(|database| database.datminmxid.0 != 0)
        .max_by_key(|database| database.datminmxid.age(next_multi));
    let of_xids = |database: &crate::cluster::Database| {
        let age = database.datfrozenxid.age(next);
        wraparound::limits(age, wraparound::xid_distances(distances), &database.name)
    };
    let of_multis = |database: &crate::cluster::Database| {
        let age = database.datminmxid.age(next_multi);
        wraparound::limits(age, wraparound::multi_distances(distances), &database.name)
    };
    (xids.map(of_xids), multis.map(of_multis))
}

fn distance(xids: Option<&Limits>, multixacts: Option<&Limits>) -> Option<Check> {
    let both = [("transaction ids", xids), ("multixacts", multixacts)];
    let known = both.into_iter().filter_map(|(what, limits)| Some((what, limits?)));
    let known: Vec<_> = known.collect();
    let least = known.iter().map(|(_, limits)| limits.until_stop).min()?;
    let warns = known.iter().any(|(_, limits)| limits.until_warning <= 0);
    let severity = match (least <= 0, warns) {
        (true, _) => Some(Severity::Error),
        (false, true) => Some(Severity::Warning),
        (false, false) => None,
    };
    let words = known.iter().map(|(what, limits)| {
        let of =
            if severity.is_some() { format!(" in {}", limits.database) } else { String::new() };
        format!("{} million {what}{of}", limits.until_stop / 1_000_000)
    });
    let result = words.collect::<Vec<_>>().join(" and ") + " left";
    Some(Check { what: "wraparound", severity, found: u64::from(severity.is_some()), result })
}
