//! One function for each entry point that takes hostile bytes. None may panic, loop, or take memory
//! out of proportion to its input. libFuzzer calls them through fuzz_targets/, and `cargo test` with
//! damaged fixtures and everything in crashers/ (tests/fuzz/).
mod index;
mod judge;
mod wal;

use pgdissect::cluster::{BlockSelector, Selector};
use pgdissect::format::datum::{self, Array};
use pgdissect::format::fork::vm::VmPage;
use pgdissect::format::heap::{Attr, Datum, HeapTuple, deform};
use pgdissect::format::page::{self, Page};
use pgdissect::format::slru::{clog, commit_ts, multixact, subtrans};
use pgdissect::format::toast::{Compression, Varlena, decompress};
use pgdissect::format::{
    backup_label, conf, control, history, manifest, pid_file, relmap, slot, tablespace_map,
    twophase,
};
use pgdissect::layout::catalog::Align;
use pgdissect::layout::{Dialect, Geometry, PgVersion};
use pgdissect::source::relation::RelationFileName;
use pgdissect::source::{EntryKind, Options, Quiet, Source};
use pgdissect::types::{BlockNumber, MultiXactOffset, TimelineId, Xid};
use std::hint::black_box;
use std::io::Write as _;

pub use index::{bloom_page, brin_page, btree_page, gin_page, gist_page, hash_page, spgist_page};
pub use judge::judge;
pub use wal::{wal_image, wal_record, wal_stream, wal_summary};

/// A function that takes any bytes.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 30] = [
    ("array", array),
    ("backup_label", backup_label),
    ("bloom_page", bloom_page),
    ("brin_page", brin_page),
    ("btree_page", btree_page),
    ("conf", conf),
    ("control", control),
    ("decompression", decompression),
    ("gin_page", gin_page),
    ("gist_page", gist_page),
    ("hash_page", hash_page),
    ("heap_page", heap_page),
    ("heap_tuple", heap_tuple),
    ("history", history),
    ("input", input),
    ("judge", judge),
    ("manifest", manifest),
    ("names", names),
    ("pid_file", pid_file),
    ("relmap", relmap),
    ("slot", slot),
    ("slru", slru),
    ("spgist_page", spgist_page),
    ("tablespace_map", tablespace_map),
    ("twophase", twophase),
    ("visibility_map", visibility_map),
    ("wal_image", wal_image),
    ("wal_record", wal_record),
    ("wal_stream", wal_stream),
    ("wal_summary", wal_summary),
];

/// Columns of every length and alignment.
const ATTRS: [Attr; 10] = [
    Attr { len: 4, align: Align::Int, by_val: true },
    Attr { len: 64, align: Align::Char, by_val: false },
    Attr { len: -1, align: Align::Int, by_val: false },
    Attr { len: 1, align: Align::Char, by_val: true },
    Attr { len: -1, align: Align::Double, by_val: false },
    Attr { len: 8, align: Align::Double, by_val: true },
    Attr { len: -2, align: Align::Char, by_val: false },
    Attr { len: 2, align: Align::Short, by_val: true },
    Attr { len: 0, align: Align::Int, by_val: false },
    Attr { len: -3, align: Align::Int, by_val: false },
];

/// The contents of array values.
pub fn array(data: &[u8]) {
    if let Ok((_, array)) = Array::parse(data) {
        for attr in ATTRS {
            black_box(array.elements(attr).take(data.len() + 1).count());
        }
    }
    let _ = black_box((datum::texts(data), datum::oids(data), datum::int2s(data)));
}

/// `backup_label`.
pub fn backup_label(data: &[u8]) {
    let _ = black_box(backup_label::BackupLabel::parse(data));
}

/// `postgresql.conf`.
pub fn conf(data: &[u8]) {
    let lines = conf::parse(data);
    assert!(lines.len() <= data.len() + 1);
}

/// `pg_control`, as every major.
pub fn control(data: &[u8]) {
    let _ = black_box(control::identify(data));
    for version in PgVersion::ALL {
        if let Ok(control) = control::ControlFile::parse(data, version.layout()) {
            black_box((control.crc_ok(), control.geometry(), format!("{control:?}")));
        }
    }
}

/// pglz and lz4: the first five bytes are the method and the size to come out.
pub fn decompression(data: &[u8]) {
    let Some((head, data)) = data.split_first_chunk::<5>() else { return };
    let method = if head[0] & 1 == 0 { Compression::Pglz } else { Compression::Lz4 };
    let size = u32::from_le_bytes([head[1], head[2], head[3], head[4]]) % (1 << 24);
    if let Ok(plain) = decompress(method, data, size) {
        assert_eq!(plain.len(), size as usize);
    }
}

/// A heap page of any size: header, line pointers, tuples, their columns, the checksum.
pub fn heap_page(data: &[u8]) {
    black_box((page::is_new(data), page::is_zeroed(data)));
    if data.len() >= 1024 && data.len().is_power_of_two() {
        black_box(page::checksum(data, BlockNumber(7)));
    }
    let Ok(page) = Page::parse(data) else { return };
    let _ = black_box((page.header().check(data.len()), page.special()));
    assert!(page.items().len() <= data.len());
    for (number, item) in page.items() {
        assert_eq!(page.item(number), Some(item));
        let _ = black_box(item.target(page.tuple_area()));
        if let Some(tuple) = HeapTuple::behind(item, &page) {
            columns(&tuple);
        }
    }
}

/// A heap tuple by itself.
pub fn heap_tuple(data: &[u8]) {
    if let Ok(tuple) = HeapTuple::parse(data) {
        columns(&tuple);
    }
}

fn columns(tuple: &HeapTuple<'_>) {
    black_box((tuple.t_bits(), tuple.t_oid(), tuple.rowid(), tuple.header.t_infomask));
    for rotated in 0..ATTRS.len() {
        let attrs = ATTRS.iter().cycle().skip(rotated).take(40).copied();
        let mut given = 0;
        for value in deform(attrs, tuple) {
            given += 1;
            let Ok(value) = value else { continue };
            match value {
                Datum::Fixed(bytes) => {
                    let _ = black_box((datum::oid(bytes), datum::name(bytes), datum::int2(bytes)));
                    assert!(bytes.len() <= tuple.bytes.len());
                }
                Datum::Varlena(value) => payload(value),
                Datum::Null | Datum::Missing => {}
            }
        }
        assert!(given <= 40);
    }
}

fn payload(value: Varlena<'_>) {
    if let Ok(Some(bytes)) = value.payload() {
        black_box(datum::text(&bytes));
    }
}

/// A timeline history.
pub fn history(data: &[u8]) {
    let _ = black_box(history::parse(data, TimelineId(2)));
}

/// An input that is one file: a tar, compressed or not, or neither.
pub fn input(data: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(data).unwrap();
    let Ok(source) = Source::open(file.path(), &Options::default(), &Quiet) else { return };
    let mut dirs = vec![String::new()];
    let mut scratch = Vec::new();
    while let Some(dir) = dirs.pop() {
        for entry in source.list(&dir).unwrap_or_default() {
            let path = if dir.is_empty() { entry.name } else { format!("{dir}/{}", entry.name) };
            match entry.kind {
                EntryKind::Directory => dirs.push(path),
                EntryKind::File => {
                    let file = source.file(&path).unwrap();
                    let bytes = file.window(0..1 << 16, &mut scratch).unwrap();
                    assert_eq!(bytes.len() as u64, entry.len.min(1 << 16));
                }
                EntryKind::Link | EntryKind::Other => {}
            }
        }
    }
}

/// `backup_manifest`.
pub fn manifest(data: &[u8]) {
    let _ = black_box(manifest::Manifest::parse(data));
}

/// What people type and what files are called.
pub fn names(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = black_box((Selector::parse(text), BlockSelector::parse(text)));
    if let Some(name) = RelationFileName::parse(text) {
        assert_eq!(name.to_string(), text);
    }
}

/// `postmaster.pid` and `postmaster.opts`.
pub fn pid_file(data: &[u8]) {
    black_box((pid_file::PidFile::parse(data), pid_file::command_line(data)));
}

/// `pg_filenode.map`, as every major.
pub fn relmap(data: &[u8]) {
    for version in PgVersion::ALL {
        let _ = black_box(relmap::RelMap::parse(data, version.layout()));
    }
}

/// A replication slot's state.
pub fn slot(data: &[u8]) {
    if let Ok(slot) = slot::SlotState::parse(data) {
        black_box((slot.checksum_ok(), format!("{slot:?}")));
    }
}

/// Entries of every SLRU at any place: the first eight bytes are the id.
pub fn slru(data: &[u8]) {
    let Some((id, data)) = data.split_first_chunk::<8>() else { return };
    let id = u64::from_le_bytes(*id);
    let xid = Xid((id & 0xffff_ffff) as u32);
    for version in PgVersion::ALL {
        let dialect = Dialect { layout: version.layout(), geometry: Geometry::DEFAULT };
        black_box((
            clog::place(xid, &dialect),
            commit_ts::place(xid, &dialect),
            subtrans::place(xid, &dialect),
            multixact::member_place(MultiXactOffset(id), &dialect),
        ));
        let _ = black_box(multixact::offset(data, dialect.layout));
    }
    let _ = black_box(multixact::member(data, MultiXactOffset(id)));
    let _ = black_box(commit_ts::CommitTs::parse(data));
    black_box(data.first().map(|&byte| clog::status(byte, xid)));
}

/// `tablespace_map`.
pub fn tablespace_map(data: &[u8]) {
    let _ = black_box(tablespace_map::parse(data));
}

/// A prepared transaction's state file, as every major.
pub fn twophase(data: &[u8]) {
    for version in PgVersion::ALL {
        let _ = black_box(twophase::TwoPhaseState::parse(data, version.layout()));
    }
}

/// A page of a visibility map.
pub fn visibility_map(data: &[u8]) {
    let map = VmPage::new(data);
    let (visible, frozen) = map.count();
    assert_eq!(map.iter().filter(|bits| bits.all_visible).count() as u64, visible);
    assert_eq!(map.iter().filter(|bits| bits.all_frozen).count() as u64, frozen);
    black_box(map.bits(u32::MAX));
}
