//! Sets of WAL and PostgreSQL's answers about them, made by `fixtures/make/wal/make`.
use crate::common::{Csv, Ran, run, unpacked};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The WAL of one cluster.
pub(crate) struct Set {
    /// `pg17.debian`.
    pub(crate) name: String,
    /// Major version.
    pub(crate) major: u16,
    /// Whether it is a whole data directory, of a cluster with more work in it.
    pub(crate) live: bool,
    /// The unpacked directory, in which there is `pg_wal`.
    root: PathBuf,
    oracle: PathBuf,
}

/// A timeline and where its first segment starts.
pub(crate) struct Timeline {
    /// 1 or 2.
    pub(crate) number: u32,
    /// An LSN.
    pub(crate) start: String,
}

/// What pg_waldump printed and said on standard error.
pub(crate) struct Answer {
    /// The text, or only its MD5.
    pub(crate) out: Text,
    /// Standard error; `None` of 12 and 14, for which a program of our own build answered.
    pub(crate) err: Option<String>,
}

/// What there is of a text.
pub(crate) enum Text {
    /// All of it.
    Whole(String),
    /// Its MD5, in hex.
    Md5(String),
}

/// Every set: the committed ones, or those of `PGDISSECT_CLUSTERS`. Fails if a major has none.
pub(crate) fn sets() -> Vec<Set> {
    let given = std::env::var_os("PGDISSECT_CLUSTERS").map(PathBuf::from);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let root = given.unwrap_or(fixtures).join("wal");
    let read = fs::read_dir(&root).unwrap_or_else(|error| panic!("{}: {error}", root.display()));
    let mut paths: Vec<_> = read.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut sets = Vec::new();
    for path in paths {
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(name) = file.strip_suffix(".tar.zst").filter(|name| !name.ends_with(".oracle"))
        else {
            continue;
        };
        let root = unpacked(&path);
        let number = name.strip_prefix("pg").unwrap().split('.').next().unwrap();
        sets.push(Set {
            name: name.to_owned(),
            major: number.parse().unwrap(),
            live: root.join("PG_VERSION").exists(),
            root,
            oracle: unpacked(&path.with_file_name(format!("{name}.oracle.tar.zst"))),
        });
    }
    let majors: BTreeSet<_> = sets.iter().map(|set| set.major).collect();
    assert_eq!(majors, (12..=19).collect(), "majors with WAL under {}", root.display());
    sets
}

impl Set {
    /// What to give to a wal command: the data directory, or the directory of segments.
    pub(crate) fn input(&self) -> PathBuf {
        if self.live { self.root.clone() } else { self.root.join("pg_wal") }
    }

    /// The timelines of the set, in order.
    pub(crate) fn timelines(&self) -> Vec<Timeline> {
        let csv = Csv::parse(&self.read("timelines.csv").unwrap());
        let row = |row: crate::common::Row<'_>| Timeline {
            number: row.number("timeline").unwrap(),
            start: row.get("start").to_owned(),
        };
        let timelines: Vec<_> = csv.rows().map(row).collect();
        assert_eq!(timelines.len(), 2, "{}: a promotion makes the second", self.name);
        timelines
    }

    /// What pg_waldump said of a timeline: `details`, `plain`, `stats`, `stats-record`. `None` if
    /// the set says itself that nobody could tell.
    pub(crate) fn answer(&self, timeline: &Timeline, what: &str) -> Option<Answer> {
        let part = format!("timeline-{}/{what}", timeline.number);
        if self.absent(&format!("{part}.txt")) {
            return None;
        }
        assert!(
            self.has_tool() == self.oracle.join(format!("{part}.err")).exists(),
            "{}: {part}.err",
            self.name
        );
        let out = match self.read(&format!("{part}.txt")) {
            Some(text) => Text::Whole(text),
            None => Text::Md5(self.read(&format!("{part}.md5")).unwrap().trim().to_owned()),
        };
        Some(Answer { out, err: self.read(&format!("{part}.err")) })
    }

    /// Whether there is a pg_waldump of the major in a package.
    pub(crate) fn has_tool(&self) -> bool {
        ![12, 14].contains(&self.major)
    }

    /// Whether the oracle says of one of its files that it is not there.
    pub(crate) fn absent(&self, file: &str) -> bool {
        let absent = self.read("absent.txt").unwrap().lines().any(|line| line == file);
        assert!(
            !(absent && self.oracle.join(file).exists()),
            "{}: {file} is both absent and there",
            self.name
        );
        if absent {
            println!("{}: not compared, for nobody could tell: {file}", self.name);
        }
        absent
    }

    /// A file of the oracle, `None` if it is not there.
    pub(crate) fn read(&self, file: &str) -> Option<String> {
        let bytes = fs::read(self.oracle.join(file)).ok()?;
        Some(String::from_utf8(bytes).unwrap())
    }

    /// A folder of the oracle: `ends/killed`.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.oracle.join(name)
    }

    /// `pgdissect wal COMMAND` of a timeline.
    pub(crate) fn ask(&self, command: &str, timeline: &Timeline, options: &str) -> Ran {
        let (input, number, start) = (self.input(), timeline.number, &timeline.start);
        let input = input.display();
        run(&format!(
            "pgdissect wal {command} {input} --timeline {number} --start {start} {options}"
        ))
    }

    /// `pgdissect wal dump --format pg_waldump` of a timeline.
    pub(crate) fn dump(&self, timeline: &Timeline, options: &str) -> Ran {
        self.ask("dump", timeline, &format!("--format pg_waldump {options}"))
    }
}
