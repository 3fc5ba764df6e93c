//! Data directories on disk: links, tablespaces, and things that are no files.
use crate::build::{FILES, assert_whole, data_directory, names, open, open_read, write};
use pgdissect::source::{
    EntryKind, Io, Kind, LinkState, Options, Quiet, ReadErrorKind, Source, TablespaceLink,
};
use pgdissect::types::Oid;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

#[test]
fn a_data_directory_reads_the_same_mapped_and_read() {
    let dir = data_directory();
    write(dir.path(), "empty", b"");
    for source in [open(dir.path()).unwrap(), open_read(dir.path())] {
        assert_eq!((source.kind(), source.live()), (Kind::DataDirectory, None));
        assert_whole(&source);
        assert_eq!(source.read("empty", 0).unwrap(), b"");
        let file = source.file("base/5/1259").unwrap();
        let mut scratch = Vec::new();
        assert_eq!(file.window(8190..9000, &mut scratch).unwrap(), [7, 7]);
        assert!(file.window(9000..u64::MAX, &mut scratch).unwrap().is_empty());
        assert_eq!(names(&source, ""), ["PG_VERSION", "base", "empty", "global", "pg_tblspc"]);
    }
}

#[test]
fn absent_unreadable_and_no_file_are_different_answers() {
    let dir = data_directory();
    let fifo = std::process::Command::new("mkfifo").arg(dir.path().join("base/5/2619")).status();
    assert!(fifo.unwrap().success());
    fs::create_dir(dir.path().join("base/5/2620")).unwrap();
    symlink("/nowhere", dir.path().join("base/5/2621")).unwrap();
    symlink("2622", dir.path().join("base/5/2622")).unwrap();
    let source = open(dir.path()).unwrap();
    let kind = |path: &str| source.read(path, 100).unwrap_err().kind;
    assert_eq!(kind("base/5/2600"), ReadErrorKind::Absent);
    assert_eq!(kind("base/5/2619"), ReadErrorKind::NotAFile, "and it did not block");
    assert_eq!(kind("base/5/2620"), ReadErrorKind::IsDirectory);
    assert_eq!(kind("base/5/2621"), ReadErrorKind::Absent);
    assert!(matches!(kind("base/5/2622"), ReadErrorKind::Io(_)), "a link to itself");
    assert_eq!(kind("base/5/1259"), ReadErrorKind::TooLarge { limit: 100 });
    assert_eq!(kind("base/5/1259/1"), ReadErrorKind::NotADirectory);
    assert!(source.read("../etc/passwd", 100).is_err());
    let kinds: Vec<_> = source.list("base/5").unwrap().into_iter().map(|e| e.kind).collect();
    let (file, link) = (EntryKind::File, EntryKind::Link);
    assert_eq!(kinds, [file, EntryKind::Other, EntryKind::Directory, link, link, file]);
    assert_eq!(source.list("PG_VERSION").unwrap_err().kind, ReadErrorKind::NotADirectory);
}

#[test]
fn what_is_no_input_is_refused_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(error.to_string().contains("neither a data directory"), "{error}");
    assert!(open(&dir.path().join("absent")).unwrap_err().is_absent());
    assert_eq!(open("/dev/null".as_ref()).unwrap_err().kind, ReadErrorKind::NotAFile);
}

#[test]
fn one_file_is_a_source_of_its_own() {
    let dir = data_directory();
    let source = open(&dir.path().join("base/5/1259")).unwrap();
    assert_eq!((source.kind(), source.single_file()), (Kind::File, Some("1259")));
    assert_eq!(names(&source, ""), ["1259"]);
    assert_eq!(source.read("1259", 8192).as_deref(), Ok(FILES[3].1));
    assert!(source.file("PG_VERSION").unwrap_err().is_absent());
}

#[test]
fn links_are_followed_where_the_server_follows_them() {
    let (dir, elsewhere) = (data_directory(), tempfile::tempdir().unwrap());
    write(elsewhere.path(), "wal/000000010000000000000001", b"wal");
    symlink(elsewhere.path().join("wal"), dir.path().join("pg_wal")).unwrap();
    let source = open(dir.path()).unwrap();
    assert_eq!(source.read("pg_wal/000000010000000000000001", 10).unwrap(), b"wal");
    let pg_wal = source.list("").unwrap().into_iter().find(|entry| entry.name == "pg_wal");
    assert_eq!(pg_wal.unwrap().kind, EntryKind::Directory);
}

fn with_tablespaces(list: &[(&str, &str)]) -> Result<Source, pgdissect::source::ReadError> {
    let dir = data_directory();
    let elsewhere = tempfile::tempdir().unwrap();
    write(elsewhere.path(), "ts/PG_18_1/5/16400", b"linked");
    symlink(elsewhere.path().join("ts"), dir.path().join("pg_tblspc/16391")).unwrap();
    write(dir.path(), "pg_tblspc/16392/PG_18_1/5/16400", b"in place");
    symlink("/srv/gone", dir.path().join("pg_tblspc/16393")).unwrap();
    write(dir.path(), "pg_tblspc/notes.txt", b"not a tablespace");
    write(dir.path(), "copy/PG_18_1/5/16400", b"copied");
    let here = |path: &str| dir.path().join(path);
    let tablespaces = list.iter().map(|(old, new)| (PathBuf::from(old), here(new))).collect();
    let options = Options { tablespaces, io: Io::Mmap, temp_dir: None };
    let source = Source::open(dir.path(), &options, &Quiet)?;
    // Kept until the process ends, as the source reads them by name.
    let _ = (dir.keep(), elsewhere.keep());
    Ok(source)
}

fn states(source: &Source) -> Vec<(u32, LinkState)> {
    let state = |link: &TablespaceLink| (link.oid.0, link.state.clone());
    source.tablespace_links().iter().map(state).collect()
}

#[test]
fn tablespaces_are_followed_or_named_as_missing() {
    let source = with_tablespaces(&[]).unwrap();
    let expected = [LinkState::Linked, LinkState::InPlace, LinkState::Missing];
    assert_eq!(
        states(&source),
        [16391, 16392, 16393].into_iter().zip(expected).collect::<Vec<_>>()
    );
    let missing = &source.tablespace_links()[2];
    assert_eq!(missing.target.as_deref(), Some("/srv/gone".as_ref()));
    assert_eq!(missing.oid, Oid(16393));
    let read = |oid: u32| source.read(&format!("pg_tblspc/{oid}/PG_18_1/5/16400"), 10);
    assert_eq!(
        (read(16391).as_deref(), read(16392).as_deref()),
        (Ok(&b"linked"[..]), Ok(&b"in place"[..]))
    );
    assert!(read(16393).unwrap_err().is_absent());
}

#[test]
fn a_tablespace_can_be_elsewhere_by_path_or_by_oid() {
    for old in ["/srv/gone", "16393"] {
        let source = with_tablespaces(&[(old, "copy")]).unwrap();
        assert_eq!(source.read("pg_tblspc/16393/PG_18_1/5/16400", 10).unwrap(), b"copied");
        assert!(matches!(states(&source)[2].1, LinkState::Remapped(_)));
        let names = names(&source, "pg_tblspc");
        assert_eq!(names, ["16391", "16392", "16393", "notes.txt"]);
    }
    let error = with_tablespaces(&[("/srv/other", "copy")]).unwrap_err().to_string();
    assert!(error.contains("16393 at /srv/gone"), "{error}");
    assert!(with_tablespaces(&[("16393", "absent")]).unwrap_err().is_absent());
}

#[test]
fn a_copied_pid_file_is_no_live_server() {
    let dir = data_directory();
    // This process lives, but not in that directory.
    write(dir.path(), "postmaster.pid", format!("{}\n", std::process::id()).as_bytes());
    assert_eq!(open(dir.path()).unwrap().live(), None);
    write(dir.path(), "postmaster.pid", b"nonsense");
    assert_eq!(open(dir.path()).unwrap().live(), None);
}

#[test]
fn a_process_that_lives_in_the_directory_makes_it_live() {
    let dir = data_directory();
    let mut server =
        std::process::Command::new("sleep").arg("60").current_dir(dir.path()).spawn().unwrap();
    write(dir.path(), "postmaster.pid", format!("{}\n/srv\n", server.id()).as_bytes());
    let source = open(dir.path()).unwrap();
    let seen = (source.live(), source.io());
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(seen, (Some(server.id()), Io::Read));
}
