//! The same records come out of every form that archives keep WAL in.
use crate::common::case;
use crate::reading::{all, open};
use crate::store::{gzip, lz4, segments, tar, write, zstd};
use std::fs;

/// A cluster with two whole segments on one timeline, and nothing else in pg_wal.
const CASE: &str = "pg18/clean";
const SHA1: &str = "9c1185a5c5e9fc54612808977ee8f548b2258d31";

/// What it is called, the name of a segment's file, and how that is compressed.
type Form = (&'static str, fn(&str) -> String, fn(&[u8]) -> Vec<u8>);

#[test]
fn every_form_of_archive_gives_the_same_records() {
    let case = case(CASE);
    let segments = segments(&case);
    let expected = all(&open(&case.pgdata, &[]).unwrap());
    assert!(expected.records.len() > 500);
    let forms: [Form; 8] = [
        ("a directory of segments", str::to_owned, <[u8]>::to_vec),
        ("barman", |name| format!("wals/{}/{name}", &name[..16]), gzip),
        ("WAL-G", |name| format!("wal_005/{name}.lz4"), lz4),
        ("pg_receivewal", |name| format!("{name}.gz"), gzip),
        ("pgBackRest", |name| format!("16-1/{}/{name}-{SHA1}.zst", &name[..16]), zstd),
        ("pgBackRest, lz4", |name| format!("a/s/16-1/{}/{name}-{SHA1}.lz4", &name[..16]), lz4),
        ("partial", |name| format!("{name}.partial"), <[u8]>::to_vec),
        ("partial, compressed", |name| format!("{name}.gz.partial"), gzip),
    ];
    for (what, place, pack) in forms {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in &segments {
            write(dir.path(), &place(name), &pack(bytes));
        }
        assert_eq!(all(&open(dir.path(), &[]).unwrap()), expected, "{what}");
    }
}

#[test]
fn a_tar_of_segments_gives_the_same_records() {
    let case = case(CASE);
    let tar = tar(&segments(&case));
    let expected = all(&open(&case.pgdata, &[]).unwrap());
    for (name, bytes) in [
        ("pg_wal.tar", tar.clone()),
        ("pg_wal.tar.gz", gzip(&tar)),
        ("pg_wal.tar.lz4", lz4(&tar)),
        ("pg_wal.tar.zst", zstd(&tar)),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = write(dir.path(), name, &bytes);
        assert_eq!(all(&open(&path, &[]).unwrap()), expected, "{name}");
    }
}

#[test]
fn a_single_segment_is_read_under_any_name() {
    let case = case(CASE);
    let segments = segments(&case);
    let (name, bytes) = &segments[0];
    let read: Vec<_> = ["", ".zst", ".partial", "renamed", "renamed.gz"]
        .map(|suffix| {
            let dir = tempfile::tempdir().unwrap();
            let (name, bytes) = match suffix {
                ".zst" => (format!("{name}.zst"), zstd(bytes)),
                "renamed" => ("wal.bin".to_owned(), bytes.clone()),
                "renamed.gz" => ("wal.bin.gz".to_owned(), gzip(bytes)),
                suffix => (format!("{name}{suffix}"), bytes.clone()),
            };
            let path = write(dir.path(), &name, &bytes);
            all(&open(&path, &[]).unwrap())
        })
        .into();
    let of_both = all(&open(&case.pgdata, &[]).unwrap()).records;
    assert!(of_both.starts_with(&read[0].records[..]) && read[0].records.len() > 100);
    for other in &read[1..] {
        assert_eq!(other, &read[0]);
    }
}

#[test]
fn an_archive_fills_what_pg_wal_lacks() {
    let case = case(CASE);
    let segments = segments(&case);
    let expected = all(&open(&case.pgdata, &[]).unwrap());
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(first.path(), &segments[1].0, &segments[1].1);
    // What the first place has counts: this one is never read.
    write(second.path(), &format!("{}.gz", segments[1].0), b"\x1f\x8b garbage");
    write(second.path(), &format!("{}.gz", segments[0].0), &gzip(&segments[0].1));
    let opened = open(first.path(), &[second.path().to_owned()]).unwrap();
    assert_eq!(all(&opened), expected);
    assert!(opened.log.findings().worst().is_none());
    // A preallocated file does not have the segment, and a partial one gives way to a whole one.
    for (name, bytes) in [
        (segments[0].0.clone(), vec![0; segments[0].1.len()]),
        (format!("{}.partial", segments[0].0), vec![7; 50]),
    ] {
        let path = write(first.path(), &name, &bytes);
        let opened = open(first.path(), &[second.path().to_owned()]).unwrap();
        assert_eq!(all(&opened), expected, "{name}");
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn a_compressed_file_is_never_unpacked_past_a_segment() {
    let case = case(CASE);
    let segments = segments(&case);
    let expected = all(&open(&case.pgdata, &[]).unwrap());
    let dir = tempfile::tempdir().unwrap();
    let mut bomb = segments[0].1.clone();
    bomb.resize(200 << 20, 0);
    write(dir.path(), &format!("{}.zst", segments[0].0), &zstd(&bomb));
    write(dir.path(), &segments[1].0, &segments[1].1);
    let opened = open(dir.path(), &[]).unwrap();
    assert_eq!(all(&opened), expected, "what fits is read");
    let findings = opened.log.findings();
    let finding = &findings.by_rule()[0].kept[0];
    assert_eq!(finding.place.file.as_deref(), Some(&*format!("{}.zst", segments[0].0)));
    assert_eq!(finding.evidence, "holds more than a segment's 1048576 bytes");
}

#[test]
fn archives_that_cannot_be_read_are_named() {
    let case = case(CASE);
    let segments = segments(&case);
    let (name, bytes) = &segments[0];
    let packed = gzip(bytes);
    let mut wrong_sum = packed.clone();
    let at = wrong_sum.len() - 8;
    wrong_sum[at] ^= 1;
    for (suffix, content, expected) in [
        (".gz", packed[..packed.len() / 2].to_vec(), "compressed data ends early"),
        (".gz", wrong_sum, "compressed data is damaged"),
        (".bz2", b"BZh91AY&SY".to_vec(), "is compressed by bzip2"),
        (".br", bytes.clone(), "is compressed by brotli"),
        ("", b"Salted__ and more".to_vec(), "is encrypted"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &format!("{name}{suffix}"), &content);
        write(dir.path(), &segments[1].0, &segments[1].1);
        let opened = open(dir.path(), &[]).unwrap();
        let read = all(&opened);
        assert!(!read.records.is_empty(), "the other segment is read: {expected}");
        let findings = opened.log.findings();
        let evidence = &findings.by_rule()[0].kept[0].evidence;
        assert!(evidence.starts_with(expected), "{evidence}");
    }
}
