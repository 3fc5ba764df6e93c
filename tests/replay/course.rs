//! Where redo starts and ends and why, where the files are consistent, where a target stops it.
use crate::case::{CASES, Case};
use crate::verdict::Verdict;
use serde_json::Value;

#[test]
fn begins_and_ends_where_the_server_did() {
    let mut verdict = Verdict::default();
    for case in CASES.iter() {
        let end = &case.ours["end"];
        let start = &case.ours["start"];
        for (fact, ours) in [
            ("checkpoint", &start["checkpoint"]["lsn"]),
            ("redo", &start["redo_lsn"]),
            ("redo_start", &end["redo_start_lsn"]),
            ("redo_done", &end["redo_done_lsn"]),
            ("consistent", &end["consistent_lsn"]),
        ] {
            if let Some(said) = case.said(fact) {
                verdict.same(&case.name, fact, &lsn(ours), &Some(number(said)));
            }
        }
        let done = case.said("redo_done").is_some();
        if done {
            let new = case.said("new_timeline").map(|text| text.parse().unwrap());
            verdict.same(&case.name, "new_timeline", &end["new_timeline"].as_u64(), &new);
        }
        if done && let Some(said) = case.said("end_of_wal") {
            verdict.same(&case.name, "end_of_wal", &end_of_wal(case), &said.to_owned());
        }
        if let Some(said) = case.said("last_completed") {
            let ours = end["last_completed"]["time"].as_str().unwrap_or_default();
            verdict.same(&case.name, "last_completed", &ours.to_owned(), &said.to_owned());
        }
        if let Some(said) = case.said("stop") {
            let ours = case.ours["targets"]["target"]["stop"]["postgres_says"].as_str();
            verdict.same(&case.name, "stop", &ours.unwrap_or_default(), &said);
        }
    }
    verdict.end(&[
        ("redo_start", 50),
        ("redo_done", 45),
        ("consistent", 30),
        ("end_of_wal", 20),
        ("stop", 15),
    ]);
}

fn end_of_wal(case: &Case) -> String {
    case.ours["end"]["end_of_wal"]["postgres_says"].as_str().unwrap_or_default().to_owned()
}

fn lsn(value: &Value) -> Option<u64> {
    value.as_str().map(number)
}

/// 19 writes eight digits.
pub(crate) fn number(text: &str) -> u64 {
    let (high, low) = text.split_once('/').unwrap();
    u64::from_str_radix(high, 16).unwrap() << 32 | u64::from_str_radix(low, 16).unwrap()
}
