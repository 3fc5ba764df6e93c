//! What `wal check` says of damaged, missing and foreign files.
use crate::common::case;
use crate::reading::open;
use crate::store::{segments, tar, write, zstd};
use pgdissect::analysis::wal::check::{Checked, Request, check};
use pgdissect::finding::Finding;
use pgdissect::report::wal::check::{EndClass, State};
use std::fs;
use std::path::{Path, PathBuf};

const PAGE: usize = 8192;

fn checked(path: &Path, archives: &[PathBuf]) -> Checked {
    let opened = open(path, archives).unwrap();
    check(&opened.log, opened.cluster.as_ref(), Request { jobs: 2, summaries: false })
}

/// The two segments of a fixture in a directory of their own.
fn bench(name: &str) -> (tempfile::TempDir, Vec<(String, Vec<u8>)>) {
    let segments = segments(&case(name));
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in &segments {
        write(dir.path(), name, bytes);
    }
    (dir, segments)
}

/// The ids of what is found, and the first finding of each.
fn found(checked: &Checked) -> Vec<(&'static str, Finding)> {
    let rules = checked.findings.by_rule();
    rules.into_iter().map(|of_rule| (of_rule.rule.id, of_rule.kept[0].clone())).collect()
}

fn ids(checked: &Checked) -> Vec<&'static str> {
    found(checked).into_iter().map(|(id, _)| id).collect()
}

#[test]
fn healthy_wal_has_an_end_and_no_finding() {
    for name in ["pg12/clean", "pg13/clean", "pg15/killed", "pg18/clean", "pg19/killed"] {
        let case = case(name);
        let checked = checked(&case.pgdata, &[]);
        assert_eq!(ids(&checked), [] as [&str; 0], "{name}");
        let end = checked.check.end.unwrap();
        assert_eq!(end.class, EndClass::Clean, "{name}: {}", end.explanation);
        assert_eq!(checked.check.valid.shutdown, case.clean, "{name}");
        let checkpoint = checked.check.checkpoint.unwrap();
        assert!(checkpoint.readable && checkpoint.redo_readable, "{name}");
    }
}

#[test]
fn damage_is_told_from_the_end_by_what_is_behind_it() {
    let (dir, segments) = bench("pg18/clean");
    let healthy = checked(dir.path(), &[]).check;
    let (name, bytes) = &segments[0];
    let mut damaged = bytes.clone();
    damaged[20 * PAGE..21 * PAGE].fill(0);
    write(dir.path(), name, &damaged);
    let checked = checked(dir.path(), &[]);
    let (id, finding) = found(&checked).remove(0);
    assert_eq!((id, finding.place.file.as_ref()), ("wal.gap", Some(name)));
    assert_eq!(finding.place.byte, Some((20 * PAGE) as u64));
    let check = checked.check;
    let end = check.end.unwrap();
    assert_eq!((end.class, &end.segment), (EndClass::Damage, name));
    assert!(end.postgres_says.starts_with("invalid magic number 0000 in WAL segment"));
    let read = check.valid.records + check.beyond.records;
    assert!(check.beyond.commits > 0 && read < healthy.valid.records, "{read}");
    assert_eq!(check.beyond.until, healthy.valid.until);
    assert_eq!(check.gaps[0].behind, check.beyond);
}

#[test]
fn a_tail_is_torn_recycled_or_not_written() {
    let (dir, segments) = bench("pg18/clean");
    let (name, bytes) = &segments[1];
    // The records end on page 24 of the second segment; what follows the tenth is made anew.
    let tail = |change: &dyn Fn(usize, &mut [u8])| {
        let mut bytes = bytes.clone();
        for page in 10..bytes.len() / PAGE {
            change(page, &mut bytes[page * PAGE..][..PAGE]);
        }
        write(dir.path(), name, &bytes);
        checked(dir.path(), &[]).check.end.unwrap()
    };
    let zeros = tail(&|_, page| page.fill(0));
    // A record goes over the start of that page, as nearly always.
    assert_eq!(zeros.class, EndClass::Torn, "{}", zeros.postgres_says);
    let older = tail(&|_, page| {
        let at = u64::from_le_bytes(page[8..16].try_into().unwrap());
        page[8..16].copy_from_slice(&at.saturating_sub(5 << 20).to_le_bytes());
    });
    assert_eq!(older.class, EndClass::Torn, "{}", older.postgres_says);
    assert!(older.postgres_says.contains("unexpected pageaddr"), "{}", older.postgres_says);
    // The whole second segment is of an older place, or zero, or not there.
    let mut recycled = bytes.clone();
    for page in recycled.chunks_mut(PAGE) {
        let at = u64::from_le_bytes(page[8..16].try_into().unwrap());
        page[8..16].copy_from_slice(&at.saturating_sub(5 << 20).to_le_bytes());
    }
    for (bytes, state, class) in [
        (recycled, State::Recycled, EndClass::Recycled),
        (vec![0; 1 << 20], State::Preallocated, EndClass::Preallocated),
    ] {
        write(dir.path(), name, &bytes);
        let check = checked(dir.path(), &[]).check;
        assert_eq!(check.runs.last().unwrap().state, Some(state));
        let class_found = check.end.unwrap().class;
        assert!(class_found == class || class_found == EndClass::Torn, "{class_found:?}");
    }
    fs::remove_file(dir.path().join(name)).unwrap();
    assert_eq!(checked(dir.path(), &[]).check.end.unwrap().class, EndClass::NoSegment);
}

#[test]
fn what_is_no_page_of_wal_is_no_torn_tail() {
    let (dir, segments) = bench("pg18/clean");
    let (name, bytes) = &segments[1];
    let mut written_over = bytes.clone();
    written_over[10 * PAGE..].fill(0x5a);
    write(dir.path(), name, &written_over);
    let checked = checked(dir.path(), &[]);
    let end = checked.check.end.as_ref().unwrap();
    assert_eq!(end.class, EndClass::NotWal, "{}", end.postgres_says);
    assert!(end.postgres_says.contains("invalid magic number 5A5A"), "{}", end.postgres_says);
    let (id, finding) = found(&checked).remove(0);
    assert_eq!((id, finding.place.file.as_ref()), ("wal.unrecognised", Some(name)));
    assert_eq!(finding.place.byte, Some((10 * PAGE) as u64));
}

#[test]
fn missing_empty_cut_and_foreign_files_are_named() {
    let (dir, segments) = bench("pg18/clean");
    let (name, bytes) = &segments[1];
    // Three segments further on, so that two are missing.
    let mut later = bytes.clone();
    let start = u64::from_le_bytes(bytes[8..16].try_into().unwrap()) + (3 << 20);
    later[8..16].copy_from_slice(&start.to_le_bytes());
    write(dir.path(), "000000010000000000000028", &later);
    let missing = checked(dir.path(), &[]);
    let of = &missing.check.missing[0];
    let named = (of.first.as_str(), of.last.as_str(), of.segments);
    assert_eq!(named, ("000000010000000000000026", "000000010000000000000027", 2));
    assert!(ids(&missing).contains(&"wal.segment-missing"), "{:?}", ids(&missing));
    fs::remove_file(dir.path().join("000000010000000000000028")).unwrap();

    let mut foreign = bytes.clone();
    foreign[24..32].fill(7);
    for (bytes, id, state) in [
        (Vec::new(), "wal.zero-length", State::ZeroLength),
        (bytes[..100_000].to_vec(), "wal.cut", State::Cut),
        (foreign, "wal.foreign", State::Foreign),
        (vec![0x55; 1 << 20], "wal.unrecognised", State::Unrecognised),
    ] {
        // The first segment is there twice, so that it is known which cluster this is.
        let again = tempfile::tempdir().unwrap();
        write(again.path(), &segments[0].0, &segments[0].1);
        write(dir.path(), name, &bytes);
        let checked = checked(dir.path(), &[again.path().to_owned()]);
        let (found, finding) = found(&checked).into_iter().find(|(found, _)| *found == id).unwrap();
        assert_eq!((found, finding.place.file.as_ref()), (id, Some(name)));
        let file = checked.check.files.iter().find(|file| file.file == *name).unwrap();
        assert_eq!(file.state, state);
        assert_eq!((checked.check.counts.duplicate, checked.check.counts.present), (1, 3));
    }
}

#[test]
fn copies_that_differ_are_named_with_the_first_byte() {
    let (dir, segments) = bench("pg18/clean");
    let (name, bytes) = &segments[0];
    let other = tempfile::tempdir().unwrap();
    let mut damaged = bytes.clone();
    damaged[50 * PAGE + 500] ^= 1;
    // What one of them has not received yet is no difference.
    damaged[100 * PAGE..].fill(0);
    write(other.path(), &format!("{name}.zst"), &zstd(&damaged));
    let archive = other.path().to_owned();
    let differing = checked(dir.path(), &[archive]);
    let (id, finding) = found(&differing).remove(0);
    assert_eq!((id, finding.place.byte), ("wal.copies-differ", Some(50 * 8192 + 500)));
    let packed = tar(&segments);
    let same = write(other.path(), "pg_wal.tar", &packed);
    let same = checked(dir.path(), &[same]);
    assert_eq!((ids(&same), same.check.counts.duplicate), (Vec::new(), 2));
}

#[test]
fn histories_that_disagree_are_named() {
    let case = case("pg17/clean-promoted");
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(case.path("pg_wal")).unwrap().map(|entry| entry.unwrap()) {
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
        }
    }
    assert_eq!(ids(&checked(dir.path(), &[])), [] as [&str; 0]);
    for (name, text, id) in [
        (
            "00000002.history",
            "1\t0/2500000\tno recovery target specified\n",
            "wal.history-disagrees",
        ),
        ("00000003.history", "1\t0/2400000\tx\n2\tnot an LSN\tx\n", "wal.history-damaged"),
    ] {
        let whole = fs::read(dir.path().join(name)).unwrap();
        write(dir.path(), name, text.as_bytes());
        assert_eq!(ids(&checked(dir.path(), &[])), [id]);
        write(dir.path(), name, &whole);
    }
    // Another history of the same timeline in an archive.
    let other = tempfile::tempdir().unwrap();
    write(other.path(), "00000002.history", b"1\t0/2300000\tbefore 2026-01-01\n");
    assert_eq!(ids(&checked(dir.path(), &[other.path().to_owned()])), ["wal.history-disagrees"]);
}

#[test]
fn a_block_that_stands_for_none_is_named_with_its_record() {
    let (dir, segments) = bench("pg18/clean");
    let (name, bytes) = &segments[0];
    let opened = open(dir.path(), &[]).unwrap();
    let start = u64::from_le_bytes(bytes[8..16].try_into().unwrap());
    let all = crate::reading::all(&opened).records;
    let byte = |lsn: u64| usize::try_from(lsn - start).unwrap();
    // A record on one page whose first block has no image, and its relation spelt out.
    let (lsn, at, end) = all
        .iter()
        .filter(|(lsn, end, _)| lsn.0 / 8192 == (end.0 - 1) / 8192 && end.0 < start + (1 << 20))
        .map(|(lsn, end, _)| (*lsn, byte(lsn.0), byte(end.0)))
        .find(|(_, at, end)| end - at > 50 && bytes[at + 24] == 0 && bytes[at + 25] & 0x90 == 0)
        .unwrap();
    let mut changed = bytes.clone();
    changed[at + 40..at + 44].fill(0xff);
    let crc = crc32c::crc32c_append(crc32c::crc32c(&changed[at + 24..end]), &changed[at..at + 20]);
    changed[at + 20..at + 24].copy_from_slice(&crc.to_le_bytes());
    write(dir.path(), name, &changed);
    let (id, finding) = found(&checked(dir.path(), &[])).remove(0);
    let place = finding.place;
    assert_eq!((id, place.lsn, place.byte), ("wal.block-number", Some(lsn), Some(at as u64)));
    assert_eq!(place.file.as_ref(), Some(name));
}
