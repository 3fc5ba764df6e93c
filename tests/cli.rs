//! What the command does to the world around it: exit status, files, pipes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;

use common::{case, run};
use std::io::Read as _;
use std::process::{Command, Stdio};

#[test]
fn a_broken_pipe_is_success() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pgdissect"))
        .arg("explain")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    assert_eq!(said, "");
}

/// Pages are saved whether anybody reads the list of them or not.
#[test]
fn a_broken_pipe_costs_no_saved_image() {
    let saved = |stdout: fn(&mut Command) -> &mut Command| {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_pgdissect"));
        command.args(["wal", "images", "fixtures/wal/pg18.tar.zst", "--format", "jsonl", "--save"]);
        let mut child = stdout(command.arg(dir.path())).spawn().unwrap();
        drop(child.stdout.take());
        assert!(child.wait().unwrap().success());
        std::fs::read_dir(dir.path()).unwrap().count()
    };
    let all = saved(|command| command.stdout(Stdio::null()));
    assert_eq!((saved(|command| command.stdout(Stdio::piped())), all > 100), (all, true));
}

#[test]
fn output_goes_to_the_file_that_was_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("findings.csv");
    let command = "pgdissect explain --format csv";
    let ran = run(&format!("{command} --output {}", file.display()));
    assert_eq!((ran.exit, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    assert_eq!(std::fs::read_to_string(file).unwrap(), run(command).stdout);
}

#[test]
fn nothing_is_written_into_the_input() {
    let pgdata = case("pg18/clean").pgdata;
    let link = tempfile::tempdir().unwrap();
    let link = link.path().join("link");
    std::os::unix::fs::symlink(&pgdata, &link).unwrap();
    for inside in [pgdata.join("out.json"), pgdata.join("base/out.json"), link.join("out.json")] {
        let command = format!("pgdissect control {}", pgdata.display());
        let ran = run(&format!("{command} --output {}", inside.display()));
        assert_eq!((ran.exit, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains("is part of the input"), "{}", ran.stderr);
        assert!(!inside.exists());
    }
    let ran = run(&format!("pgdissect control {0} --temp-dir {0}/base", pgdata.display()));
    assert_eq!(ran.exit, 2, "{}", ran.stderr);
}

#[test]
fn what_is_unpacked_leaves_nothing_behind() {
    let temp = tempfile::tempdir().unwrap();
    let archive = case("pg18/clean").archive;
    let pgdissect = |command: &str| {
        let mut process = Command::new(env!("CARGO_BIN_EXE_pgdissect"));
        process.arg(command).arg(&archive).arg("--temp-dir").arg(temp.path());
        process.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let empty = || std::fs::read_dir(temp.path()).unwrap().next().is_none();
    assert!(pgdissect("control").wait().unwrap().success() && empty());
    // Killed at any moment, it has nothing to clean up either.
    for milliseconds in [1, 5, 20, 50] {
        let mut child = pgdissect("control");
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(empty());
    }
}

/// What a command read, the one that it proposes next reads as well.
#[test]
fn proposed_commands_name_the_archives() {
    let archive = case("pg18/clean").pgdata;
    let options = format!("--archive {}", archive.display());
    for (command, proposed) in [
        ("wal check", "wal dump --start"),
        ("wal stats", "wal stats --by cause"),
        ("replay", "replay --list-targets"),
        ("triage --quick", "replay"),
    ] {
        let ran = run(&format!("pgdissect {command} fixtures/pg18/killed.tar.zst {options}"));
        let said = ran.stdout.replace(" \\\n    ", " ");
        let line = said
            .lines()
            .find(|line| line.trim_start().starts_with(&format!("pgdissect {proposed}")));
        let line = line.unwrap_or_else(|| panic!("{command}: {said}{}", ran.stderr));
        assert!(line.contains(&options), "{command}: {line}");
    }
}
