//! Rust source as tokens, without comments, literals and test modules. Just enough for the checks.

/// An identifier, `::`, or one character of anything else, and its line from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// The tokens of a file that are not in test modules.
pub(crate) fn of(text: &str) -> Vec<Token> {
    without_tests(&all(text))
}

fn all(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut line, mut tokens) = (0, 1, Vec::new());
    while at < chars.len() {
        let end = match chars[at..] {
            ['/', '/', ..] => find(&chars, at, |rest| rest[0] == '\n'),
            ['/', '*', ..] => block_comment(&chars, at),
            ['"', ..] => string(&chars, at),
            ['r', '"', ..] => raw_string(&chars, at + 1),
            ['r', '#', ..] if is_raw(&chars[at + 1..]) => raw_string(&chars, at + 1),
            ['b', 'r', '"' | '#', ..] if is_raw(&chars[at + 2..]) => raw_string(&chars, at + 2),
            ['b', '"', ..] => string(&chars, at + 1),
            ['\'', '\\', ..] => find(&chars, at + 3, |rest| rest[0] == '\'') + 1,
            ['\'', _, '\'', ..] => at + 3,
            [c, ..] if c.is_whitespace() => at + 1,
            [c, ..] => {
                let end = if c == '_' || c.is_alphanumeric() {
                    find(&chars, at, |rest| rest[0] != '_' && !rest[0].is_alphanumeric())
                } else if chars[at..].starts_with(&[':', ':']) {
                    at + 2
                } else {
                    at + 1
                };
                tokens.push(Token { text: chars[at..end].iter().collect(), line });
                end
            }
            [] => break,
        };
        let end = end.min(chars.len());
        line += chars[at..end].iter().filter(|&&c| c == '\n').count();
        at = end;
    }
    tokens
}

fn find(chars: &[char], from: usize, is_it: impl Fn(&[char]) -> bool) -> usize {
    (from..chars.len()).find(|&at| is_it(&chars[at..])).unwrap_or(chars.len())
}

fn block_comment(chars: &[char], from: usize) -> usize {
    let (mut depth, mut at) = (0, from);
    while at < chars.len() {
        match chars[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn string(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn is_raw(chars: &[char]) -> bool {
    chars.iter().find(|&&c| c != '#') == Some(&'"')
}

fn raw_string(chars: &[char], from: usize) -> usize {
    let hashes = chars[from..].iter().take_while(|&&c| c == '#').count();
    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    find(chars, from + hashes + 1, |rest| rest.starts_with(&end)) + end.len()
}

const MARKER: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];

fn is_marker(tokens: &[Token], at: usize) -> bool {
    MARKER.iter().enumerate().all(|(n, text)| is(tokens, at + n, text))
}

/// Leaves out each item after `#[cfg(test)]`, up to its closing brace or semicolon.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        if is_marker(tokens, at) {
            at = end_of_item(tokens, at + MARKER.len());
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// The modules that are declared for tests, and are in files of their own.
pub(crate) fn test_modules(text: &str) -> Vec<String> {
    let tokens = all(text);
    let after = (0..tokens.len()).filter(|&at| is_marker(&tokens, at));
    let after = after.map(|at| at + MARKER.len());
    let declared = after.filter(|&at| is(&tokens, at, "mod") && is(&tokens, at + 2, ";"));
    declared.map(|at| tokens[at + 1].text.clone()).collect()
}

pub(crate) fn is(tokens: &[Token], at: usize, text: &str) -> bool {
    tokens.get(at).is_some_and(|token| token.text == text)
}

fn end_of_item(tokens: &[Token], from: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" if depth <= 1 => return at + 1,
            "}" => depth -= 1,
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}
