//! A recipe: one healthy fixture, what is done to it, the command, and what that must find.
//! fixtures/damage/README.md says how one is written.
use crate::sandbox::Sandbox;
use std::ops::Range;
use std::path::Path;

/// A recipe as written.
#[derive(Debug, Default)]
pub(crate) struct Recipe {
    pub(crate) fixture: String,
    damage: Vec<Vec<String>>,
    pub(crate) command: String,
    pub(crate) finds: Vec<Finds>,
    /// Whether other findings may come with those that are named.
    pub(crate) more: bool,
    pub(crate) exit: i32,
}

/// A finding that must be there.
#[derive(Debug)]
pub(crate) struct Finds {
    pub(crate) id: String,
    pub(crate) file: Option<String>,
    pub(crate) block: Option<u64>,
}

impl Recipe {
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let mut recipe = Self { exit: 1, ..Self::default() };
        assert!(text.starts_with("# "), "{}: say first what is broken", path.display());
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            match words[0].as_str() {
                "fixture" => recipe.fixture.clone_from(&words[1]),
                "run" => recipe.command = words[1..].join(" "),
                "exit" => recipe.exit = words[1].parse().unwrap(),
                "finds" => recipe.finds.push(Finds {
                    id: words[1].clone(),
                    file: words.get(2).cloned(),
                    block: words.get(3).map(|block| block.parse().unwrap()),
                }),
                "more" => recipe.more = true,
                _ => recipe.damage.push(words),
            }
        }
        assert!(!recipe.fixture.is_empty() && !recipe.command.is_empty(), "{}", path.display());
        recipe
    }

    /// Damages the sandbox as written.
    pub(crate) fn apply(&self, sandbox: &mut Sandbox) {
        for words in &self.damage {
            let words: Vec<_> = words.iter().map(String::as_str).collect();
            let path = sandbox.resolve(words[1]);
            match (words[0], &words[2..]) {
                ("delete", []) => sandbox.delete(&path),
                ("directory", []) => sandbox.make_directory(&path),
                ("fifo", []) => sandbox.make_fifo(&path),
                ("link", [target]) => sandbox.make_link(&path, target),
                ("create", [len]) => sandbox.create(&path, &vec![0; number(len)]),
                (how, rest) => {
                    let change = change(how, rest);
                    sandbox.change(&path, |bytes| change(bytes));
                }
            }
        }
    }
}

type Change = Box<dyn Fn(&mut Vec<u8>)>;

/// What is done to the bytes of one file.
fn change(how: &str, rest: &[&str]) -> Change {
    match (how, rest) {
        ("truncate", [len]) => {
            let len = number(len);
            Box::new(move |bytes| bytes.truncate(len))
        }
        ("flip", [at, mask]) => {
            let (at, mask) = (number(at), u8::try_from(number(mask)).unwrap());
            Box::new(move |bytes| bytes[at] ^= mask)
        }
        ("zero", [part]) => {
            let part = range(part);
            Box::new(move |bytes| bytes[part.clone()].fill(0))
        }
        ("random", [part]) => {
            let part = range(part);
            Box::new(move |bytes| {
                let mut random = crate::random::Random::new(part.start as u64);
                bytes[part.clone()].fill_with(|| random.next().to_le_bytes()[0]);
            })
        }
        // The first half of the page at one place and the second half of that at the other.
        ("tear", [to, from]) => {
            let (to, from) = (number(to), number(from));
            Box::new(move |bytes| bytes.copy_within(from + 4096..from + 8192, to + 4096))
        }
        ("swap", [a, b]) => {
            let (a, b) = (number(a), number(b));
            Box::new(move |bytes| {
                let (first, second) = bytes.split_at_mut(b);
                first[a..a + 8192].swap_with_slice(&mut second[..8192]);
            })
        }
        ("write", [at, digits]) => {
            let (at, written) = (number(at), hex::decode(digits).unwrap());
            Box::new(move |bytes| bytes[at..at + written.len()].copy_from_slice(&written))
        }
        _ => panic!("{how} {rest:?} is not known"),
    }
}

fn number(text: &str) -> usize {
    match text.strip_prefix("0x") {
        Some(digits) => usize::from_str_radix(digits, 16),
        None => text.parse(),
    }
    .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn range(text: &str) -> Range<usize> {
    let (start, end) = text.split_once("..").unwrap_or_else(|| panic!("{text} is no range"));
    number(start)..number(end)
}
