//! The catalogue of findings: ids are stable and well-formed, advice is safe, docs/findings.md is
//! current (`PGDISSECT_BLESS=1 cargo test` rewrites it).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;

use pgdissect::finding::{Rule, rules};
use std::collections::BTreeSet;
use std::fmt::Write as _;

#[test]
fn ids_are_unique_and_well_formed() {
    let mut seen = BTreeSet::new();
    for rule in rules::all() {
        assert!(seen.insert(rule.id), "{} twice", rule.id);
        let (family, name) = rule.id.split_once('.').expect(rule.id);
        for word in [family].into_iter().chain(name.split('-')) {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            assert!(!word.is_empty() && word.chars().all(plain), "{}: {word:?}", rule.id);
        }
    }
}

#[test]
fn every_rule_says_what_it_means_and_what_to_do() {
    for rule in rules::all() {
        for text in texts(rule) {
            assert!(text.len() > 20, "{}: {text:?} says too little", rule.id);
            assert!(text.ends_with('.'), "{}: {text:?} is no sentence", rule.id);
            assert!(text.chars().all(|c| !c.is_control()), "{}: {text:?}", rule.id);
            assert!(!text.contains("  "), "{}: {text:?} has stray spaces", rule.id);
        }
    }
}

/// What destroys evidence may be named only to warn against it.
#[test]
fn no_advice_destroys_anything() {
    let destructive = [
        "pg_resetwal",
        "zero_damaged_pages",
        "ignore_checksum_failure",
        "rm ",
        "delete",
        "truncate",
        "pg_surgery",
        "ignore_invalid_pages",
        "reindex --system",
        "drop ",
    ];
    for rule in rules::all() {
        for sentence in rule.next.split_inclusive(['.', ';']) {
            let lower = sentence.to_lowercase();
            let warns =
                ["not ", "never", "n't ", "before", "without"].iter().any(|w| lower.contains(w));
            let found = destructive.iter().find(|word| lower.contains(*word));
            assert!(warns || found.is_none(), "{}: {sentence:?} advises {found:?}", rule.id);
        }
    }
}

#[test]
fn the_document_is_current() {
    common::bless("docs/findings.md", &document());
}

fn texts(rule: &Rule) -> [&'static str; 4] {
    [rule.means, rule.causes, rule.postgres, rule.next]
}

fn document() -> String {
    let mut doc = String::from(
        "# Findings\n\n\
         What pgdissect can find wrong, by id, as `pgdissect explain ID` says it. The ids are stable: \
         scripts may rely on them.\nThis file is written by `tests/findings.rs` from \
         `src/finding/rules/`.\n\n\
         | id | severity | meaning |\n| --- | --- | --- |\n",
    );
    for rule in rules::all() {
        let (id, severity, means) = (rule.id, rule.severity.name(), rule.means.replace('|', "\\|"));
        let anchor = id.replace('.', "");
        let _ = writeln!(doc, "| [{id}](#{anchor}) | {severity} | {means} |");
    }
    for rule in rules::all() {
        let _ = write!(
            doc,
            "\n## {}\n\n{}\n\n* **What usually causes it:** {}\n* **What PostgreSQL does:** {}\n\
             * **What to do next:** {}\n",
            rule.id, rule.means, rule.causes, rule.postgres, rule.next
        );
    }
    doc
}
