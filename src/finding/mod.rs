//! What is wrong or suspicious, where, and by what rule. A finding is data: decoded, then judged.
mod files;
pub mod judge;
mod place;
pub mod rules;

pub use files::of_archives;
pub use place::Place;
pub use rules::Rule;
use serde::Serialize;
use std::collections::BTreeMap;

/// How bad a finding is; orders from harmless to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing, nothing to do.
    Notice,
    /// Look at it: a limit comes near, a number cannot be trusted.
    Warning,
    /// Damage: bytes that PostgreSQL would refuse or misread.
    Error,
}

impl Severity {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing that is wrong, at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// The rule, by its stable id (`heap.line-pointer-overlap`).
    #[serde(serialize_with = "rules::id_only", rename = "id")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub rule: &'static Rule,
    /// How bad it is here; the rule's own severity unless the place makes it lighter.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// The values that break the rule: "lp_off 8176 + lp_len 64 is past pd_special 8192".
    pub evidence: String,
    /// What PostgreSQL itself would say, word for word, where it has a message for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postgres_says: Option<String>,
}

impl Finding {
    /// A finding of `rule` at `place`, as severe as the rule says.
    pub fn new(rule: &'static Rule, place: Place, evidence: impl Into<String>) -> Self {
        let (severity, evidence) = (rule.severity, evidence.into());
        Self { rule, severity, place, evidence, postgres_says: None }
    }

    /// With PostgreSQL's own message.
    #[must_use]
    pub fn says(mut self, message: impl Into<String>) -> Self {
        self.postgres_says = Some(message.into());
        self
    }
}

/// Findings of one run, bounded: of each rule the first [`Findings::KEPT`] are kept, all counted.
/// Merging two in the order of the work keeps the same ones for any split of it.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    by_rule: BTreeMap<&'static str, OfRule>,
}

/// What was found of one rule.
#[derive(Debug, Clone)]
pub struct OfRule {
    /// The rule.
    pub rule: &'static Rule,
    /// How often it was broken, kept or not.
    pub seen: u64,
    /// The worst severity seen.
    pub worst: Severity,
    /// The first ones, in the order of the work.
    pub kept: Vec<Finding>,
}

impl Findings {
    /// How many findings of one rule are kept whole.
    pub const KEPT: usize = 100;

    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        let (rule, worst) = (finding.rule, finding.severity);
        self.absorb(OfRule { rule, seen: 1, worst, kept: vec![finding] });
    }

    /// Adds all of `other`, which comes later in the order of the work.
    pub fn merge(&mut self, other: Self) {
        other.by_rule.into_values().for_each(|of_rule| self.absorb(of_rule));
    }

    fn absorb(&mut self, later: OfRule) {
        let fresh = OfRule { seen: 0, kept: Vec::new(), ..later };
        let mine = self.by_rule.entry(later.rule.id).or_insert(fresh);
        mine.seen = mine.seen.saturating_add(later.seen);
        mine.worst = mine.worst.max(later.worst);
        let room = Self::KEPT.saturating_sub(mine.kept.len());
        mine.kept.extend(later.kept.into_iter().take(room));
    }

    /// By rule, worst first, then by id.
    pub fn by_rule(&self) -> Vec<&OfRule> {
        let mut rules: Vec<_> = self.by_rule.values().collect();
        rules.sort_by_key(|of_rule| (std::cmp::Reverse(of_rule.worst), of_rule.rule.id));
        rules
    }

    /// The worst severity of all, `None` if nothing was found.
    pub fn worst(&self) -> Option<Severity> {
        self.by_rule.values().map(|of_rule| of_rule.worst).max()
    }
}

#[cfg(test)]
mod tests {
    use super::{Finding, Findings, Place, rules};

    #[test]
    fn any_split_of_the_work_keeps_the_same_findings() {
        let all: Vec<_> = (0..250)
            .map(|n| Finding::new(&rules::FILE_UNREADABLE, Place::default(), format!("#{n}")))
            .collect();
        let collect = |part: &[Finding]| {
            part.iter().cloned().fold(Findings::default(), |mut findings, finding| {
                findings.push(finding);
                findings
            })
        };
        let whole = collect(&all);
        let mut split = collect(&all[..130]);
        split.merge(collect(&all[130..]));
        for findings in [&whole, &split] {
            let of_rule = findings.by_rule()[0];
            assert_eq!((of_rule.seen, of_rule.kept.len()), (250, Findings::KEPT));
            assert_eq!(of_rule.kept[99].evidence, "#99");
        }
    }
}
