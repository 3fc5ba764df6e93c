//! pg_control and the small files beside it, against what the server and pg_controldata said.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;

use common::{Case, cases, difference, run};
use serde_json::Value;

/// `pgdissect control`, run on an archive in UTC.
fn control(case: &Case, options: &str) -> String {
    let archive = case.archive.to_str().unwrap();
    let ran = run(&format!("TZ=UTC pgdissect control {archive} {options}"));
    assert!(ran.exit == 0 && ran.stderr.is_empty(), "{}: {} {}", case.name, ran.exit, ran.stderr);
    ran.stdout
}

/// The paragraph of pg_controldata's lines: the text has a line about the input above it, and what
/// the state means below, each after an empty line.
fn lines(text: &str) -> String {
    let mut paragraphs = text.split("\n\n");
    let of_pg_control = |part: &&str| part.starts_with("pg_control version number:");
    paragraphs.find(of_pg_control).unwrap_or_else(|| panic!("no lines in {text}")).to_owned() + "\n"
}

#[test]
fn control_is_pg_controldata_line_for_line() {
    let mut compared = 0;
    for case in cases() {
        // Of 12 there is no tool.
        let Some(expected) = case.try_text("pg_controldata.txt") else { continue };
        let found = lines(&control(&case, ""));
        assert!(found == expected, "{}: {}", case.name, difference(&expected, &found));
        compared += 1;
    }
    assert!(compared >= 14, "{compared} compared");
}

/// Columns of the four functions, in the JSON, by their names.
#[test]
fn control_has_what_the_functions_of_every_major_show() {
    let mut compared = 0;
    for case in cases() {
        let answer: Value = serde_json::from_str(&control(&case, "--format json")).unwrap();
        for part in ["system", "checkpoint", "recovery", "init"] {
            let csv = case.csv(&format!("pg_control_{part}.csv"));
            let row = csv.rows().next().unwrap();
            for column in csv.columns() {
                // A running server wrote the file again when it was asked or stopped.
                let changes = matches!((part, column), ("system", "pg_control_last_modified"));
                let value = &answer["report"][part][column];
                assert!(!value.is_null(), "{}: no {part}.{column}", case.name);
                let expected = row.get(column);
                let found = match value {
                    Value::Bool(flag) => if *flag { "t" } else { "f" }.to_owned(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                let same =
                    found == expected || lsn(&found) == lsn(expected) && lsn(&found).is_some();
                assert!(same || changes, "{}: {part}.{column} {found} {expected}", case.name);
                compared += usize::from(!changes);
            }
        }
    }
    assert!(compared > 500, "{compared} compared");
}

fn lsn(text: &str) -> Option<pgdissect::types::Lsn> {
    text.parse().ok()
}

#[test]
fn the_state_is_explained_in_a_sentence() {
    for case in cases() {
        let text = control(&case, "");
        let expected = if !case.clean {
            "\n\nin production: the server did not stop cleanly; recovery starts at "
        } else if case.is_standby() {
            "\n\nshut down in recovery: "
        } else {
            "\n\nshut down: the server was stopped cleanly; no recovery is needed."
        };
        assert!(text.contains(expected), "{}: {text}", case.name);
    }
}

/// Byte order and alignment show without knowing the layout.
#[test]
fn files_of_other_machines_are_named_not_misread() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("pg_control");
    for (bytes, expected) in [
        (big_endian(), "control.byte-order"),
        (aligned_to_4(), "control.alignment"),
        (vec![0; 8192], "control.unreadable"),
        (b"not a control file, but long enough".to_vec(), "control.unreadable"),
        (vec![1, 2, 3], "control.unreadable"),
    ] {
        std::fs::write(&file, bytes).unwrap();
        let ran = run(&format!("pgdissect control {}", file.display()));
        assert!(ran.stdout.contains(expected), "{expected}: {}", ran.stdout);
        assert_eq!(ran.exit, 3, "{expected}");
    }
}

/// The first fields as IBM Z writes them, and a CRC.
fn big_endian() -> Vec<u8> {
    let mut bytes = 7_710_401_594_701_228_037_u64.to_be_bytes().to_vec();
    bytes.extend([1700_u32, 202_406_281].map(u32::to_be_bytes).concat());
    bytes.resize(304, 0);
    bytes.extend(crc32c::crc32c(&bytes).to_be_bytes());
    bytes.resize(8192, 0);
    bytes
}

/// maxAlign and the constant after it where i386 has them in 13 to 16: at byte 184.
fn aligned_to_4() -> Vec<u8> {
    let mut bytes = 7_710_401_594_701_228_037_u64.to_le_bytes().to_vec();
    bytes.extend([1300_u32, 202_209_061].map(u32::to_le_bytes).concat());
    bytes.resize(184, 0);
    bytes.extend(4_u32.to_le_bytes());
    bytes.extend(1_234_567.0_f64.to_le_bytes());
    bytes.resize(268, 0);
    bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
    bytes.resize(8192, 0);
    bytes
}

#[test]
fn one_wrong_bit_is_found_by_the_crc() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("pg_control");
    let mut found = 0;
    for case in cases() {
        let mut bytes = std::fs::read(case.pgdata.join("global/pg_control")).unwrap();
        bytes[73] ^= 4;
        std::fs::write(&file, bytes).unwrap();
        let ran = run(&format!("pgdissect control {}", file.display()));
        assert!(ran.stdout.contains("error: control.crc"), "{}: {}", case.name, ran.stdout);
        assert_eq!(ran.exit, 1, "{}", case.name);
        found += 1;
    }
    assert!(found > 0);
}
