//! WAL made to exhaust time or memory.
use crate::common::case;
use crate::reading::{all, open};
use crate::store::{segments, write};
use std::time::{Duration, Instant};

const PAGE: usize = 8192;
/// Minutes would be what re-reading takes.
const LONG: Duration = Duration::from_mins(1);

/// A segment of `pages` pages made of one whole one, each rewritten by `fill`.
fn made(pages: usize, fill: impl Fn(usize, u64, &mut [u8])) -> tempfile::TempDir {
    let (name, bytes) = segments(&case("pg18/clean")).swap_remove(0);
    let start = u64::from_le_bytes(bytes[8..16].try_into().unwrap());
    let mut made = bytes.clone();
    for page in 1..pages {
        let at = start + (page * PAGE) as u64;
        let bytes = &mut made[page * PAGE..][..PAGE];
        bytes[24..].fill(0);
        bytes[8..16].copy_from_slice(&at.to_le_bytes());
        fill(page, at, bytes);
    }
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &name, &made);
    dir
}

/// A record's header at `at`, with a link that is possible, and a wrong CRC.
fn header(total: usize, at: u64) -> [u8; 24] {
    let mut header = [0; 24];
    header[..4].copy_from_slice(&u32::try_from(total).unwrap().to_le_bytes());
    header[8..16].copy_from_slice(&(at - 8).to_le_bytes());
    header[20] = 77;
    header
}

#[test]
fn thousands_of_headers_that_claim_the_rest_of_the_segment_cost_no_more_than_one() {
    // Page 1 is full of headers, the other 126 pages are what each of them says goes on there.
    let rest = 126 * (PAGE - 24);
    let dir = made(128, |page, at, bytes| {
        if page == 1 {
            bytes[2] &= !1;
            for offset in (24..PAGE - 24).step_by(24) {
                let header = header(PAGE - offset + rest, at + offset as u64);
                bytes[offset..offset + 24].copy_from_slice(&header);
            }
        } else {
            bytes[2] |= 1;
            let left = u32::try_from(rest - (page - 2) * (PAGE - 24)).unwrap();
            bytes[16..20].copy_from_slice(&left.to_le_bytes());
        }
    });
    let began = Instant::now();
    let read = all(&open(dir.path(), &[]).unwrap());
    assert!(began.elapsed() < LONG, "{:?}", began.elapsed());
    assert!(read.records.iter().all(|(lsn, ..)| lsn.0 % (1 << 20) < PAGE as u64));
}

#[test]
fn pages_full_of_headers_are_read_in_time() {
    let dir = made(128, |_, at, bytes| {
        bytes[2] &= !1;
        for offset in (24..PAGE - 24).step_by(24) {
            let header = header(PAGE - offset, at + offset as u64);
            bytes[offset..offset + 24].copy_from_slice(&header);
        }
    });
    let began = Instant::now();
    let read = all(&open(dir.path(), &[]).unwrap());
    assert!(began.elapsed() < LONG, "{:?}", began.elapsed());
    assert!(read.end.is_some());
}
