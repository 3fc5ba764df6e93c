//! The house rules that no lint holds: who imports whom, who touches what, how long files get.
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A module imports only from names to its left.
const LAYERS: [&str; 10] = [
    "types", "layout", "format", "source", "finding", "report", "cluster", "analysis", "render",
    "cli",
];
/// What only some layers may touch.
const KEPT: [(&str, &[&str]); 5] = [
    ("std::fs", &["source", "cli"]),
    ("rayon", &["analysis"]),
    ("print!", &["cli"]),
    ("println!", &["cli"]),
    ("PgVersion::V", &["layout"]),
];
/// Lines of a source file at most, its tests not counted.
const LONGEST: usize = 500;

/// A source file without comments and tests.
struct File {
    path: String,
    layer: usize,
    lines: Vec<String>,
    length: usize,
}

#[test]
fn modules_import_from_their_left_only() {
    let mut wrong = Vec::new();
    for file in files() {
        for line in &file.lines {
            // One line for each layer, so that this test can read them.
            assert!(!line.contains("crate::{"), "{}: {}", file.path, line.trim());
            for name in after(line, "crate::") {
                let layer = LAYERS.iter().position(|layer| *layer == name);
                if layer.is_some_and(|layer| layer > file.layer) {
                    wrong.push(format!("{}: {}", file.path, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports to the right:\n{}", wrong.join("\n"));
}

/// An exception is contrary to the design: source and format know nothing of findings.
#[test]
fn what_reads_bytes_does_not_judge_them() {
    for file in files().iter().filter(|file| file.layer < 4) {
        let judges = file.lines.iter().any(|line| after(line, "crate::").contains(&"finding"));
        assert!(!judges, "{} knows findings", file.path);
    }
}

#[test]
fn files_threads_printing_and_versions_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for file in files() {
        for (what, layers) in KEPT {
            let lines = file.lines.iter().filter(|line| line.contains(what));
            let lines = lines.filter(|_| !layers.contains(&LAYERS[file.layer]));
            wrong.extend(lines.map(|line| format!("{}: {}", file.path, line.trim())));
        }
    }
    assert!(wrong.is_empty(), "out of place:\n{}", wrong.join("\n"));
}

#[test]
fn no_source_file_is_long() {
    for file in files() {
        assert!(file.length <= LONGEST, "{} has {} lines", file.path, file.length);
    }
}

/// The names that follow `prefix` in a line.
fn after<'a>(line: &'a str, prefix: &str) -> Vec<&'a str> {
    let name = |rest: &'a str| {
        let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    };
    line.split(prefix).skip(1).map(name).collect()
}

fn files() -> Vec<File> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&src, &mut paths);
    let texts: Vec<_> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let only_tests: BTreeSet<_> =
        paths.iter().zip(&texts).flat_map(|(path, text)| test_modules(path, text)).collect();
    let mut files = Vec::new();
    for (path, text) in paths.iter().zip(&texts) {
        let below = path.strip_prefix(&src).unwrap();
        let first = below.components().next().unwrap().as_os_str().to_str().unwrap();
        let layer =
            LAYERS.iter().position(|layer| first == *layer || *first == format!("{layer}.rs"));
        let Some(layer) = layer.filter(|_| !only_tests.contains(path)) else { continue };
        let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
        let code = text.lines().map(|line| line.split("//").next().unwrap().to_owned());
        let (lines, length) = (code.collect(), text.lines().count());
        files.push(File { path: below.display().to_string(), layer, lines, length });
    }
    assert!(files.len() > 30, "only {} files", files.len());
    files
}

fn collect(dir: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else {
            paths.push(path);
        }
    }
    paths.sort();
}

/// The files of the modules that `path` declares for tests only.
fn test_modules(path: &Path, text: &str) -> Vec<PathBuf> {
    let dir = match path.file_stem().unwrap().to_str().unwrap() {
        "mod" | "lib" => path.parent().unwrap().to_owned(),
        stem => path.parent().unwrap().join(stem),
    };
    let declared = text.split("#[cfg(test)]\nmod ").skip(1);
    let declared = declared.filter_map(|rest| rest.split_once(';').map(|(name, _)| name));
    declared.map(|name| dir.join(format!("{name}.rs"))).collect()
}
