//! Records left from before a crash, behind the end of WAL, are no WAL for any reader. Where the end is
//! said a server that recovered it.
use crate::common::{run, unpacked};
use crate::reading::{all, open};
use pgdissect::analysis::wal::check::{Request, check};
use pgdissect::finding::Severity;
use pgdissect::report::wal::check::EndClass;
use std::fs;
use std::path::Path;

#[test]
fn all_readers_end_where_the_server_does() {
    for major in ["13", "16", "18"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/leftover");
        let made = unpacked(&folder.join(format!("pg{major}.tar.zst")));
        let log = fs::read_to_string(made.join("server.log")).unwrap();
        let said = log.lines().find_map(|line| line.split_once("LOG:  invalid record length at "));
        let end = said.unwrap().1.split(':').next().unwrap();

        let opened = open(&made, &[]).unwrap();
        let checked = check(&opened.log, None, Request { jobs: 2, summaries: false });
        let found = checked.check.end.unwrap();
        assert_eq!((found.lsn.to_string(), found.class), (end.into(), EndClass::Leftover));
        let beyond = &checked.check.beyond;
        assert!(beyond.records > 20 && beyond.start_lsn.unwrap() > found.lsn, "{beyond:?}");
        assert_eq!(checked.findings.worst(), Some(Severity::Notice), "{:?}", checked.findings);

        let read = all(&opened);
        assert_eq!(read.gaps, [], "{major}");
        let (_, last, _) = *read.records.last().unwrap();
        assert!(last <= found.lsn && found.lsn.0 - last.0 < 8, "{major}: {last}");

        let path = made.display();
        let from = beyond.start_lsn.unwrap();
        for command in ["dump --quiet", "stats"] {
            let ran = run(&format!("pgdissect wal {command} {path}"));
            assert_eq!(ran.exit, 0, "{command}: {}", ran.stdout);
            let shown = format!("Records from {from} on are left from before a crash");
            assert!(ran.stdout.contains(&shown), "{command}: {}", ran.stdout);
        }
    }
}
