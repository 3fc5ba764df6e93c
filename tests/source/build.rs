//! Makers of inputs: small data directories, and archives byte by byte.
use pgdissect::source::{Io, Options, Quiet, ReadError, Source};
use std::fs;
use std::path::Path;

/// The least that is taken for a data directory.
pub(crate) const FILES: [(&str, &[u8]); 4] = [
    ("PG_VERSION", b"18\n"),
    ("global/pg_control", b"not really"),
    ("base/5/PG_VERSION", b"18\n"),
    ("base/5/1259", &[7; 8192]),
];

/// A data directory on disk.
pub(crate) fn data_directory() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, content) in FILES {
        write(dir.path(), path, content);
    }
    fs::create_dir_all(dir.path().join("pg_tblspc")).unwrap();
    dir
}

/// Writes a file, and the directories above it.
pub(crate) fn write(root: &Path, path: &str, content: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// One header and the content that follows it, padded.
pub(crate) fn member(kind: u8, name: &[u8], link: &[u8], content: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    let bytes = header.as_mut_bytes();
    bytes[..name.len()].copy_from_slice(name);
    bytes[157..157 + link.len()].copy_from_slice(link);
    bytes[156] = kind;
    header.set_size(content.len() as u64);
    header.set_cksum();
    let mut member = [header.as_bytes(), content].concat();
    member.resize(member.len().next_multiple_of(512), 0);
    member
}

/// A file as a member.
pub(crate) fn file(name: &str, content: &[u8]) -> Vec<u8> {
    member(b'0', name.as_bytes(), b"", content)
}

/// The mark at the end of an archive.
pub(crate) fn end() -> Vec<u8> {
    vec![0; 1024]
}

/// The files of a small data directory below `prefix`, without the mark at the end.
pub(crate) fn members(prefix: &str) -> Vec<u8> {
    FILES.iter().flat_map(|(path, content)| file(&format!("{prefix}{path}"), content)).collect()
}

/// Opens a file with these bytes, by a name that says nothing.
pub(crate) fn open_bytes(bytes: &[u8]) -> Result<Source, ReadError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    // On disk no longer when this returns, but open: nothing reads it by its name again.
    open(file.path())
}

/// Opens with the default options.
pub(crate) fn open(path: &Path) -> Result<Source, ReadError> {
    Source::open(path, &Options::default(), &Quiet)
}

/// Opens with positioned reads.
pub(crate) fn open_read(path: &Path) -> Source {
    Source::open(path, &Options { io: Io::Read, ..Options::default() }, &Quiet).unwrap()
}

/// Fails unless `source` has the small data directory's files, byte by byte.
pub(crate) fn assert_whole(source: &Source) {
    for (path, content) in FILES {
        assert_eq!(source.read(path, 1 << 20).as_deref(), Ok(content), "{path}");
    }
}

/// The names in a directory of the source.
pub(crate) fn names(source: &Source, dir: &str) -> Vec<String> {
    source.list(dir).unwrap().into_iter().map(|entry| entry.name).collect()
}
