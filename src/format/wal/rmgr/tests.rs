//! Records of real servers and what pg_waldump says of them: fixtures/wal/records, made by
//! fixtures/make/wal_records.py.
mod pages;

use super::seq::SequenceRow;
use super::{Body, NAMES, identify, name};
use crate::format::wal::{Record, RecordHeader};
use crate::layout::{Dialect, Geometry, PgVersion};
use std::collections::BTreeSet;

/// A line of a table.
struct Recorded<'t> {
    major: PgVersion,
    manager: &'t str,
    kind: &'t str,
    desc: &'t str,
    bytes: Vec<u8>,
}

impl<'t> Recorded<'t> {
    fn read(line: &'t str) -> Self {
        let columns: [&str; 5] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let [major, manager, kind, desc, bytes] = columns;
        let major = PgVersion::from_major(major.parse().unwrap()).unwrap();
        Self { major, manager, kind, desc, bytes: hex::decode(bytes).unwrap() }
    }

    /// The pg_waldump of 16 at hand, 16.2, leaves out the statistics that a PREPARE drops; the
    /// descriptions of 16.14 (pg_walinspect) have them.
    fn comparable(&self, desc: String) -> String {
        if self.major.major() != 16 || self.kind != "PREPARE" {
            return desc;
        }
        let parts = desc.split("; ").filter(|part| !part.contains(" dropped stats: "));
        parts.collect::<Vec<_>>().join("; ")
    }

    fn dialect(&self) -> Dialect {
        Dialect { layout: self.major.layout(), geometry: Geometry::DEFAULT }
    }
}

/// The description, after everything else that can be done with a record; `None` if it is none.
fn described(record: &Record<'_>, dialect: &Dialect) -> Option<String> {
    let body = Body::parse(record, dialect).ok()?;
    assert!(!format!("{body:?}{}", serde_json::to_string(&body).unwrap()).is_empty());
    Some(body.description(dialect.layout))
}

/// Every record of a table is described as pg_waldump did, and cut short it is one or it is not.
fn check(table: &str) {
    for recorded in table.lines().map(Recorded::read) {
        let dialect = recorded.dialect();
        let mut record = Record::parse(&recorded.bytes, &dialect).unwrap();
        let (rmid, info) = (record.header.xl_rmid, record.info());
        let of = format!("{} {}/{}", recorded.major, recorded.manager, recorded.kind);
        assert_eq!(name(rmid), recorded.manager);
        assert_eq!(identify(rmid, info, dialect.layout), Some(recorded.kind), "{of}");
        let ours = described(&record, &dialect).map(|desc| recorded.comparable(desc));
        assert_eq!(ours.as_deref(), Some(recorded.desc), "{of}");
        cut(&mut record.clone(), record.main, &dialect, |record, part| record.main = part);
        for at in 0..record.blocks.len() {
            let data = record.blocks[at].data;
            cut(&mut record, data, &dialect, |record, part| record.blocks[at].data = part);
        }
        damaged(recorded.bytes.clone(), &dialect);
    }
}

/// Nothing panics whatever `part` of a record is cut to.
fn cut<'a>(
    record: &mut Record<'a>,
    part: &'a [u8],
    dialect: &Dialect,
    replace: impl Fn(&mut Record<'a>, &'a [u8]),
) {
    for len in 0..part.len() {
        replace(record, &part[..len]);
        described(record, dialect);
    }
    replace(record, part);
}

/// Nothing panics whichever byte behind the header is another, in records that are not long.
fn damaged(mut bytes: Vec<u8>, dialect: &Dialect) {
    if bytes.len() > 600 {
        return;
    }
    for at in RecordHeader::LEN..bytes.len() {
        let healthy = std::mem::replace(&mut bytes[at], 0xFF);
        if let Ok(record) = Record::parse(&bytes, dialect) {
            described(&record, dialect);
        }
        bytes[at] = healthy;
    }
}

/// The types that a major has and a table lacks, of some managers, as `MAJOR MANAGER/TYPE`.
fn missing(table: &str, managers: &[u8]) -> Vec<String> {
    let seen: BTreeSet<_> = table
        .lines()
        .map(Recorded::read)
        .map(|of| (of.major.major(), of.manager, of.kind))
        .collect();
    let mut missing = Vec::new();
    for version in PgVersion::ALL {
        for &rmid in managers {
            let of = |high: u8| identify(rmid, high << 4, version.layout());
            let (major, manager) = (version.major(), NAMES[usize::from(rmid)]);
            let kinds: BTreeSet<_> = (0..16).filter_map(of).collect();
            let lacks = kinds.into_iter().filter(|&kind| !seen.contains(&(major, manager, kind)));
            missing.extend(lacks.map(|kind| format!("{major} {manager}/{kind}")));
        }
    }
    missing
}

const ROWS: &str = include_str!("../../../../fixtures/wal/records/rows.tsv");
const INDEX: &str = include_str!("../../../../fixtures/wal/records/index.tsv");
const CORE: &str = include_str!("../../../../fixtures/wal/records/core.tsv");

#[test]
fn records_without_pages_are_described_as_pg_waldump_describes_them() {
    check(CORE);
    let managers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 18, 19, 20, 21];
    // No server writes NOOP, and SETTS none since times are part of commits.
    let never = |of: &String| of.ends_with("XLOG/NOOP") || of.ends_with("CommitTs/SETTS");
    let missing = missing(CORE, &managers);
    assert_eq!(missing.iter().filter(|of| !never(of)).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn records_of_rows_and_btrees_are_described_as_pg_waldump_describes_them() {
    check(ROWS);
    // A new version on the same page finds an old one there: no server makes that page anew.
    let never = |of: &String| of.ends_with("Heap/HOT_UPDATE+INIT");
    let missing = missing(ROWS, &[9, 10, 11]);
    assert_eq!(missing.iter().filter(|of| !never(of)).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn records_of_indexes_are_described_as_pg_waldump_describes_them() {
    check(INDEX);
    assert_eq!(missing(INDEX, &[12, 13, 14, 16, 17]), [""; 0]);
}

#[test]
fn of_a_sequence_the_row_is_read_too() {
    for recorded in CORE.lines().map(Recorded::read).filter(|of| of.manager == "Sequence") {
        let dialect = recorded.dialect();
        let record = Record::parse(&recorded.bytes, &dialect).unwrap();
        let Body::Seq(log) = Body::parse(&record, &dialect).unwrap() else { unreachable!() };
        // CREATE SEQUENCE s, the first of its form: START 1, and nothing given yet.
        let expected = SequenceRow { last_value: 1, log_cnt: 0, is_called: false };
        assert_eq!(log.row, expected, "{}", recorded.major);
    }
}

#[test]
fn no_type_and_no_bytes_make_a_parser_panic() {
    let dialects = PgVersion::ALL
        .map(|version| Dialect { layout: version.layout(), geometry: Geometry::DEFAULT });
    let filled = [0x00, 0x01, 0xFF].map(|byte| [byte; 100]);
    for (dialect, bytes) in
        dialects.iter().flat_map(|of| filled.iter().map(move |bytes| (of, bytes)))
    {
        let mut record = Record::parse(&[0; 24], dialect).unwrap();
        for (rmid, high) in (0..=u8::MAX).flat_map(|rmid| (0..16).map(move |high| (rmid, high))) {
            (record.header.xl_rmid, record.header.xl_info) = (rmid, high << 4);
            for len in (0..bytes.len()).step_by(if rmid < 22 { 1 } else { 64 }) {
                record.main = &bytes[..len];
                described(&record, dialect);
            }
        }
    }
}

#[test]
fn of_an_extensions_manager_only_its_number_is_known() {
    let version = PgVersion::ALL[3];
    let dialect = Dialect { layout: version.layout(), geometry: Geometry::DEFAULT };
    let mut record = Record::parse(&[0; 24], &dialect).unwrap();
    record.header.xl_rmid = 128;
    assert_eq!(described(&record, &dialect).as_deref(), Some("rmid: 128"));
    assert_eq!(identify(128, 0, dialect.layout), None);
}
