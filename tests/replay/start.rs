//! Whether it starts, and with which message if not.
use crate::case::{CASES, Case};
use crate::verdict::Verdict;
use serde_json::Value;

#[test]
fn starts_where_the_server_starts_and_is_refused_in_its_words() {
    let mut verdict = Verdict::default();
    for case in CASES.iter() {
        verdict.same(&case.name, "starts", &case.ours["starts"].as_bool().unwrap(), &case.starts());
        let ours = |part: &str| placed(case, &case.ours["refusal"][part]);
        let theirs = |part: &str| text(&case.server["failure"][part]);
        if case.kind == "control-missing" {
            // Said before there is a log, in three lines.
            let ours = [ours("message"), ours("detail")].map(Option::unwrap).join(" ");
            let theirs = theirs("message").unwrap().replace('\n', " ");
            verdict.same(&case.name, "message", &ours, &theirs);
            continue;
        }
        for (our, their) in
            [("severity", "level"), ("message", "message"), ("detail", "detail"), ("hint", "hint")]
        {
            verdict.same(&case.name, their, &ours(our), &theirs(their));
        }
    }
    verdict.end(&[("starts", 80), ("message", 80)]);
}

/// A line of a file that a server quotes brings its end along.
fn text(value: &Value) -> Option<String> {
    value.as_str().map(|text| text.trim_end().to_owned())
}

/// With the name for the data directory that the oracle has.
fn placed(case: &Case, value: &Value) -> Option<String> {
    Some(text(value)?.replace(case.folder.join("data").to_str().unwrap(), "PGDATA"))
}
