//! Every path of names in a file: `a::b::c`, and what `use a::{b, c::d}` stands for.
use crate::tokens::{Token, is};

/// A path and the line that it begins on.
pub(crate) type Path = (Vec<String>, usize);

/// All paths, each as long as it is written. A name by itself is a path too.
pub(crate) fn of(tokens: &[Token]) -> Vec<Path> {
    let mut paths = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let before = at;
        tree(tokens, &mut at, &mut Vec::new(), &mut paths);
        at = at.max(before + 1);
    }
    paths
}

fn is_name(token: &Token) -> bool {
    token.text.starts_with(|c: char| c == '_' || c.is_alphabetic()) || token.text == "*"
}

/// Reads one path from `at` on; where a brace follows `::`, the paths that it stands for.
fn tree(tokens: &[Token], at: &mut usize, names: &mut Vec<String>, paths: &mut Vec<Path>) {
    let depth = names.len();
    let line = tokens[*at].line;
    while let Some(token) = tokens.get(*at).filter(|token| is_name(token)) {
        names.push(token.text.clone());
        *at += 1;
        if !is(tokens, *at, "::") {
            break;
        }
        *at += 1;
        if is(tokens, *at, "{") {
            *at += 1;
            while *at < tokens.len() && !is(tokens, *at, "}") {
                let before = *at;
                tree(tokens, at, names, paths);
                *at = (*at).max(before + 1);
                // A comma, or `as` and the name that follows it.
                while *at < tokens.len() && !is(tokens, *at, ",") && !is(tokens, *at, "}") {
                    *at += 1;
                }
                *at += usize::from(is(tokens, *at, ","));
            }
            *at += 1;
            names.truncate(depth);
            return;
        }
    }
    if names.len() > depth {
        paths.push((names.clone(), line));
    }
    names.truncate(depth);
}
