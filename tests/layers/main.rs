//! The house rules that no lint knows: who may import whom, and who may open files, use threads,
//! print, or name a PostgreSQL version. Test modules are free to do as they like.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod check;
mod paths;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};

fn rust_files(dir: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.push(path);
        }
    }
}

#[test]
fn every_source_file_keeps_the_rules() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    files.sort();
    assert!(files.len() > 60, "only {} files: is this the whole tree?", files.len());
    let name = |path: &PathBuf| path.strip_prefix(&src).unwrap().to_str().unwrap().to_owned();
    let text = |path: &PathBuf| (name(path), fs::read_to_string(path).unwrap());
    let files: Vec<_> = files.iter().map(text).collect();
    let tests: Vec<_> =
        files.iter().flat_map(|(name, text)| check::test_modules(name, text)).collect();
    let code = files.iter().filter(|(name, _)| !tests.contains(name));
    let offences: Vec<_> = code.flat_map(|(name, text)| check::file(name, text)).collect();
    assert!(offences.is_empty(), "\n{}", offences.join("\n"));
}

/// What is said about a made-up file.
fn said(name: &str, text: &str) -> Vec<String> {
    check::file(name, text)
}

#[test]
fn an_import_from_the_right_is_an_offence() {
    for (name, text) in [
        ("format/x.rs", "use crate::source::File;"),
        ("format/x.rs", "use crate::{types::Oid, cluster::Cluster};"),
        ("format/deep/x.rs", "fn f() { crate::cli::main() }"),
        ("format/deep/x.rs", "use super::super::super::analysis::audit;"),
        ("source/mod.rs", "use super::finding::Finding;"),
        ("finding/x.rs", "use crate::report::Doc;"),
        ("analysis/x.rs", "pub use crate :: render :: text;"),
    ] {
        assert_eq!(said(name, text).len(), 1, "{name}: {text}");
    }
    let found = said("layout/x.rs", "\n\nuse crate::format::error::Fault;");
    assert_eq!(found, ["layout/x.rs:3: layout imports from format, which is to its right"]);
}

#[test]
fn an_import_from_the_left_or_in_a_test_or_comment_is_none() {
    for (name, text) in [
        ("format/x.rs", "use crate::types::Oid; use crate::layout::Dialect; use super::bytes;"),
        ("format/deep/x.rs", "use super::super::error::Fault;"),
        ("format/x.rs", "//! See [`crate::cluster::Cluster`].\n/* use crate::cli; */"),
        ("format/x.rs", r##"const A: &str = "use crate::cli"; const B: &str = r#"println!("#;"##),
        ("format/x.rs", "#[cfg(test)]\nmod tests { use crate::cli::x; fn f() { println!() } }"),
        ("cli/x.rs", "use crate::{types, layout, format, source, finding, report, cluster};"),
        ("render/x.rs", "use crate::{analysis, replay};"),
    ] {
        assert_eq!(said(name, text), [] as [String; 0], "{name}: {text}");
    }
    let after_tests = "#[cfg(test)] mod tests { fn f() {} } use crate::cli::x;";
    assert_eq!(said("format/x.rs", after_tests).len(), 1, "only the test module is skipped");
}

#[test]
fn an_unknown_layer_is_an_offence() {
    assert_eq!(said("elsewhere/x.rs", "").len(), 1);
    assert_eq!(said("format/x.rs", "use crate::elsewhere::f;").len(), 1);
}

#[test]
fn only_source_and_cli_open_files() {
    for text in [
        "use std::fs;",
        "use std::{io, fs::File};",
        "fn f() { std::fs::read(\"x\"); }",
        "use std::os::unix::fs::FileExt;",
    ] {
        assert_eq!(said("cluster/x.rs", text).len(), 1, "{text}");
        assert!(said("source/x.rs", text).is_empty() && said("cli/x.rs", text).is_empty());
    }
    assert!(said("cluster/x.rs", "use std::fmt;").is_empty());
}

#[test]
fn only_analysis_and_replay_use_threads() {
    let text = "use rayon::prelude::*;";
    assert_eq!(said("cluster/x.rs", text).len(), 1);
    assert!(said("analysis/scan/x.rs", text).is_empty() && said("replay/x.rs", text).is_empty());
}

#[test]
fn only_cli_prints() {
    for name in ["print", "println", "eprint", "eprintln", "dbg"] {
        let text = format!("fn f() {{ {name}!(\"x\"); }}");
        assert_eq!(said("render/x.rs", &text).len(), 1, "{text}");
        assert!(said("cli/x.rs", &text).is_empty());
    }
    assert!(said("render/x.rs", "fn print() {} fn f() { print() }").is_empty());
}

#[test]
fn only_layout_names_a_version() {
    for text in [
        "fn f() { PgVersion::V12 }",
        "use crate::layout::PgVersion::{V12, V13};",
        "use crate::layout::PgVersion::*;",
        "fn f() { crate::layout::PgVersion::V19 }",
    ] {
        assert!(!said("cluster/x.rs", text).is_empty(), "{text}");
        assert!(said("layout/x.rs", text).is_empty(), "{text}");
    }
    assert!(said("cluster/x.rs", "fn f() { PgVersion::from_major(18) }").is_empty());
}

#[test]
fn only_source_and_a_checksum_are_unsafe() {
    let text = "fn f() { unsafe { g() } }";
    assert_eq!(said("format/x.rs", text).len(), 1);
    assert!(said("source/x.rs", text).is_empty() && said("format/wal/crc.rs", text).is_empty());
}

#[test]
fn no_file_has_more_than_500_lines() {
    assert!(said("format/x.rs", &"\n".repeat(500)).is_empty());
    assert_eq!(said("format/x.rs", &"\n".repeat(501)).len(), 1);
}

#[test]
fn a_test_module_in_a_file_of_its_own_is_known() {
    let text = "mod code;\n#[cfg(test)]\nmod tests;\n#[cfg(test)] mod inner {}";
    let files = check::test_modules("format/heap/mod.rs", text);
    assert_eq!(files, ["format/heap/tests.rs", "format/heap/tests/mod.rs"]);
    assert_eq!(check::test_modules("format/slot.rs", text)[0], "format/slot/tests.rs");
}
