//! WAL summaries of every major that has them, as its pg_walsummary prints them.
use crate::common::{case, unpacked};
use crate::reading::open;
use crate::store::{segments, write};
use pgdissect::analysis::wal::check::{Request, check};
use std::fs;
use std::path::Path;

#[test]
fn they_are_printed_as_pg_walsummary_prints_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/summaries");
    let segments = segments(&case("pg18/clean"));
    for major in ["17", "18", "19"] {
        let made = unpacked(&folder.join(format!("pg{major}.tar.zst")));
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in &segments {
            write(dir.path(), name, bytes);
        }
        for entry in fs::read_dir(&made).unwrap().map(|entry| entry.unwrap()) {
            let name = entry.file_name().into_string().unwrap();
            if name.ends_with(".summary") {
                write(dir.path(), &format!("summaries/{name}"), &fs::read(entry.path()).unwrap());
            }
        }
        let opened = open(dir.path(), &[]).unwrap();
        let checked = check(&opened.log, None, Request { jobs: 1, summaries: true });
        assert!(checked.findings.worst().is_none(), "{:?}", checked.findings);
        assert!(checked.check.summaries.len() > 4, "{major}");
        let mut bitmaps = 0;
        for summary in &checked.check.summaries {
            let name = summary.file.rsplit('/').next().unwrap();
            let expected = fs::read_to_string(made.join(format!("{name}.txt"))).unwrap();
            assert_eq!(summary.lines, expected.lines().collect::<Vec<_>>(), "{major}: {name}");
            bitmaps += u32::from(summary.blocks > Some(4096));
        }
        assert!(bitmaps > 0, "{major}: no summary has a chunk that is a bitmap");
    }
}
