//! Archives that are cut or hostile: what they still hold is answered, and they are found out.
use crate::{common, process};
use std::fs;
use std::path::Path;

/// The identifiers of what `control` finds in a file with these bytes, and its exit status.
fn found(name: &str, bytes: &[u8]) -> (Vec<String>, i32) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = dir.path().join(name);
    fs::write(&path, bytes).unwrap();
    let arguments = ["control", "--format", "json", path.to_str().unwrap()].map(str::to_owned);
    let ran = process::run(&arguments);
    ran.check().unwrap();
    let json = ran.json.unwrap_or_else(|| panic!("no answer: {}", ran.stderr));
    let groups = json["findings"].as_array().unwrap();
    let ids = groups.iter().map(|group| group["id"].as_str().unwrap().to_owned());
    (ids.collect(), ran.exit)
}

/// A fixture's archive, not compressed, with pg_control among its first members.
fn archive() -> Vec<u8> {
    let case = common::case("pg18/clean");
    let mut builder = tar::Builder::new(Vec::new());
    for path in ["PG_VERSION", "global/pg_control", "pg_xact/0000", "base/1/1255"] {
        builder.append_path_with_name(Path::new(&case.pgdata).join(path), path).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn a_cut_archive_is_read_as_far_as_it_goes() {
    let whole = archive();
    assert!(!found("whole.tar", &whole).0.contains(&"file.archive-damaged".to_owned()));
    let (ids, exit) = found("cut.tar", &whole[..whole.len() - 4096]);
    assert!(ids.contains(&"file.archive-damaged".to_owned()), "{ids:?}");
    assert_eq!(exit, 1);
    let packed = zstd::encode_all(&*whole, 1).unwrap();
    let (ids, _) = found("cut.tar.zst", &packed[..packed.len() - 20]);
    assert!(ids.contains(&"file.archive-damaged".to_owned()), "{ids:?}");
}

#[test]
fn a_member_that_leads_out_is_said() {
    let mut builder = tar::Builder::new(archive());
    // The mark at the end goes, then what follows is part of the same archive.
    builder.get_mut().truncate(archive().len() - 1024);
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    builder.append_link(&mut header, "base/5/1259", "/etc/shadow").unwrap();
    let (ids, _) = found("linked.tar", &builder.into_inner().unwrap());
    assert!(ids.contains(&"file.member-refused".to_owned()), "{ids:?}");
}
