//! The output of `pg_basebackup -Ft`.
use crate::build::{FILES, assert_whole, end, file, members, names, open, write};
use pgdissect::source::{Kind, LinkState};
use std::path::{Path, PathBuf};

#[test]
fn the_archives_of_a_base_backup_are_one_tree() {
    let dir = tempfile::tempdir().unwrap();
    let map = file("tablespace_map", b"16391 /srv/fast\n16399 /srv/gone\n");
    let base = [members(""), file("pg_wal/archive_status/x", b""), map, end()].concat();
    let wal = [file("000000010000000000000002", b"wal"), end()].concat();
    let tablespace = [file("PG_18_1/5/16400", b"there"), end()].concat();
    write(dir.path(), "base.tar.gz", &{
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut gzip, &base).unwrap();
        gzip.finish().unwrap()
    });
    write(dir.path(), "pg_wal.tar", &wal);
    write(dir.path(), "16391.tar.zst", &zstd::encode_all(&*tablespace, 1).unwrap());
    write(dir.path(), "backup_manifest", b"{}");
    let source = open(dir.path()).unwrap();
    assert_eq!(source.kind(), Kind::BaseBackup);
    assert_whole(&source);
    assert_eq!(source.read("pg_wal/000000010000000000000002", 10).unwrap(), b"wal");
    assert_eq!(source.read("pg_tblspc/16391/PG_18_1/5/16400", 10).unwrap(), b"there");
    assert_eq!(source.read("backup_manifest", 10).unwrap(), b"{}");
    let top = ["PG_VERSION", "backup_manifest", "base", "global", "pg_tblspc", "pg_wal"];
    assert_eq!(names(&source, ""), [&top[..], &["tablespace_map"]].concat());
    assert_eq!(names(&source, "pg_tblspc"), ["16391"]);
    let links = source.tablespace_links();
    let targets: Vec<_> = links.iter().map(|link| link.target.clone().unwrap()).collect();
    assert_eq!(targets, ["/srv/fast", "/srv/gone"].map(std::path::PathBuf::from));
    assert_eq!(links[1].state, LinkState::Missing);
    assert!(matches!(links[0].state, LinkState::Archive(_)));
    assert!(source.notes().is_empty(), "{:?}", source.notes());
}

#[test]
fn a_backup_without_its_other_archives_is_read_as_far_as_it_goes() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "base.tar", &[members(""), end()].concat());
    let source = open(dir.path()).unwrap();
    assert_eq!(source.read("PG_VERSION", 10).as_deref(), Ok(FILES[0].1));
    assert!(source.list("pg_wal").unwrap_err().is_absent());
    write(dir.path(), "pg_wal.tar", b"these bytes are no archive");
    let source = open(dir.path()).unwrap();
    assert_eq!(source.notes().len(), 1, "damaged, and the rest is read");
    assert_whole(&source);
}

/// A real backup (fixtures/make/basebackup), or those in the directories that the variable names.
fn real_backups() -> Vec<PathBuf> {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/basebackup");
    std::env::var_os("PGDISSECT_BACKUPS")
        .map_or_else(|| vec![committed], |list| std::env::split_paths(&list).collect())
}

/// The manifest is PostgreSQL's own list of what is in a backup, with size and checksum.
#[test]
fn every_file_of_a_real_backup_is_what_its_manifest_says() {
    for path in real_backups() {
        let source = open(&path).unwrap();
        assert_eq!(source.kind(), Kind::BaseBackup);
        assert!(source.notes().is_empty(), "{:?}", source.notes());
        assert!(source.refused().is_empty(), "{:?}", source.refused());
        let manifest = source.read("backup_manifest", 1 << 20).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
        let files = manifest["Files"].as_array().unwrap();
        let mut in_tablespace = 0;
        for file in files {
            let name = file["Path"].as_str().unwrap();
            let bytes = source.read(name, 1 << 30).unwrap();
            assert_eq!(bytes.len() as u64, file["Size"].as_u64().unwrap(), "{name}");
            let checksum = hex::encode(crc32c::crc32c(&bytes).to_le_bytes());
            assert_eq!(file["Checksum-Algorithm"], "CRC32C");
            assert_eq!(file["Checksum"], checksum.as_str(), "{name}");
            in_tablespace += u32::from(name.starts_with("pg_tblspc/"));
        }
        assert!(files.len() > 900 && in_tablespace > 0);
        let wal = &manifest["WAL-Ranges"][0];
        assert_eq!(names(&source, "pg_wal").first().unwrap().len(), 24, "{wal}");
        let [link] = source.tablespace_links() else { panic!("one tablespace") };
        assert!(link.target.as_ref().unwrap().ends_with("server/fast"));
        assert!(matches!(&link.state, LinkState::Archive(_)));
    }
}
