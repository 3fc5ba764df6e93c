//! Copies to recover, what the server did with each, and what we say of it. `fixtures/make/recovery/make`
//! makes them.
use crate::common::{run, unpacked};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};
use std::thread;

/// One copy.
pub(crate) struct Case {
    /// `crash-plain-17`.
    pub(crate) name: String,
    /// `crash-plain`.
    pub(crate) kind: String,
    /// Major version.
    pub(crate) major: u16,
    /// Where `data` is, and beside it `archive`.
    pub(crate) folder: PathBuf,
    /// What the server did.
    pub(crate) server: Value,
    /// The report.
    pub(crate) ours: Value,
}

/// Every kind that there has to be.
const KINDS: &str = include_str!("kinds.txt");

/// All of them, each looked at once.
pub(crate) static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let folders = Mutex::new(folders());
    let cases = Mutex::new(Vec::new());
    let work = || {
        loop {
            let Some(folder) = folders.lock().unwrap().pop() else { break };
            let case = Case::read(folder);
            cases.lock().unwrap().push(case);
        }
    };
    thread::scope(|scope| {
        (0..thread::available_parallelism().map_or(2, Into::into)).for_each(|_| {
            scope.spawn(work);
        });
    });
    let mut cases = cases.into_inner().unwrap();
    cases.sort_by(|a: &Case, b| a.name.cmp(&b.name));
    let kinds: BTreeSet<_> = cases.iter().map(|case| &*case.kind).collect();
    let made = std::env::var_os("PGDISSECT_CLUSTERS").is_some();
    let missing: Vec<_> = KINDS.lines().filter(|kind| !kinds.contains(kind)).collect();
    assert!(missing.is_empty(), "no case of {missing:?}");
    // Of the committed ones one a major was killed in the middle of its work; made anew, there are more.
    let kills = cases.iter().filter(|case| case.kind.starts_with("crash-")).count();
    assert!(kills >= if made { 20 } else { 8 }, "{kills} killed");
    let majors: BTreeSet<_> = cases.iter().map(|case| case.major).collect();
    assert_eq!(majors, (12..=19).collect(), "majors");
    cases
});

/// The committed ones, an archive a major, or those below `PGDISSECT_CLUSTERS`.
fn folders() -> Vec<PathBuf> {
    let below = |root: &Path| -> Vec<_> {
        let read = fs::read_dir(root).unwrap_or_else(|error| panic!("{}: {error}", root.display()));
        read.map(|entry| entry.unwrap().path()).collect()
    };
    if let Some(root) = std::env::var_os("PGDISSECT_CLUSTERS") {
        return below(&Path::new(&root).join("recovery"));
    }
    let sets = below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recovery"));
    sets.iter().flat_map(|archive| below(&unpacked(archive))).collect()
}

/// The archive, if there is anything in it.
fn archives(folder: &Path) -> Vec<PathBuf> {
    let archive = folder.join("archive");
    let some = archive.exists() && fs::read_dir(&archive).unwrap().next().is_some();
    some.then_some(archive).into_iter().collect()
}

impl Case {
    fn read(folder: PathBuf) -> Self {
        let server = fs::read_to_string(folder.join("oracle.json"))
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let server: Value = serde_json::from_str(&server).unwrap();
        let text = |key: &str| server[key].as_str().unwrap().to_owned();
        let (name, kind) = (text("name"), text("kind"));
        let archive =
            archives(&folder).into_iter().map(|path| format!("--archive {}", path.display()));
        let (archive, data) = (archive.collect::<String>(), folder.join("data"));
        let ran = run(&format!("pgdissect replay {} {archive} --format json", data.display()));
        let ours: Value = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("{name}: {error}: {} {}", ran.exit, ran.stderr));
        assert!([0, 1].contains(&ran.exit), "{name}: exit {}: {}", ran.exit, ran.stderr);
        let major = server["build"].as_str().unwrap().parse().unwrap();
        Self { name, kind, major, folder, server, ours: ours["report"].clone() }
    }

    /// Where restore_command finds WAL.
    pub(crate) fn archives(&self) -> Vec<PathBuf> {
        archives(&self.folder)
    }

    /// Whether the server recovered, so that there are answers of it.
    pub(crate) fn starts(&self) -> bool {
        self.server["starts"].as_bool().unwrap()
    }

    /// A fact of the server's log.
    pub(crate) fn said(&self, fact: &str) -> Option<&str> {
        self.server["log"][fact].as_str()
    }
}
