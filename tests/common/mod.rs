//! Clusters to test on, unpacked once, and PostgreSQL's own answers about them.
//!
//! Without more, the clusters are the committed fixtures. `PGDISSECT_CLUSTERS=DIR` takes those under
//! `DIR` instead, laid out alike: that is how the same tests judge freshly made clusters.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it leaves out, its helpers too"
)]
use std::fs;
use std::path::{Path, PathBuf};

/// One cluster: its data directory, and what the server said of it.
pub struct Case {
    /// `pg18/clean`.
    pub name: String,
    /// Major version.
    pub major: u16,
    /// Whether the server was stopped cleanly.
    pub clean: bool,
    /// The archive, `…/pg18/clean.tar.zst`.
    pub archive: PathBuf,
    /// The unpacked data directory. Shared by all tests: not to be written to.
    pub pgdata: PathBuf,
    /// The unpacked content of the tablespace that is a link in this cluster, if one is.
    pub tablespace: Option<PathBuf>,
    oracle: PathBuf,
}

/// The clusters whose oracles have all these files. See [`Case::has`].
pub fn cases_with(files: &[&str]) -> Vec<Case> {
    let mut cases = cases();
    cases.retain(|case| files.iter().all(|file| case.has(file)));
    cases
}

/// Every cluster, in order of its name. Fails if there is none, or one lacks its oracle.
pub fn cases() -> Vec<Case> {
    cases_or("fixtures")
}

/// The clusters in a folder of the repository, unless `PGDISSECT_CLUSTERS` names others.
pub fn cases_or(committed: &str) -> Vec<Case> {
    let others = std::env::var_os("PGDISSECT_CLUSTERS").map(PathBuf::from);
    cases_in(&others.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(committed)))
}

/// The clusters in that folder. Fails if there is none.
pub fn cases_in(root: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for folder in sorted(root) {
        let major = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(number) = major.strip_prefix("pg") else { continue };
        // "pg17" or, for a second build of a major, "pg17.11".
        let number = number.split('.').next().unwrap().parse().unwrap();
        for archive in sorted(&folder) {
            let file = archive.file_name().unwrap().to_str().unwrap();
            let Some(state) = file.strip_suffix(".tar.zst").filter(|state| !state.contains('.'))
            else {
                continue;
            };
            let part = |part: &str| folder.join(format!("{state}.{part}.tar.zst"));
            let tablespace = part("tablespace");
            cases.push(Case {
                name: format!("{major}/{state}"),
                major: number,
                clean: state.starts_with("clean"),
                pgdata: unpacked(&archive),
                tablespace: tablespace.exists().then(|| unpacked(&tablespace)),
                oracle: unpacked(&part("oracle")),
                archive,
            });
        }
    }
    assert!(!cases.is_empty(), "no clusters under {}", root.display());
    cases
}

/// One committed fixture by name, such as `pg18/clean`.
pub fn case(name: &str) -> Case {
    cases().into_iter().find(|case| case.name == name).unwrap_or_else(|| panic!("no {name}"))
}

fn sorted(dir: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut paths: Vec<_> = read.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| path.is_dir() || path.extension().is_some_and(|end| end == "zst"));
    paths
}

/// Unpacks an archive below the build directory or `PGDISSECT_UNPACKED`, unless that was done since it
/// was written.
pub fn unpacked(archive: &Path) -> PathBuf {
    let meta =
        fs::metadata(archive).unwrap_or_else(|error| panic!("{}: {error}", archive.display()));
    let stamp = meta.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
    let path = archive.to_str().unwrap().replace(['/', '.'], "_");
    let name = format!("{path}-{}-{}", meta.len(), stamp.as_nanos());
    let unpacked = std::env::var_os("PGDISSECT_UNPACKED")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("clusters"), PathBuf::from);
    let target = unpacked.join(name);
    if !target.exists() {
        // Another test binary may be doing the same: whoever renames first wins.
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        let work = tempfile::tempdir_in(target.parent().unwrap()).unwrap();
        let file = fs::File::open(archive).unwrap();
        let mut tar = tar::Archive::new(zstd::Decoder::new(file).unwrap());
        tar.set_preserve_permissions(false);
        tar.unpack(work.path()).unwrap_or_else(|error| panic!("{}: {error}", archive.display()));
        if fs::rename(work.path(), &target).is_ok() {
            let _renamed_away = work.keep();
        }
    }
    target
}

impl Case {
    /// Where a file of the data directory is: in the unpacked tablespace, if its link leads there.
    pub fn path(&self, in_pgdata: &str) -> PathBuf {
        let in_tablespace = || {
            let (_oid, below) = in_pgdata.strip_prefix("pg_tblspc/")?.split_once('/')?;
            Some(self.tablespace.as_ref()?.join(below))
        };
        in_tablespace().unwrap_or_else(|| self.pgdata.join(in_pgdata))
    }

    /// A file of the oracle as text; fails if it is not there.
    pub fn text(&self, file: &str) -> String {
        self.try_text(file).unwrap_or_else(|| panic!("{}: no {file} in the oracle", self.name))
    }

    /// Whether the oracle has a file. If not it must say so itself, in absent.txt: nothing is left out
    /// by accident.
    pub fn has(&self, file: &str) -> bool {
        let there = self.oracle.join(file).exists();
        let absent = self.try_text("absent.txt").unwrap_or_default();
        let said = absent.lines().any(|line| line == file);
        assert!(
            there != said,
            "{}: {file} is there: {there}, absent.txt has it: {said}",
            self.name
        );
        if said {
            println!(
                "{}: not compared, for PostgreSQL's answer was not recorded: {file}",
                self.name
            );
        }
        there
    }

    /// A file of the oracle as text, `None` if it is not there.
    pub fn try_text(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.oracle.join(file)).ok()
    }

    /// A CSV file of the oracle; fails if it is not there.
    pub fn csv(&self, file: &str) -> Csv {
        Csv::parse(&self.text(file))
    }

    /// Bytes of a block, and blocks of a segment file, as the server was built.
    pub fn sizes(&self) -> (usize, usize) {
        let init = self.csv("pg_control_init.csv");
        let number = |column| init.rows().next().unwrap().number(column).unwrap();
        (number("database_block_size"), number("blocks_per_segment"))
    }

    /// A fork of a relation, all its segments, by the path that the server gives the relation; `None`
    /// if there is no file.
    pub fn fork(&self, filepath: &str, suffix: &str) -> Option<Vec<u8>> {
        let mut bytes = fs::read(self.path(&format!("{filepath}{suffix}"))).ok()?;
        for segment in 1.. {
            match fs::read(self.path(&format!("{filepath}{suffix}.{segment}"))) {
                Ok(more) => bytes.extend(more),
                Err(_) => break,
            }
        }
        Some(bytes)
    }

    /// Whether a finding is about what the maker left out: transaction ids that nobody used have no
    /// segment in an aged cluster, since that would be 400 MB of zeros.
    pub fn by_construction(&self, rule: &str) -> bool {
        self.name.ends_with("/clean-aged")
            && ["slru.segment-missing", "slru.segment-short"].contains(&rule)
    }

    /// Whether the server was a standby when it stopped: unlogged tables have no main fork there.
    pub fn is_standby(&self) -> bool {
        self.pgdata.join("standby.signal").exists()
    }

    /// The databases that the oracle has answers from.
    pub fn databases(&self) -> Vec<String> {
        let has_relations = |path: &PathBuf| path.join("relations.csv").exists();
        let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        let names: Vec<_> = self.folders("").into_iter().filter(has_relations).map(name).collect();
        assert!(!names.is_empty(), "{}: the oracle has no database", self.name);
        names.into_iter().filter(|name| name != "recovered").collect()
    }

    /// The files in a folder of the oracle, such as `lab/heap_page_items`, by full path.
    pub fn files(&self, folder: &str) -> Vec<PathBuf> {
        let read = fs::read_dir(self.oracle.join(folder))
            .unwrap_or_else(|error| panic!("{}: {folder}: {error}", self.name));
        let mut paths: Vec<_> = read.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    }

    fn folders(&self, folder: &str) -> Vec<PathBuf> {
        self.files(folder).into_iter().filter(|path| path.is_dir()).collect()
    }
}

/// A CSV file with a header; NULL and the empty string are both "".
pub struct Csv {
    header: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Csv {
    /// Parses text that starts with a header.
    pub fn parse(text: &str) -> Self {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        Self { header, rows: reader.records().map(Result::unwrap).collect() }
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|record| Row { header: &self.header, record })
    }

    /// The names of the columns, in order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.header.iter().map(String::as_str)
    }

    /// Whether there is such a column: some majors lack some.
    pub fn has(&self, column: &str) -> bool {
        self.header.iter().any(|name| name == column)
    }
}

/// One row of a [`Csv`].
#[derive(Clone, Copy)]
pub struct Row<'a> {
    header: &'a [String],
    record: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    /// A field by its column's name; fails if there is no such column.
    pub fn get(&self, column: &str) -> &'a str {
        let at = self.header.iter().position(|name| name == column);
        &self.record[at.unwrap_or_else(|| panic!("no column {column} in {:?}", self.header))]
    }

    /// A field as a number, `None` if it is empty.
    pub fn number<T: std::str::FromStr>(&self, column: &str) -> Option<T>
    where
        T::Err: std::fmt::Debug,
    {
        Some(self.get(column)).filter(|text| !text.is_empty()).map(|text| text.parse().unwrap())
    }
}

/// Fails if the file, a path in the repository, does not hold `expected`; `PGDISSECT_BLESS=1` writes it instead.
pub fn bless(path: &str, expected: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("PGDISSECT_BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, expected).unwrap();
    }
    let held = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert!(held == expected, "{path} is not current: {}", difference(&held, expected));
}

/// The first line in which two texts differ.
pub fn difference(held: &str, expected: &str) -> String {
    let (mut a, mut b) = (held.lines(), expected.lines());
    for number in 1.. {
        match (a.next(), b.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            (a, b) => return format!("line {number}\n  held:     {a:?}\n  expected: {b:?}"),
        }
    }
    "only in its line ends".into()
}

/// What a command did.
pub struct Ran {
    /// What it printed.
    pub stdout: String,
    /// What it said on standard error.
    pub stderr: String,
    /// Its exit status.
    pub exit: i32,
}

/// Runs a shell command at the top of the repository; `pgdissect` is the one just built, and nothing
/// in the environment changes its answer.
pub fn run(command: &str) -> Ran {
    let binary = Path::new(env!("CARGO_BIN_EXE_pgdissect"));
    let path = std::env::var("PATH").unwrap();
    let output = std::process::Command::new("sh")
        .args(["-c", command])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("PATH", format!("{}:{path}", binary.parent().unwrap().display()))
        .env("TZ", "UTC")
        .env_remove("PGDATA")
        .env_remove("COLUMNS")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    Ran {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        exit: output.status.code().unwrap_or(-1),
    }
}
