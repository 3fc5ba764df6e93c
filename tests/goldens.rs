//! Goldens: files one drops in. `tests/goldens/NAME.cmd` is a shell command, run at the top of the
//! repository; `NAME.stdout` is what it prints. `NAME.stderr` and `NAME.exit` are there only if it
//! says something on standard error or exits with another status than 0.
//!
//! `PGDISSECT_BLESS=1 cargo test --test goldens` rewrites them; read the diff before committing it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;

use common::{Ran, difference, run};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn commands_answer_as_recorded() {
    let bless = std::env::var_os("PGDISSECT_BLESS").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let names = names(&folder);
    let mut failures = Vec::new();
    for name in &names {
        let part = |part: &str| folder.join(format!("{name}.{part}"));
        let command = fs::read_to_string(part("cmd"))
            .unwrap_or_else(|error| panic!("{name} has no command: {error}"));
        let ran = run(&command);
        let exit = if ran.exit == 0 { String::new() } else { format!("{}\n", ran.exit) };
        let Ran { stdout, stderr, .. } = ran;
        for (kind, text) in [("stdout", stdout), ("stderr", stderr), ("exit", exit)] {
            let file = part(kind);
            if bless {
                write(&file, &text);
            }
            let expected = fs::read_to_string(&file).unwrap_or_default();
            if text != expected {
                failures.push(format!("{name}.{kind}: {}", difference(&expected, &text)));
            }
        }
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

/// The goldens, also those of which only a part is there.
fn names(folder: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let names: BTreeSet<_> = files.map(stem).collect();
    assert!(!names.is_empty(), "no goldens");
    names
}

fn write(file: &Path, text: &str) {
    if text.is_empty() {
        let _ = fs::remove_file(file);
    } else {
        fs::write(file, text).unwrap();
    }
}
