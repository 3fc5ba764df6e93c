//! The findings under a report: how bad, what, where, by what evidence, and how to learn more.
use super::Page;
use crate::finding::{Finding, Severity};
use crate::report::FindingGroup;
use crate::report::doc::Tone;

/// How many findings of one rule are shown; the rest is counted.
const SHOWN: usize = 3;

pub(super) fn show(groups: &[FindingGroup], page: &mut Page) {
    if groups.is_empty() {
        return;
    }
    page.heading(&format!("Findings: {}", totals(groups)));
    for group in groups {
        page.gap();
        rule(group, page);
    }
}

/// `2 errors, 1 warning`: the number of rules that were broken, by severity.
fn totals(groups: &[FindingGroup]) -> String {
    let total = |severity: Severity| {
        let of_it = groups.iter().filter(|group| group.severity == severity);
        let count: u64 = of_it.map(|group| group.count).fold(0, u64::saturating_add);
        let plural = if count == 1 { "" } else { "s" };
        let grouped = super::number::grouped(count.into());
        (count > 0).then(|| format!("{grouped} {}{plural}", severity.name()))
    };
    let totals = [Severity::Error, Severity::Warning, Severity::Notice];
    totals.into_iter().filter_map(total).collect::<Vec<_>>().join(", ")
}

fn rule(group: &FindingGroup, page: &mut Page) {
    let severity = page.paint.severity(group.severity, group.severity.name());
    let count = match group.count {
        1 => String::new(),
        count => format!(" ({})", super::number::grouped(count.into())),
    };
    let id = page.paint.heading(group.id);
    page.line(&format!("{severity}: {id}{count}"));
    group.first.iter().take(SHOWN).for_each(|finding| one(finding, page));
    let more = group.count.saturating_sub(SHOWN as u64);
    if more > 0 {
        page.line(&format!("  … and {} more", super::number::grouped(more.into())));
    }
    let explain = format!("  More: pgdissect explain {}", group.id);
    page.line(&page.paint.tone(Tone::Faint, &explain));
}

fn one(finding: &Finding, page: &mut Page) {
    let Finding { place, evidence, .. } = finding;
    page.hanging("  ", "    ", &format!("{place}: {evidence}"));
    if let Some(message) = &finding.postgres_says {
        page.paragraph("    PostgreSQL says: ", message);
    }
}
