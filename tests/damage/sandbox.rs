//! A copy of a cluster that may be damaged: hard links to the unpacked fixture, of which only
//! what is damaged is replaced by files of its own.
use crate::common::Case;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// A copy of a cluster.
pub(crate) struct Sandbox {
    case: Case,
    dir: tempfile::TempDir,
    /// What was damaged, relative to the data directory.
    damaged: Vec<String>,
}

impl Sandbox {
    pub(crate) fn new(case: Case) -> Self {
        // Beside the unpacked fixture: hard links do not lead to other file systems.
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        mirror(&case.pgdata, dir.path());
        if let Some(tablespace) = &case.tablespace {
            for entry in fs::read_dir(dir.path().join("pg_tblspc")).unwrap() {
                let link = entry.unwrap().path();
                if link.is_symlink() {
                    fs::remove_file(&link).unwrap();
                    symlink(tablespace, &link).unwrap();
                }
            }
        }
        Self { case, dir, damaged: Vec::new() }
    }

    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    /// A command line with PGDATA in it, and more arguments.
    pub(crate) fn command(&self, line: &str, more: &[&str]) -> Vec<String> {
        let root = self.root().to_str().unwrap();
        let word = |word: &str| self.resolve(word).replace("PGDATA", root);
        line.split_whitespace().map(word).chain(more.iter().map(ToString::to_string)).collect()
    }

    /// Puts real paths for `{database.schema.relation}` and oids for `{database}`.
    pub(crate) fn resolve(&self, text: &str) -> String {
        let Some((before, rest)) = text.split_once('{') else { return text.to_owned() };
        let (name, after) = rest.split_once('}').expect("a closing brace");
        let parts: Vec<_> = name.split('.').collect();
        let found = match parts[..] {
            [database] => {
                let databases = self.case.csv("pg_database.csv");
                let row = databases.rows().find(|row| row.get("datname") == database);
                row.unwrap_or_else(|| panic!("no database {database}")).get("oid").to_owned()
            }
            [database, schema, relation] => {
                let relations = self.case.csv(&format!("{database}/relations.csv"));
                let mut rows = relations.rows();
                let row = rows.find(|r| r.get("nspname") == schema && r.get("relname") == relation);
                row.unwrap_or_else(|| panic!("no {name}")).get("filepath").to_owned()
            }
            _ => panic!("{{{name}}} is neither a database nor a relation"),
        };
        self.resolve(&format!("{before}{found}{after}"))
    }

    /// Every file that has bytes, relative to the data directory, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        collect(&self.case.pgdata, &self.case.pgdata, &mut files);
        files.sort();
        files
    }

    /// Replaces a file's bytes, never those of the fixture that it is linked to.
    pub(crate) fn change(&mut self, path: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = fs::read(self.root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
        let before = bytes.clone();
        change(&mut bytes);
        assert!(bytes != before, "{path}: that changes nothing");
        self.create(path, &bytes);
    }

    pub(crate) fn create(&mut self, path: &str, bytes: &[u8]) {
        let full = self.clear(path);
        fs::write(full, bytes).unwrap();
    }

    pub(crate) fn delete(&mut self, path: &str) {
        let full = self.root().join(path);
        assert!(full.exists(), "{path} is not there to be deleted");
        self.clear(path);
    }

    pub(crate) fn make_directory(&mut self, path: &str) {
        let full = self.clear(path);
        fs::create_dir(full).unwrap();
    }

    pub(crate) fn make_link(&mut self, path: &str, target: &str) {
        let full = self.clear(path);
        symlink(target, full).unwrap();
    }

    pub(crate) fn make_fifo(&mut self, path: &str) {
        let full = self.clear(path);
        assert!(std::process::Command::new("mkfifo").arg(full).status().unwrap().success());
    }

    /// Removes what is at a path, and remembers it.
    fn clear(&mut self, path: &str) -> PathBuf {
        let full = self.root().join(path);
        if full.is_dir() && !full.is_symlink() {
            fs::remove_dir_all(&full).unwrap();
        } else if full.symlink_metadata().is_ok() {
            fs::remove_file(&full).unwrap();
        }
        self.damaged.push(path.to_owned());
        full
    }

    /// Undoes all damage to files of the fixture.
    pub(crate) fn restore(&mut self) {
        for path in std::mem::take(&mut self.damaged) {
            let full = self.clear(&path);
            fs::hard_link(self.case.pgdata.join(&path), full).unwrap();
        }
        self.damaged.clear();
    }
}

/// The same tree, its files linked.
fn mirror(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            fs::create_dir(&copy).unwrap();
            mirror(&path, &copy);
        } else if kind.is_symlink() {
            symlink(fs::read_link(&path).unwrap(), &copy).unwrap();
        } else {
            fs::hard_link(&path, &copy).unwrap();
        }
    }
}

fn collect(dir: &Path, root: &Path, into: &mut Vec<String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let metadata = entry.path().symlink_metadata().unwrap();
        if metadata.is_dir() {
            collect(&entry.path(), root, into);
        } else if metadata.is_file() && metadata.len() > 0 {
            let path = entry.path();
            into.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
}
