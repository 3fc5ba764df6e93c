//! Damage at random anywhere, through every command. `PGDISSECT_DAMAGE_ROUNDS` is the number of
//! rounds for each cluster; what fails is named with the seed, and is the same in every run.
use crate::random::Random;
use crate::sandbox::Sandbox;
use crate::{common, process};

/// Rounds for each cluster in every run of the tests.
const ROUNDS: u64 = 6;

/// Every command that reads an input, with options that make it read much.
const COMMANDS: [&str; 9] = [
    "control PGDATA",
    "ls PGDATA",
    "ls PGDATA database:lab",
    "page PGDATA lab.public.t_hot 0-6 --explain --diagram",
    "audit PGDATA --all",
    "triage PGDATA",
    "replay PGDATA --list-targets",
    "index PGDATA lab.public.t_index_desc --tree --with-heap",
    "page PGDATA/base/1/1249 0 --hex",
];

#[test]
fn no_damage_breaks_a_command() {
    let rounds = std::env::var("PGDISSECT_DAMAGE_ROUNDS");
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let mut failures = Vec::new();
    for (at, case) in common::cases().into_iter().enumerate() {
        let name = case.name.clone();
        let mut sandbox = Sandbox::new(case);
        let files = sandbox.files();
        for round in 0..rounds {
            let mut random = Random::new(at as u64 * 1_000_000 + round);
            let done: Vec<_> =
                (0..=random.below(3)).map(|_| damage(&mut sandbox, &files, &mut random)).collect();
            for command in COMMANDS {
                let ran = process::run(&sandbox.command(command, &["--format", "json"]));
                if let Err(wrong) = ran.check() {
                    failures.push(format!("{name}, round {round}, {}: {wrong}", done.join(", ")));
                }
            }
            sandbox.restore();
        }
    }
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}

/// Every command that reads WAL, with the format in which it says most.
const WAL_COMMANDS: [&str; 6] = [
    "wal check PGDATA --format json",
    "wal dump PGDATA --format pg_waldump --bkp-details",
    "wal stats PGDATA --format json",
    "wal xacts PGDATA --format json",
    "wal blocks PGDATA lab.public.t_hot 0-6 --format json",
    "wal images PGDATA --format json",
];

#[test]
fn no_damage_breaks_a_wal_command() {
    let rounds = std::env::var("PGDISSECT_DAMAGE_ROUNDS");
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let mut failures = Vec::new();
    for (at, case) in common::cases().into_iter().enumerate() {
        let name = case.name.clone();
        let mut sandbox = Sandbox::new(case);
        let mut files = sandbox.files();
        files.retain(|file| file.starts_with("pg_wal/"));
        for round in 0..rounds {
            let mut random = Random::new(7_000_000_000 + at as u64 * 1_000_000 + round);
            let done: Vec<_> = (0..=random.below(2))
                .map(|_| {
                    let path = random.one(&files).clone();
                    let what = damage_file(&mut sandbox, &files, &path, &mut random);
                    format!("{path} {what}")
                })
                .collect();
            for command in WAL_COMMANDS {
                let ran = process::run(&sandbox.command(command, &[]));
                let wrong =
                    if command.contains("pg_waldump") { ran.check_end() } else { ran.check() };
                if let Err(wrong) = wrong {
                    failures.push(format!("{name}, round {round}, {}: {wrong}", done.join(", ")));
                }
            }
            sandbox.restore();
        }
    }
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}

/// Damages one file, one that matters to many as often as any; says what was done.
fn damage(sandbox: &mut Sandbox, files: &[String], random: &mut Random) -> String {
    let path = match random.below(4) {
        0 => {
            let central = [
                "global/",
                "pg_xact/",
                "pg_multixact/",
                "pg_replslot/",
                "PG_VERSION",
                "pg_twophase/",
            ];
            let prefix = random.one(&central);
            let all: Vec<_> = files.iter().filter(|file| file.starts_with(prefix)).collect();
            if all.is_empty() { random.one(files) } else { *random.one(&all) }
        }
        // Catalogs have low filenodes, and everything depends on them.
        1 => {
            let catalog = |file: &&String| {
                let name = file.rsplit('/').next().unwrap();
                file.starts_with("base/") && name.split(['_', '.']).next().unwrap().len() <= 4
            };
            let all: Vec<_> = files.iter().filter(catalog).collect();
            *random.one(&all)
        }
        _ => random.one(files),
    };
    let path = path.clone();
    let what = damage_file(sandbox, files, &path, random);
    format!("{path} {what}")
}

/// Damages the file at `path`, or puts another in its place; says what was done.
fn damage_file(
    sandbox: &mut Sandbox,
    files: &[String],
    path: &str,
    random: &mut Random,
) -> &'static str {
    match random.below(12) {
        0 => {
            sandbox.create(path, b"");
            "emptied"
        }
        1 => {
            sandbox.make_directory(path);
            "made a directory"
        }
        2 => {
            sandbox.make_fifo(path);
            "made a FIFO"
        }
        3 => {
            let other = std::fs::read(sandbox.root().join(random.one(files))).unwrap_or_default();
            sandbox.create(path, &other);
            "replaced by another file"
        }
        4 => {
            let len = 1 + random.below(40_000);
            let noise: Vec<u8> = (0..len).map(|_| random.next().to_le_bytes()[0]).collect();
            sandbox.create(path, &noise);
            "replaced by noise"
        }
        _ => {
            let full = sandbox.root().join(path);
            let bytes = if full.is_file() { std::fs::read(full).unwrap() } else { Vec::new() };
            sandbox.create(path, &random.damaged(&bytes));
            "damaged"
        }
    }
}
