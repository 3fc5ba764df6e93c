//! What the command does to the world around it: exit status, files, pipes.
mod common;

use common::run;
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

#[test]
fn output_goes_to_the_file_that_was_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("findings.csv");
    let command = "pgdissect explain --format csv";
    let ran = run(&format!("{command} --output {}", file.display()));
    assert_eq!((ran.exit, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    assert_eq!(std::fs::read_to_string(file).unwrap(), run(command).stdout);
}
