//! Damaged WAL: what is lost is what the damage hit, the rest is read, and each damage is named with
//! its place.
use crate::common::case;
use crate::reading::{Read, all, open};
use crate::store::{segments, write};
use pgdissect::format::wal::WalFault;
use pgdissect::types::Lsn;
use std::fs;
use std::path::PathBuf;

/// Segments of 1 MB with pages of 8 kB, shut down cleanly.
const CASES: [&str; 3] = ["pg12/clean", "pg17/clean", "pg18/clean"];
const PAGE: usize = 8192;
const SEGMENT: u64 = 1 << 20;

/// Two segments on their own, to be damaged.
struct Bench {
    dir: tempfile::TempDir,
    segments: Vec<(String, Vec<u8>)>,
    healthy: Read,
    /// Where the first segment begins.
    start: u64,
}

impl Bench {
    fn new(name: &str) -> Self {
        let segments = segments(&case(name));
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in &segments {
            write(dir.path(), name, bytes);
        }
        let healthy = all(&open(dir.path(), &[]).unwrap());
        assert!(healthy.gaps.is_empty() && healthy.records.len() > 200, "{name}");
        let start = healthy.records[0].0.0 & !(SEGMENT - 1);
        Self { dir, segments, healthy, start }
    }

    fn path(&self, segment: usize) -> PathBuf {
        self.dir.path().join(&self.segments[segment].0)
    }

    /// What is read after `damage` was done to a segment, which is then made whole again.
    fn with(&self, segment: usize, damage: impl FnOnce(&mut Vec<u8>)) -> Read {
        let mut bytes = self.segments[segment].1.clone();
        damage(&mut bytes);
        fs::write(self.path(segment), bytes).unwrap();
        let read = all(&open(self.dir.path(), &[]).unwrap());
        fs::write(self.path(segment), &self.segments[segment].1).unwrap();
        read
    }

    /// The records of the whole WAL that were not read; none may be read that is not in it.
    fn lost(&self, read: &Read, what: &str) -> Vec<(Lsn, Lsn)> {
        let healthy = &self.healthy.records;
        for record in &read.records {
            assert!(healthy.contains(record), "{what}: {record:?} is no record");
        }
        assert!(read.records.is_sorted(), "{what}");
        let lost = healthy.iter().filter(|record| !read.records.contains(record));
        lost.map(|(lsn, end, _)| (*lsn, *end)).collect()
    }

    /// A place in WAL as a segment and a byte in it.
    fn place(&self, lsn: Lsn) -> (usize, usize) {
        let at = lsn.0 - self.start;
        (usize::try_from(at / SEGMENT).unwrap(), usize::try_from(at % SEGMENT).unwrap())
    }
}

/// Every eleventh record that neither begins nor ends what is there.
fn some_records(bench: &Bench) -> Vec<(Lsn, Lsn)> {
    let records = &bench.healthy.records;
    let inner = &records[1..records.len() - 1];
    inner.iter().step_by(11).map(|(lsn, end, _)| (*lsn, *end)).collect()
}

#[test]
fn a_flipped_byte_costs_the_record_that_it_is_in() {
    for name in CASES {
        let bench = Bench::new(name);
        for (turn, (lsn, end)) in some_records(&bench).into_iter().enumerate() {
            let (segment, byte) = bench.place(lsn);
            // Each byte of the header in turn, without the two of padding, and one behind it; not
            // in a record's part on the next page.
            let inside = [0, 1, 2, 3, 4, 8, 9, 12, 15, 16, 17, 20, 23, 24][turn % 14];
            let at = byte + inside;
            if at / PAGE != byte / PAGE || end.0 - lsn.0 <= inside as u64 {
                continue;
            }
            let what = format!("{name}: byte {inside} of the record at {lsn}");
            let read = bench.with(segment, |bytes| bytes[at] ^= 0x41);
            assert_eq!(bench.lost(&read, &what), [(lsn, end)], "{what}");
            let [(failure, resumed)] = &read.gaps[..] else { panic!("{what}: {:?}", read.gaps) };
            assert_eq!(
                (failure.record, failure.segment()),
                (lsn, bench.segments[segment].0.clone())
            );
            assert!(*resumed >= end, "{what}");
            assert_eq!(read.end, bench.healthy.end, "{what}");
        }
    }
}

#[test]
fn a_flipped_byte_in_a_page_header_costs_no_more_than_what_goes_over_it() {
    for name in CASES {
        let bench = Bench::new(name);
        // A page in the middle of the first segment, and the first page of the second.
        for (segment, page, header) in [(0, 40, 24), (0, 41, 24), (1, 0, 40)] {
            for byte in 0..header {
                let what = format!("{name}: byte {byte} of page {page} in segment {segment}");
                let read = bench.with(segment, |bytes| bytes[page * PAGE + byte] ^= 0x41);
                let at = bench.start + segment as u64 * SEGMENT + (page * PAGE) as u64;
                let (first, behind) = (Lsn(at), Lsn(at + PAGE as u64));
                // Only the address says that a page is where it should be, and a later timeline
                // is not doubted before the next page.
                let address = (8..16).contains(&byte);
                let timeline = (4..8).contains(&byte);
                for (lsn, end) in bench.lost(&read, &what) {
                    let goes_over = lsn < first && end > first;
                    let on_it = lsn >= first && lsn < behind;
                    let over_next = timeline && lsn < behind && end > behind;
                    let hit = goes_over || over_next || (address && on_it);
                    assert!(hit, "{what}: {lsn} is lost too");
                }
                let named = read.gaps.iter().any(|(failure, _)| {
                    failure.page == first || failure.page == behind || failure.record == first
                });
                // Two bytes of padding are not checked, nor a timeline until it goes back.
                let unchecked = (20..24).contains(&byte) || timeline;
                assert!(named || unchecked, "{what}: {:?}", read.gaps);
            }
        }
    }
}

#[test]
fn a_zeroed_page_costs_what_lies_on_it() {
    for name in CASES {
        let bench = Bench::new(name);
        for (segment, page) in [(0, 40), (0, 127), (1, 0)] {
            let what = format!("{name}: page {page} of segment {segment} zeroed");
            let read = bench.with(segment, |bytes| bytes[page * PAGE..][..PAGE].fill(0));
            let at = bench.start + segment as u64 * SEGMENT + (page * PAGE) as u64;
            let lost = bench.lost(&read, &what);
            assert!(!lost.is_empty(), "{what}");
            for (lsn, end) in lost {
                assert!(lsn.0 < at + PAGE as u64 && end.0 > at, "{what}: {lsn} is lost too");
            }
            let (failure, _) = read.gaps[0];
            assert_eq!(failure.fault, WalFault::Magic { xlp_magic: 0 }, "{what}");
            assert_eq!((failure.page, failure.page_offset() as usize), (Lsn(at), page * PAGE));
        }
    }
}

#[test]
fn a_length_at_the_end_of_a_page_that_claims_a_gigabyte_costs_one_record() {
    for name in CASES {
        let bench = Bench::new(name);
        let on_two_pages = |(lsn, end, _): &&(Lsn, Lsn, u32)| {
            lsn.0 / PAGE as u64 != (end.0 - 1) / PAGE as u64 && bench.place(*lsn).0 == 0
        };
        let last_ones: Vec<_> = bench.healthy.records.iter().filter(on_two_pages).collect();
        assert!(last_ones.len() > 20, "{name}");
        for (lsn, end, _) in last_ones {
            let what = format!("{name}: a gigabyte at {lsn}");
            let (segment, byte) = bench.place(*lsn);
            let claim = ((1020_u32 << 20) - 8).to_le_bytes();
            let read = bench.with(segment, |bytes| bytes[byte..byte + 4].copy_from_slice(&claim));
            assert_eq!(bench.lost(&read, &what), [(*lsn, *end)], "{what}");
            let expected = read.gaps.iter().any(|(failure, _)| {
                failure.record == *lsn && matches!(failure.fault, WalFault::ContrecordLength { .. })
            });
            assert!(expected, "{what}: {:?}", read.gaps);
        }
    }
}

#[test]
fn a_missing_cut_or_swapped_segment_is_named() {
    let bench = Bench::new("pg18/clean");
    let (first, second) = (bench.path(0), bench.path(1));
    let begin = Lsn(bench.start + SEGMENT);
    // Cut in the middle of its 30th page.
    let read = bench.with(0, |bytes| bytes.truncate(30 * PAGE + 100));
    let cut = bench.start + 30 * PAGE as u64;
    for (lsn, end) in bench.lost(&read, "cut") {
        assert!(end.0 > cut && lsn < begin, "{lsn}");
    }
    let (failure, resumed) = read.gaps[0];
    let short = WalFault::Short { read: 100, wanted: 8192 };
    assert_eq!((failure.fault, failure.page, resumed >= begin), (short, Lsn(cut), true));
    // Each under the other's name: no page is where it should be.
    for (to, from) in [(&first, 1), (&second, 0)] {
        fs::write(to, &bench.segments[from].1).unwrap();
    }
    let read = all(&open(bench.dir.path(), &[]).unwrap());
    assert_eq!(read.records, []);
    let wrong = WalFault::PageAddress { xlp_pageaddr: begin };
    assert!(read.end == Some(wrong), "{:?}", read.end);
    // Gone.
    fs::remove_file(&first).unwrap();
    fs::write(&second, &bench.segments[1].1).unwrap();
    let read = all(&open(bench.dir.path(), &[]).unwrap());
    assert!(bench.lost(&read, "gone").iter().all(|(lsn, _)| *lsn < begin));
}

#[test]
fn a_segment_of_another_cluster_is_not_read() {
    let bench = Bench::new("pg18/clean");
    let read = bench.with(1, |bytes| bytes[24..32].fill(0x5a));
    let begin = Lsn(bench.start + SEGMENT);
    assert!(read.records.iter().all(|(lsn, ..)| *lsn < begin));
    assert!(matches!(read.end, Some(WalFault::SystemIdentifier { .. })), "{:?}", read.end);
}
