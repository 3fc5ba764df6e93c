//! What surrounds every answer: its schema, who made it, of what, with what coverage and findings.
use super::Coverage;
use crate::finding::{Finding, Findings, Severity};
use serde::Serialize;

/// One report as JSON holds it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Envelope<T> {
    /// Name and version of the answer's schema, such as `audit/1`.
    pub schema: &'static str,
    /// What made it.
    pub tool: Tool,
    /// What was looked at; none if the answer is about no input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<Input>,
    /// How far it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// The answer.
    pub report: T,
    /// What is wrong, worst first.
    pub findings: Vec<FindingGroup>,
}

/// Name and version of this program.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tool {
    /// `pgdissect`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// The cluster a report is about.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Input {
    /// The path that was given.
    pub path: String,
    /// What it is: "data directory", "tar (zst)", "base backup", "one file".
    pub kind: String,
    /// Major version, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postgres: Option<u16>,
    /// System identifier, as text because it has 64 bits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_identifier: Option<String>,
    /// State in pg_control, in pg_controldata's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Sentences a reader must know before the numbers: files as before recovery, a live server …
    pub notes: Vec<String>,
}

/// All findings of one rule: how many, and the first of them.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FindingGroup {
    /// The rule's id.
    pub id: &'static str,
    /// The worst severity among them.
    pub severity: Severity,
    /// How many there are, those not listed included.
    pub count: u64,
    /// The first ones.
    pub first: Vec<Finding>,
}

impl Tool {
    /// This program.
    pub const THIS: Self = Self { name: "pgdissect", version: env!("CARGO_PKG_VERSION") };
}

impl<T> Envelope<T> {
    /// Wraps an answer.
    pub fn new(
        schema: &'static str,
        input: Input,
        coverage: Coverage,
        findings: &Findings,
        report: T,
    ) -> Self {
        let group = |of_rule: &crate::finding::OfRule| FindingGroup {
            id: of_rule.rule.id,
            severity: of_rule.worst,
            count: of_rule.seen,
            first: of_rule.kept.clone(),
        };
        let findings = findings.by_rule().into_iter().map(group).collect();
        let (input, coverage) = (Some(input), Some(coverage));
        Self { schema, tool: Tool::THIS, input, coverage, report, findings }
    }

    /// The same surroundings for another answer.
    pub fn with_report<U>(&self, report: U) -> Envelope<U> {
        Envelope {
            schema: self.schema,
            tool: self.tool,
            input: self.input.clone(),
            coverage: self.coverage.clone(),
            report,
            findings: self.findings.clone(),
        }
    }

    /// Wraps an answer that is about no input.
    pub fn without_input(schema: &'static str, report: T) -> Self {
        let (input, coverage, findings) = (None, None, Vec::new());
        Self { schema, tool: Tool::THIS, input, coverage, report, findings }
    }
}
