//! The rules, over one file.
use crate::paths;
use crate::tokens::{self, Token, is};

/// A layer may import from those before it.
const LAYERS: [&str; 12] = [
    "types", "layout", "format", "source", "finding", "report", "cluster", "wal", "replay",
    "analysis", "render", "cli",
];
const MOST_LINES: usize = 500;
/// The module that uses an instruction that not every processor has.
const INSTRUCTIONS: [&str; 3] = ["format", "wal", "crc"];

/// What is wrong with the file `name`, a path below src/, that holds `text`.
pub(crate) fn file(name: &str, text: &str) -> Vec<String> {
    let mut offences = Vec::new();
    let lines = text.lines().count();
    if lines > MOST_LINES {
        offences.push(format!("{name}: {lines} lines, more than {MOST_LINES}"));
    }
    if matches!(name, "lib.rs" | "main.rs") {
        return offences;
    }
    let module = module_of(name);
    let Some(rank) = rank(&module[0]) else {
        offences.push(format!("{name}: {} is no layer", module[0]));
        return offences;
    };
    let tokens = tokens::of(text);
    for (path, line) in paths::of(&tokens) {
        offences.extend(judge(&module, rank, &path).map(|what| format!("{name}:{line}: {what}")));
    }
    offences.extend(words(&module, &tokens).map(|(line, what)| format!("{name}:{line}: {what}")));
    offences
}

/// The files of the modules that `name` has for its tests only.
pub(crate) fn test_modules(name: &str, text: &str) -> Vec<String> {
    let stem = name.strip_suffix(".rs").unwrap();
    let dir = stem.strip_suffix("/mod").unwrap_or(stem);
    let modules = tokens::test_modules(text).into_iter();
    modules.flat_map(|module| ["", "/mod"].map(|end| format!("{dir}/{module}{end}.rs"))).collect()
}

fn rank(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|known| *known == layer)
}

/// `source/relation/mod.rs` is the module `source::relation`.
fn module_of(name: &str) -> Vec<String> {
    let stem = name.strip_suffix(".rs").unwrap();
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    stem.split('/').map(str::to_owned).collect()
}

fn judge(module: &[String], rank_of_module: usize, path: &[String]) -> Option<String> {
    let layer = module[0].as_str();
    if let Some(other) = layer_of(module, path) {
        return match rank(other) {
            None => Some(format!("{other} is no layer")),
            Some(rank) if rank > rank_of_module => {
                Some(format!("{layer} imports from {other}, which is to its right"))
            }
            Some(_) => version(layer, path),
        };
    }
    let files = path[0] == "std" && path.iter().any(|part| part == "fs");
    if files && !["source", "cli"].contains(&layer) {
        return Some("only source and cli may open files".into());
    }
    if path[0] == "rayon" && !["analysis", "replay", "wal"].contains(&layer) {
        return Some("only wal, replay and analysis may use rayon".into());
    }
    version(layer, path)
}

/// The layer that a path leads to from the root of the crate; `None` if it does not begin there.
fn layer_of<'p>(module: &[String], path: &'p [String]) -> Option<&'p str> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    let at = if path[0] == "crate" { 1 } else { ups };
    if path[0] != "crate" && ups < module.len() {
        return None;
    }
    path.get(at).map(String::as_str)
}

fn version(layer: &str, path: &[String]) -> Option<String> {
    let after = path.iter().skip_while(|part| *part != "PgVersion").nth(1)?;
    let named =
        after == "*" || after.strip_prefix('V').is_some_and(|rest| rest.parse::<u16>().is_ok());
    (named && layer != "layout").then(|| "only layout may name a PostgreSQL version".into())
}

fn words<'t>(
    module: &'t [String],
    tokens: &'t [Token],
) -> impl Iterator<Item = (usize, &'static str)> + 't {
    let layer = module[0].as_str();
    let may_be_unsafe = layer == "source" || module == INSTRUCTIONS;
    tokens.iter().enumerate().filter_map(move |(at, token)| {
        let what = match token.text.as_str() {
            "print" | "println" | "eprint" | "eprintln" | "dbg" if is(tokens, at + 1, "!") => {
                (layer != "cli").then_some("only cli may print")
            }
            "unsafe" => {
                (!may_be_unsafe).then_some("only source and format::wal::crc may be unsafe")
            }
            _ => None,
        };
        what.map(|what| (token.line, what))
    })
}
