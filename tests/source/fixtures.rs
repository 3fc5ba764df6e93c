//! Real clusters: an archive and the directory it was made from are the same source.
use crate::build::open;
use crate::common::{self, Case};
use pgdissect::source::{EntryKind, Io, LinkState, Options, Quiet, Source};
use std::path::Path;

/// Every file below `dir`, with its bytes.
fn files(source: &Source, dir: &str, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in source.list(dir).unwrap() {
        let path =
            if dir.is_empty() { entry.name.clone() } else { format!("{dir}/{}", entry.name) };
        match entry.kind {
            EntryKind::Directory => files(source, &path, into),
            EntryKind::File => {
                let bytes = source.read(&path, entry.len).unwrap();
                assert_eq!(bytes.len() as u64, entry.len, "{path}");
                into.push((path, bytes));
            }
            EntryKind::Link | EntryKind::Other => {}
        }
    }
}

/// Every file of the case, opened at `path`, with its tablespace at `tablespace` if that is a link.
fn all(path: &Path, tablespace: Option<&Path>, io: Io) -> Vec<(String, Vec<u8>)> {
    let links = open(path).unwrap().tablespace_links().to_vec();
    let linked = links.into_iter().filter(|link| link.state != LinkState::InPlace);
    let moved = |link: pgdissect::source::TablespaceLink| {
        (link.target.unwrap(), tablespace.unwrap().to_owned())
    };
    let options = Options { io, tablespaces: linked.map(moved).collect(), temp_dir: None };
    let source = Source::open(path, &options, &Quiet).unwrap();
    assert!(source.notes().is_empty(), "{:?}", source.notes());
    let mut all = Vec::new();
    files(&source, "", &mut all);
    all
}

#[test]
fn an_archive_reads_as_the_directory_it_was_made_from() {
    for Case { name, archive, pgdata, tablespace, .. } in common::cases() {
        let packed = tablespace.as_ref().map(|_| {
            let archive = archive.to_str().unwrap();
            archive.replace(".tar.zst", ".tablespace.tar.zst").into()
        });
        let packed: Option<std::path::PathBuf> = packed;
        let expected = all(&pgdata, tablespace.as_deref(), Io::Mmap);
        assert!(expected.len() > 900, "{name}: {} files", expected.len());
        let in_tablespace = |(path, _): &&(String, _)| path.starts_with("pg_tblspc/");
        assert!(expected.iter().filter(in_tablespace).count() > 0, "{name}");
        assert!(all(&archive, packed.as_deref(), Io::Mmap) == expected, "{name}: mapped");
        assert!(all(&archive, packed.as_deref(), Io::Read) == expected, "{name}: read");
    }
}
