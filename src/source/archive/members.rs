//! The table of an archive's members: by directory, sorted, small.
use std::collections::HashMap;
use std::ops::Range;

/// Bytes that the table may take. Five million files fit; an archive made to exhaust memory stops here.
const ROOM: usize = 512 << 20;
/// Bytes that a member takes beside its name, roughly.
const PER_MEMBER: usize = 64;

/// What a member is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A file, and where its content lies in the archive.
    File(Range<u64>),
    Directory,
    /// A symbolic link, which is not followed.
    Link,
    /// A device or FIFO.
    Other,
}

/// Members by the directory that they are in.
#[derive(Debug, Default)]
pub(super) struct Members {
    dirs: HashMap<Box<str>, Vec<(Box<str>, What)>>,
    taken: usize,
}

impl Members {
    /// Adds a member, and the directories above it. Of two with one name, the later one counts.
    pub(super) fn add(&mut self, path: &str, what: What) {
        if path.is_empty() {
            return;
        }
        if what == What::Directory && self.dirs.contains_key(path) {
            return;
        }
        let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
        if !self.dirs.contains_key(dir) {
            self.add(dir, What::Directory);
            self.make(dir);
        }
        if what == What::Directory {
            self.make(path);
        }
        self.taken = self.taken.saturating_add(name.len()).saturating_add(PER_MEMBER);
        if let Some(names) = self.dirs.get_mut(dir) {
            names.push((name.into(), what));
        }
    }

    fn make(&mut self, dir: &str) {
        self.taken = self.taken.saturating_add(dir.len()).saturating_add(PER_MEMBER);
        self.dirs.entry(dir.into()).or_default();
    }

    /// Whether no more members fit, with `refused` ones kept elsewhere.
    pub(super) fn is_full(&self, refused: usize) -> bool {
        self.taken.saturating_add(refused.saturating_mul(PER_MEMBER)) > ROOM
    }

    /// Sorts each directory by name, after the last member was added.
    pub(super) fn sort(&mut self) {
        for names in self.dirs.values_mut() {
            // Stable, then from the back: of equal names, the one that was added last is kept.
            names.sort_by(|a, b| a.0.cmp(&b.0));
            names.reverse();
            names.dedup_by(|later, kept| later.0 == kept.0);
            names.reverse();
            names.shrink_to_fit();
        }
    }

    /// The member with this path; the empty path is a directory.
    pub(super) fn get(&self, path: &str) -> Option<&What> {
        if path.is_empty() {
            return Some(&What::Directory);
        }
        let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
        let names = self.dirs.get(dir)?;
        let at = names.binary_search_by(|(other, _)| (**other).cmp(name)).ok()?;
        names.get(at).map(|(_, what)| what)
    }

    /// What is in a directory, sorted by name; `None` if it is none.
    pub(super) fn list(&self, dir: &str) -> Option<&[(Box<str>, What)]> {
        self.dirs.get(dir).map(Vec::as_slice)
    }

    /// Every directory, in no order.
    pub(super) fn dirs(&self) -> impl Iterator<Item = &str> {
        self.dirs.keys().map(AsRef::as_ref)
    }
}
