//! `triage` on copies of clusters that a real server was then started on: it tells the same story as the
//! server's log, on one screen, and answers the message with which the server ended. One screen of each
//! sort is kept in tests/triage.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it compared, its helpers too"
)]
mod common;

use common::{bless, run, unpacked};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a screen.
const SCREEN: usize = 50;
/// Cases whose screens are kept.
const KEPT: [&str; 9] = [
    "backup-no-signal-18",
    "checkpoint-missing-14",
    "crash-checksums-14",
    "invalid-missing-14",
    "label-garbage-18",
    "page-torn-14",
    "target-lsn-late-18",
    "target-unreached-xid-18",
    "wal-missing-18",
];

struct Case {
    name: String,
    folder: PathBuf,
    /// What the server did.
    server: Value,
}

fn cases() -> Vec<Case> {
    let below = |root: &Path| -> Vec<_> {
        let read = fs::read_dir(root).unwrap_or_else(|error| panic!("{}: {error}", root.display()));
        read.map(|entry| entry.unwrap().path()).collect()
    };
    let sets = below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recovery"));
    let folders = sets.iter().flat_map(|archive| below(&unpacked(archive)));
    let mut cases: Vec<_> = folders
        .map(|folder| {
            let server = fs::read_to_string(folder.join("oracle.json")).unwrap();
            let server: Value = serde_json::from_str(&server).unwrap();
            Case { name: server["name"].as_str().unwrap().to_owned(), folder, server }
        })
        .collect();
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

impl Case {
    fn triage(&self, more: &str) -> String {
        let archive = self.folder.join("archive");
        let some = archive.exists() && fs::read_dir(&archive).unwrap().next().is_some();
        let archive = if some { "--archive archive" } else { "" };
        let folder = self.folder.display();
        let ran = run(&format!("cd {folder} && pgdissect triage data {archive} {more}"));
        assert!([0, 1].contains(&ran.exit), "{}: exit {}: {}", self.name, ran.exit, ran.stderr);
        ran.stdout
    }

    /// With which the server ended. What follows the first line names directories of the machine that
    /// it was recorded on.
    fn failure(&self) -> Option<&str> {
        self.server["failure"]["message"].as_str()?.lines().next()
    }

    /// What the server said that somebody may ask about: with what it ended, and why WAL ended.
    fn messages(&self) -> Vec<String> {
        let end = self.server["log"]["end_of_wal"].as_str();
        self.failure().into_iter().chain(end).map(str::to_owned).collect()
    }

    fn report(&self, more: &str) -> Value {
        let answer = self.triage(&format!("--quick --format json {more}"));
        serde_json::from_str::<Value>(&answer).unwrap()["report"].clone()
    }
}

#[test]
fn it_tells_what_the_server_did() {
    let (mut failures, mut compared, mut answered) = (Vec::new(), 0, 0);
    for case in cases() {
        let messages = case.messages();
        let asked = messages.iter().map(|message| format!(" --message {}", quoted(message)));
        let report = case.report(&asked.collect::<String>());
        let verdict = &report["verdict"];
        let ours = (verdict["starts"].as_bool(), verdict["refusal"]["message"].as_str());
        let servers = (case.server["starts"].as_bool(), case.failure());
        compared += 1;
        if ours != servers {
            failures.push(format!("{}: {ours:?}, the server {servers:?}", case.name));
        }
        for message in &messages {
            answered += 1;
            let answers = report["messages"].as_array().unwrap();
            let is = |answer: &&Value| message.contains(answer["message"].as_str().unwrap());
            // Messages about the same thing have one answer.
            let both = |answer: &&Value| answer["count"] == 2;
            let answer = answers.iter().find(is).or_else(|| answers.iter().find(both));
            let state = answer.map(|answer| &answer["state"]);
            if state.is_none_or(|state| state != "confirmed") {
                failures.push(format!("{}: {message:?} is {state:?}", case.name));
            }
        }
        if let (Some(redo), Some(from)) =
            (case.server["log"]["redo_start"].as_str(), verdict["from"].as_str())
            && plain(redo) != from
        {
            failures.push(format!("{}: from {from}, the server from {redo}", case.name));
        }
    }
    println!("triage: {compared} copies, {answered} messages");
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
    assert!(compared >= 70 && answered >= 90, "{compared} copies, {answered} messages");
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// From 19 on a server pads the lower half of an LSN.
fn plain(lsn: &str) -> String {
    let (high, low) = lsn.split_once('/').unwrap();
    let low = low.trim_start_matches('0');
    format!("{high}/{}", if low.is_empty() { "0" } else { low })
}

#[test]
fn it_fits_one_screen() {
    let cases = cases();
    for name in KEPT {
        let case = cases.iter().find(|case| case.name == name);
        let case = case.unwrap_or_else(|| panic!("there is no {name}"));
        let text = case.triage("");
        let lines = text.lines().count();
        assert!(lines <= SCREEN, "{name}: {lines} lines");
        bless(&format!("tests/triage/{name}.txt"), &text);
    }
}
