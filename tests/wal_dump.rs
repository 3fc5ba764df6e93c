//! `wal dump` and `wal images` on damaged WAL, and on any number of threads: what is damaged is
//! missing, is said, and nothing else changes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;

use common::{Case, Ran, case, run};
use std::fs;
use std::path::{Path, PathBuf};

/// A cluster with 1 MB segments, two of them.
const CASE: &str = "pg18/clean";

/// The segments, copied to be damaged, by name.
struct Copy {
    dir: tempfile::TempDir,
    segments: Vec<String>,
}

impl Copy {
    fn of(case: &Case) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut segments = Vec::new();
        for entry in fs::read_dir(case.path("pg_wal")).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                fs::copy(&path, dir.path().join(&name)).unwrap();
                segments.push(name);
            }
        }
        segments.sort();
        assert_eq!(segments.len(), 2, "{CASE}");
        Self { dir, segments }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn segment(&self, at: usize) -> PathBuf {
        self.path().join(&self.segments[at])
    }

    fn edit(&self, at: usize, edit: impl FnOnce(&mut [u8])) {
        let path = self.segment(at);
        let mut bytes = fs::read(&path).unwrap();
        edit(&mut bytes);
        fs::write(&path, bytes).unwrap();
    }

    fn dump(&self, options: &str) -> Ran {
        run(&format!("pgdissect wal dump {} --format pg_waldump {options}", self.path().display()))
    }
}

/// Where the record of a line begins, and how long it is.
fn place(line: &str) -> (u64, usize) {
    let after = |label: &str| line.split_once(label).unwrap().1.trim_start();
    let (high, low) = after("lsn: ").split_once(',').unwrap().0.split_once('/').unwrap();
    let part = |digits| u64::from_str_radix(digits, 16).unwrap();
    let total = after("len (rec/tot):").split_once('/').unwrap().1.split_once(',').unwrap().0;
    (part(high) << 32 | part(low), total.trim().parse().unwrap())
}

/// Without zeros at the front, as majors before 19 write it.
fn text(lsn: u64) -> String {
    format!("{:X}/{:X}", lsn >> 32, lsn & 0xFFFF_FFFF)
}

const SEGMENT: u64 = 1 << 20;

#[test]
fn a_damaged_record_is_a_gap_and_nothing_else_changes() {
    let case = case(CASE);
    let copy = Copy::of(&case);
    let healthy = copy.dump("");
    let lines: Vec<_> = healthy.stdout.lines().collect();
    let at = lines.iter().position(|line| line.contains("desc: HOT_UPDATE")).unwrap();
    let (lsn, len) = place(lines[at]);
    let first = place(lines[0]).0 / SEGMENT;
    let inside = usize::try_from(lsn % SEGMENT).unwrap() + len - 1;
    copy.edit(usize::try_from(lsn / SEGMENT - first).unwrap(), |bytes| bytes[inside] ^= 0x40);

    let (before, next) = (place(lines[at - 1]).0, place(lines[at + 1]).0);
    let says = format!("incorrect resource manager data checksum in record at {}", text(lsn));
    let error = format!("pg_waldump: error: error in WAL record at {}: {says}\n", text(before));
    let mut without = lines.clone();
    without.remove(at);
    let damaged = copy.dump("");
    assert_eq!(damaged.stdout.lines().collect::<Vec<_>>(), without);
    assert_eq!(damaged.stderr, format!("{error}{}", healthy.stderr));

    let stopped = copy.dump("--stop-at-damage");
    assert_eq!(stopped.stdout.lines().collect::<Vec<_>>(), lines[..at]);
    assert_eq!((stopped.stderr, stopped.exit), (error, 1));

    let shown = run(&format!("pgdissect wal dump {}", copy.path().display()));
    let size = next - lsn;
    let gap =
        format!("… {size} bytes unreadable: {says}; records go on at {}, beyond a gap", text(next));
    assert_eq!(shown.stdout.lines().filter(|line| **line == *gap).count(), 1, "{}", shown.stdout);
    assert!(shown.stdout.contains("error: wal.gap"), "{}", shown.stdout);
    assert_eq!(shown.exit, 1);
}

#[test]
fn a_zeroed_page_where_segments_meet_is_said_once() {
    let case = case(CASE);
    let copy = Copy::of(&case);
    let healthy = copy.dump("");
    copy.edit(1, |bytes| bytes[..8192].fill(0));
    let damaged = copy.dump("");
    let first = u64::from_str_radix(&copy.segments[1][16..], 16).unwrap() * SEGMENT;
    let lost = |line: &&str| {
        let (lsn, len) = place(line);
        // Those that reach into the page, and that which goes on behind it.
        lsn + len as u64 > first && lsn < first + 8192
    };
    let kept: Vec<_> = healthy.stdout.lines().filter(|line| !lost(line)).collect();
    assert_eq!(damaged.stdout.lines().collect::<Vec<_>>(), kept);
    let said = damaged.stderr.strip_suffix(&healthy.stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    let place = format!("{}, LSN {}, offset 0", copy.segments[1], text(first));
    assert!(said.contains(&format!("invalid magic number 0000 in WAL segment {place}")), "{said}");
}

#[test]
fn a_segment_in_the_place_of_another_is_a_gap_up_to_the_next() {
    let case = case(CASE);
    let copy = Copy::of(&case);
    fs::copy(copy.segment(0), copy.segment(1)).unwrap();
    let healthy = Copy::of(&case).dump("");
    let damaged = copy.dump("");
    assert!(healthy.stdout.starts_with(&damaged.stdout) && !damaged.stdout.is_empty());
    assert_eq!(damaged.stderr.lines().count(), 1, "{}", damaged.stderr);
    assert!(damaged.stderr.contains("unexpected pageaddr"), "{}", damaged.stderr);
}

#[test]
fn any_number_of_threads_writes_the_same() {
    let case = case(CASE);
    for format in ["text", "jsonl", "pg_waldump"] {
        let dump = |jobs: u8| {
            let input = case.archive.display();
            run(&format!("pgdissect wal dump {input} --format {format} --jobs {jobs}"))
        };
        let one = dump(1);
        assert!(one.stdout.lines().count() > 500, "{format}");
        assert!(one.stdout == dump(4).stdout, "{format}");
    }
}

#[test]
fn images_are_saved_whole_and_never_in_the_input() {
    let case = case(CASE);
    let dir = tempfile::tempdir().unwrap();
    let pages = dir.path().join("pages");
    let input = case.pgdata.display();
    let ran = run(&format!("pgdissect wal images {input} --save {} --format csv", pages.display()));
    assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""));
    let rows = ran.stdout.lines().count() - 1;
    let files: Vec<_> = fs::read_dir(&pages).unwrap().map(|entry| entry.unwrap()).collect();
    assert!(rows > 100 && files.len() == rows, "{rows} rows, {} files", files.len());
    for file in files {
        assert_eq!(file.metadata().unwrap().len(), 8192, "{:?}", file.path());
        assert!(ran.stdout.contains(file.file_name().to_str().unwrap()));
    }
    let again = run(&format!("pgdissect wal images {input} --save {}", pages.display()));
    assert_eq!(again.exit, 2);
    assert!(again.stderr.contains("exists but is not empty"), "{}", again.stderr);
    let inside = run(&format!("pgdissect wal images {input} --save {input}/pages"));
    assert_eq!(inside.exit, 2);
    assert!(inside.stderr.contains("is part of the input"), "{}", inside.stderr);
    assert!(!case.pgdata.join("pages").exists());
}

/// Records that a server of 18.6 wrote in a database in LATIN1, and what its pg_waldump describes
/// them as (`tests/differential/encoding` asks the other majors).
const LATIN1: [(&str, &[u8]); 3] = [
    (
        "6200000000000000580ec80000000000700000003b5dcdb2ff48cf9464c2830403004dfc6c6c657220a30012\
         f00c69550000f8a68de368550000000000000000000000000000000000000014f00c6955000028abed0c6955\
         0000e812f00c69550000",
        b"M\xfcller \xa3",
    ),
    (
        "3f00000000000000a00ec80000000000001500002aed6399ff25004000000000000009000000000000000400\
         0000000000004dfc6c6c657220a30074657874",
        b"non-transactional, prefix \"M\xfcller \xa3\"; payload (4 bytes): 74 65 78 74",
    ),
    (
        "fa000000f20200008024c8000000000010010000770e0b4dffe03445f957e4000000f202000000400000b94e\
         65c2830403000a00000000000000000000000000000000000000000000000000000000020900000000000000\
         000000000000000000004dfc6c6c657220a3000000000000000014000000017f0000f2020000000000000000\
         00000000050107000000e0080000140000000100000000400000014000000000000000000001030000006855\
         0000380000000200000001000000000000000000000000000000000000000000000000000000000000000000\
         000000000000000000000000000001400000000000000000000000000000",
        b"gid M\xfcller \xa3: 2026-11-30 21:21:18.778041 UTC",
    ),
];

#[test]
fn names_keep_the_bytes_that_they_have() {
    use pgdissect::format::wal::Record;
    use pgdissect::format::wal::rmgr::{Body, Desc};
    use pgdissect::layout::{Dialect, Geometry, PgVersion};
    let dialect = Dialect { layout: PgVersion::V18.layout(), geometry: Geometry::DEFAULT };
    for (digits, description) in LATIN1 {
        let bytes = hex::decode(digits).unwrap();
        let body = Body::parse(&Record::parse(&bytes, &dialect).unwrap(), &dialect).unwrap();
        let mut out = Vec::new();
        let zone = jiff::tz::TimeZone::UTC;
        body.desc(&mut Desc::new(&mut out, dialect.layout, &zone)).unwrap();
        assert_eq!(out, description);
        let shown = body.description(dialect.layout);
        assert_eq!(shown, String::from_utf8_lossy(description));
    }
}
