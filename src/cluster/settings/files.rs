//! The configuration files and what they include (utils/misc/guc-file.l).
use super::Setting;
use crate::finding::{Finding, Findings, Place, Severity, rules};
use crate::format::conf::{self, Item};
use crate::source::{EntryKind, Kind, Options, Quiet, ReadError, Source};
use std::collections::BTreeMap;
use std::path::Path;

/// `CONF_FILE_MAX_DEPTH` (utils/conffiles.h).
const DEEPEST: u32 = 10;
/// A configuration file with more bytes is none.
const LONGEST: u64 = 4 << 20;
/// Files that one configuration may have: directories can include directories.
const MOST: u32 = 1000;

/// Reads both configuration files, the one that ALTER SYSTEM writes last.
pub(super) fn read(source: &Source, findings: &mut Findings) -> BTreeMap<String, Setting> {
    if source.kind() == Kind::File {
        return BTreeMap::new();
    }
    let (settings, left) = (BTreeMap::new(), MOST);
    let mut reader = Reader { source, settings, findings, left };
    for (name, absent) in [
        (
            "postgresql.conf",
            "it is not in the data directory, where not every distribution keeps it: defaults were assumed",
        ),
        ("postgresql.auto.conf", "no such file: what ALTER SYSTEM set is unknown"),
    ] {
        match source.read(name, LONGEST) {
            Ok(bytes) => reader.file(name, &bytes, DEEPEST),
            Err(error) => {
                let evidence =
                    if error.is_absent() { absent.into() } else { error.kind.to_string() };
                let finding = finding(name, evidence);
                let severity = if error.is_absent() { Severity::Notice } else { finding.severity };
                reader.findings.push(Finding { severity, ..finding });
            }
        }
    }
    reader.settings
}

struct Reader<'a> {
    source: &'a Source,
    settings: BTreeMap<String, Setting>,
    findings: &'a mut Findings,
    /// Files that may still be read.
    left: u32,
}

impl Reader<'_> {
    fn wrong(&mut self, file: &str, evidence: String) {
        self.findings.push(finding(file, evidence));
    }

    fn file(&mut self, name: &str, bytes: &[u8], depth: u32) {
        for line in conf::parse(bytes) {
            let number = line.line;
            match line.item {
                Item::Set { name: setting, value } => {
                    let (key, file) = (setting.to_ascii_lowercase(), name.to_owned());
                    self.settings.insert(key, Setting { value, file, line: number });
                }
                Item::Include(file) => self.include(name, number, &file, depth, true),
                Item::IncludeIfExists(file) => self.include(name, number, &file, depth, false),
                Item::IncludeDir(dir) => self.include_dir(name, number, &dir, depth),
                Item::Wrong { near } => {
                    let near =
                        near.map_or("end of line".into(), |token| format!("token {token:?}"));
                    self.wrong(name, format!("line {number}: syntax error near {near}"));
                }
            }
        }
    }

    /// `ParseConfigFile`: relative to the including file's directory.
    fn include(&mut self, from: &str, line: u32, file: &str, depth: u32, must: bool) {
        let path = beside(from, file);
        let Some(deeper) = depth.checked_sub(1) else {
            let evidence =
                format!("line {line}: {file} would be included more than {DEEPEST} deep");
            return self.wrong(from, evidence);
        };
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return self.wrong(from, format!("line {line}: more than {MOST} files are included"));
        }
        match self.read(&path) {
            Ok(bytes) => self.file(&path, &bytes, deeper),
            Err(error) if error.is_absent() && !must => {}
            Err(error) => {
                self.wrong(from, format!("line {line}: include of {path}: {}", error.kind));
            }
        }
    }

    /// `GetConfFilesInDir`: files that end in `.conf` and do not begin with a dot.
    fn include_dir(&mut self, from: &str, line: u32, dir: &str, depth: u32) {
        let path = beside(from, dir);
        let entries = match self.source.list(&path) {
            Ok(entries) => entries,
            Err(error) => {
                let evidence = format!("line {line}: include_dir of {path}: {}", error.kind);
                return self.wrong(from, evidence);
            }
        };
        for entry in entries {
            let plain = !entry.name.starts_with('.') && entry.name.as_bytes().ends_with(b".conf");
            if plain && entry.kind == EntryKind::File {
                self.include(from, line, &format!("{dir}/{}", entry.name), depth, true);
            }
        }
    }

    /// Files outside the data directory are there only if the input is the directory itself, on
    /// the machine of its server.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if !path.starts_with('/') || self.source.kind() != Kind::DataDirectory {
            return self.source.read(path, LONGEST);
        }
        let outside = Source::open(Path::new(path), &Options::default(), &Quiet)?;
        outside.read(outside.single_file().unwrap_or_default(), LONGEST)
    }
}

fn finding(file: &str, evidence: String) -> Finding {
    Finding::new(&rules::CLUSTER_SETTINGS_UNREADABLE, Place::file(file), evidence)
}

/// The path of `file`, named in the file `from`; `.` and `..` are followed as far as they stay in
/// the data directory (beyond, the source refuses them).
fn beside(from: &str, file: &str) -> String {
    if file.starts_with('/') {
        return file.to_owned();
    }
    let absolute = from.starts_with('/');
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if absolute { format!("/{joined}") } else { joined }
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn includes_are_relative_to_the_including_file() {
        assert_eq!(beside("postgresql.conf", "a.conf"), "a.conf");
        assert_eq!(beside("conf.d/a.conf", "./b.conf"), "conf.d/b.conf");
        assert_eq!(beside("conf.d/a.conf", "../b.conf"), "b.conf");
        assert_eq!(beside("a.conf", "../../etc/passwd"), "../../etc/passwd");
        assert_eq!(beside("/etc/pg/a.conf", "b.conf"), "/etc/pg/b.conf");
        assert_eq!(beside("a.conf", "/etc/b.conf"), "/etc/b.conf");
    }
}
