//! Tars: where the data directory is in them, how they are compressed, what damage costs.
use crate::build::{
    assert_whole, data_directory, end, file, member, members, names, open, open_bytes,
};
use pgdissect::source::{Compression, EntryKind, Kind, ReadErrorKind, Refusal, Source};
use std::io::Write as _;

fn refused(source: &Source) -> Vec<(String, Refusal)> {
    source.refused().iter().map(|r| (r.name.clone(), r.why.clone())).collect()
}

fn notes(source: &Source) -> Vec<String> {
    source.notes().iter().map(|note| note.text.clone()).collect()
}

#[test]
fn the_data_directory_is_found_at_any_depth() {
    for prefix in ["", "./", "clean/", "./srv/postgresql/18/main/"] {
        let source = open_bytes(&[members(prefix), end()].concat()).unwrap();
        assert_eq!(source.kind(), Kind::Tar(Compression::None));
        assert_whole(&source);
        assert_eq!(names(&source, ""), ["PG_VERSION", "base", "global"]);
        assert_eq!(names(&source, "base/5"), ["1259", "PG_VERSION"]);
        assert!(source.notes().is_empty() && source.refused().is_empty());
    }
    let nested = [members("backup/old/"), members("backup/"), end()].concat();
    assert_eq!(names(&open_bytes(&nested).unwrap(), ""), ["PG_VERSION", "base", "global", "old"]);
}

#[test]
fn a_damaged_data_directory_is_still_one() {
    let bare = [file("x/base/5/1259", b"a"), file("x/global/1262", b"b"), end()].concat();
    assert_eq!(names(&open_bytes(&bare).unwrap(), ""), ["base", "global"]);
    let other = [file("src/main.rs", b"a"), end()].concat();
    let error = open_bytes(&other).unwrap_err();
    assert!(error.to_string().contains("holds no data directory"), "{error}");
}

#[test]
fn compression_is_recognised_by_the_first_bytes() {
    let tar = [members(""), end()].concat();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&tar).unwrap();
    let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
    lz4.write_all(&tar).unwrap();
    for (packed, compression) in [
        (gzip.finish().unwrap(), Compression::Gzip),
        (lz4.finish().unwrap(), Compression::Lz4),
        (zstd::encode_all(&*tar, 1).unwrap(), Compression::Zstd),
    ] {
        let source = open_bytes(&packed).unwrap();
        assert_eq!(source.kind(), Kind::Tar(compression));
        assert_whole(&source);
    }
    let xz = open_bytes(b"\xfd7zXZ\0and so on").unwrap_err();
    assert!(xz.to_string().contains("xz"), "{xz}");
}

#[test]
fn nothing_is_left_where_archives_are_unpacked() {
    let temp_dir = tempfile::tempdir().unwrap();
    let packed = tempfile::NamedTempFile::new().unwrap();
    let tar = zstd::encode_all(&*[members(""), end()].concat(), 1).unwrap();
    std::fs::write(packed.path(), tar).unwrap();
    let options = pgdissect::source::Options {
        temp_dir: Some(temp_dir.path().to_owned()),
        ..Default::default()
    };
    let source = Source::open(packed.path(), &options, &pgdissect::source::Quiet).unwrap();
    assert_whole(&source);
    // Not even while it is read: so nothing can be left, however the process ends.
    assert_eq!(std::fs::read_dir(temp_dir.path()).unwrap().count(), 0);
}

#[test]
fn hostile_members_are_listed_and_never_followed() {
    let hostile = [
        members(""),
        file("/etc/passwd", b"x"),
        file("base/../../escape", b"x"),
        member(b'2', b"base/5/2619", b"/etc/shadow", b""),
        member(b'1', b"base/5/2620", b"/etc/shadow", b""),
        member(b'3', b"base/5/2621", b"", b""),
        member(b'6', b"base/5/2622", b"", b""),
        end(),
    ];
    let source = open_bytes(&hostile.concat()).unwrap();
    assert_whole(&source);
    let expected = [
        ("/etc/passwd", Refusal::Absolute),
        ("base/../../escape", Refusal::Upwards),
        ("base/5/2619", Refusal::SymbolicLink("/etc/shadow".into())),
        ("base/5/2621", Refusal::Device),
        ("base/5/2622", Refusal::Device),
        ("base/5/2620", Refusal::HardLink("/etc/shadow".into())),
    ];
    assert_eq!(refused(&source), expected.map(|(name, why)| (name.to_owned(), why)));
    for path in ["base/5/2619", "base/5/2621"] {
        assert_eq!(source.read(path, 100).unwrap_err().kind, ReadErrorKind::NotAFile);
    }
    let kinds: Vec<_> = source.list("base/5").unwrap().iter().map(|entry| entry.kind).collect();
    let (file, link, other) = (EntryKind::File, EntryKind::Link, EntryKind::Other);
    assert_eq!(kinds, [file, link, other, other, file]);
}

#[test]
fn a_hard_link_inside_the_archive_is_the_file_it_names() {
    let link = member(b'1', b"base/5/1260", b"base/5/1259", b"");
    let source = open_bytes(&[members(""), link, end()].concat()).unwrap();
    assert_eq!(source.read("base/5/1260", 8192).unwrap(), [7; 8192]);
}

#[test]
fn of_two_members_with_one_name_the_later_counts() {
    let again = file("./PG_VERSION", b"17\n");
    let source = open_bytes(&[members(""), again, end()].concat()).unwrap();
    assert_eq!(source.read("PG_VERSION", 10).unwrap(), b"17\n");
    assert_eq!(names(&source, ""), ["PG_VERSION", "base", "global"]);
}

#[test]
fn long_names_of_gnu_and_pax_are_read() {
    let long = format!("base/5/{}", "n".repeat(150));
    let gnu = [member(b'L', b"././@LongLink", b"", long.as_bytes()), file("cut", b"gnu")];
    let record = format!("path={long}x\n");
    let record = format!("{} {record}", record.len() + 4);
    let pax = [member(b'x', b"pax", b"", record.as_bytes()), file("cut", b"pax")];
    let source = open_bytes(&[members(""), gnu.concat(), pax.concat(), end()].concat()).unwrap();
    assert_eq!(source.read(&long, 10).unwrap(), b"gnu");
    assert_eq!(source.read(&format!("{long}x"), 10).unwrap(), b"pax");
    assert_eq!(names(&source, ""), ["PG_VERSION", "base", "global"]);
}

#[test]
fn a_size_in_a_pax_record_is_the_one_that_counts() {
    let mut later = file("base/5/1260", &[1; 700]);
    // The header's own size says 0, as where it does not fit in there.
    let mut header = tar::Header::new_ustar();
    header.as_mut_bytes().copy_from_slice(&later[..512]);
    header.set_size(0);
    header.set_cksum();
    later[..512].copy_from_slice(header.as_bytes());
    let size = member(b'x', b"pax", b"", b"12 size=700\n");
    let after = file("base/5/1261", b"after");
    let source = open_bytes(&[members(""), size, later, after, end()].concat()).unwrap();
    assert_eq!(source.read("base/5/1260", 700).unwrap(), [1; 700]);
    assert_eq!(source.read("base/5/1261", 700).unwrap(), b"after");
}

#[test]
fn sparse_members_are_refused_by_name() {
    let old = member(b'S', b"base/5/1260", b"", &[1; 512]);
    let record = member(b'x', b"pax", b"", b"22 GNU.sparse.major=1\n");
    let new = file("base/5/1261", &[1; 1024]);
    let source = open_bytes(&[members(""), old, record, new, end()].concat()).unwrap();
    assert_whole(&source);
    let names = ["base/5/1260", "base/5/1261"];
    assert_eq!(refused(&source), names.map(|name| (name.to_owned(), Refusal::Sparse)));
}

#[test]
fn a_truncated_archive_gives_what_is_there() {
    let whole = members("");
    let cut = open_bytes(&whole[..whole.len() - 8192 + 1000]).unwrap();
    assert_eq!(cut.read("base/5/1259", 8192).unwrap(), [7; 1000]);
    assert_eq!(notes(&cut), ["cut inside base/5/1259: 1000 of its 8192 bytes are there"]);
    let unmarked = open_bytes(&whole).unwrap();
    assert_whole(&unmarked);
    assert_eq!(notes(&unmarked), ["cut: the mark at the end is missing"]);
}

#[test]
fn a_damaged_header_costs_its_member_only() {
    let mut tar = [members(""), file("base/5/1260", b"later"), end()].concat();
    tar[1024 + 3] ^= 0x40; // in the name of global/pg_control
    let source = open_bytes(&tar).unwrap();
    assert!(source.read("global/pg_control", 100).unwrap_err().is_absent());
    assert_eq!(source.read("base/5/1260", 100).unwrap(), b"later");
    assert_eq!(notes(&source), ["no member header from here to byte 2048"]);
    assert_eq!(source.notes()[0].byte, 1024);
}

#[test]
fn a_size_beyond_the_archive_is_cut_to_what_is_there() {
    let mut huge = file("base/5/1260", b"x");
    let mut header = tar::Header::new_gnu();
    header.as_mut_bytes().copy_from_slice(&huge[..512]);
    header.set_size(u64::MAX);
    header.set_cksum();
    huge[..512].copy_from_slice(header.as_bytes());
    let source = open_bytes(&[members(""), huge, end()].concat()).unwrap();
    assert_eq!(source.file("base/5/1260").unwrap().len(), 512 + 1024);
    assert!(notes(&source)[0].starts_with("cut inside base/5/1260"));
}

#[test]
fn damaged_compression_gives_what_comes_before_it() {
    let noise: Vec<u8> =
        (0..200_000_u32).flat_map(|n| n.wrapping_mul(0x9e37_79b9).to_le_bytes()).collect();
    let tar = [members(""), file("base/5/1260", &noise), end()].concat();
    let packed = zstd::encode_all(&*tar, 1).unwrap();
    let source = open_bytes(&packed[..packed.len() / 2]).unwrap();
    assert_whole(&source);
    assert_eq!(notes(&source)[0], "compressed data ends early");
    assert!(notes(&source)[1].starts_with("cut inside base/5/1260"));
}

#[test]
fn an_archive_is_opened_whatever_its_name_and_a_damaged_one_by_its_name() {
    let dir = data_directory();
    let path = dir.path().join("damaged.tar");
    let mut tar = [file("first", b"x"), members(""), end()].concat();
    tar[0] ^= 1;
    std::fs::write(&path, &tar).unwrap();
    assert_whole(&open(&path).unwrap());
    assert_eq!(open_bytes(&tar).unwrap().kind(), Kind::File);
}
