//! Real answers validate against docs/schema, and hold no field that is not described there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;

use serde_json::{Value, json};
use std::fs;

/// Commands whose answers are checked; FIXTURE stands for every fixture in turn.
const COMMANDS: &[&str] = &[
    "explain",
    "explain file.unreadable",
    "control FIXTURE",
    "ls FIXTURE",
    "ls FIXTURE database:lab",
    "audit FIXTURE",
    "page FIXTURE lab.public.t_multi",
    "wal check FIXTURE",
    "page FIXTURE lab.pg_catalog.pg_class_oid_index 0-1 --explain --diagram",
    "page FIXTURE lab.public.t_hot 0 --diagram",
    "index FIXTURE lab.public.t_index_desc --tree --with-heap",
    "index FIXTURE lab.public.t_index_hash",
    "wal stats FIXTURE",
    "wal blocks FIXTURE lab.pg_catalog.pg_class",
    "wal blocks FIXTURE lab.pg_catalog.pg_class 0-999",
    "wal images FIXTURE",
    "wal xacts FIXTURE",
    "replay FIXTURE",
    "triage FIXTURE",
    "replay FIXTURE --target immediate --list-targets",
];

#[test]
fn answers_are_as_their_schemas_say() {
    let fixtures: Vec<_> = common::cases().into_iter().map(|case| case.archive).collect();
    for command in COMMANDS {
        let each = if command.contains("FIXTURE") { fixtures.as_slice() } else { &fixtures[..1] };
        for fixture in each {
            check(&command.replace("FIXTURE", fixture.to_str().unwrap()));
        }
    }
}

/// `wal dump` writes lines: put together, they are the document.
#[test]
fn lines_of_wal_dump_are_as_its_schema_says() {
    for case in common::cases() {
        let command = format!("pgdissect wal dump {} --format jsonl", case.archive.display());
        let ran = common::run(&command);
        assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""), "{command}");
        let mut lines: Vec<Value> =
            ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mut answer = lines.pop().unwrap();
        for mut line in lines {
            let list = line["list"].as_str().unwrap().to_owned();
            if answer["report"][&list].is_null() {
                answer["report"][&list] = json!([]);
            }
            answer["report"][&list].as_array_mut().unwrap().push(line["item"].take());
        }
        let records = answer["report"]["records"].as_array().unwrap();
        assert_eq!(answer["report"]["records_shown"], records.len(), "{command}");
        validate(&command, &answer);
    }
}

/// The images of one record of each fixture, as pages.
#[test]
fn pages_of_images_are_as_their_schema_says() {
    for case in common::cases() {
        let command = format!("pgdissect wal images {}", case.archive.display());
        let ran = common::run(&format!("{command} --format json"));
        let images: Value = serde_json::from_str(&ran.stdout).unwrap();
        let first = images["report"]["images"][0]["start_lsn"].as_str().unwrap();
        check(&format!("wal images {} --page {first} --hex", case.archive.display()));
    }
}

fn check(command: &str) {
    let command = format!("pgdissect {command} --format json");
    let ran = common::run(&command);
    assert!([0, 1, 3].contains(&ran.exit), "{command}: {} {}", ran.exit, ran.stderr);
    validate(&command, &serde_json::from_str(&ran.stdout).unwrap());
}

fn validate(command: &str, answer: &Value) {
    let schema = strict(answer["schema"].as_str().unwrap());
    let errors: Vec<_> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(answer)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{command}:\n{}", errors.join("\n"));
}

/// The schema of that name, allowing no field that it does not describe.
fn strict(name: &str) -> Value {
    let file =
        format!("{}/docs/schema/{}.json", env!("CARGO_MANIFEST_DIR"), name.replace('/', "-"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut schema = serde_json::from_str(&text).unwrap();
    close(&mut schema);
    schema
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.values_mut().for_each(close);
            if fields.contains_key("properties") {
                fields.insert("unevaluatedProperties".into(), json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
fn every_schema_is_in_the_document() {
    let doc = include_str!("../docs/json-schema.md");
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schema")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(doc.contains(&format!("[{name}](schema/{name})")), "{name}");
    }
}
