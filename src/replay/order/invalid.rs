//! References to pages that are not there: a later drop or truncation has to explain them
//! (`log_invalid_page`, access/transam/xlogutils.c).
use crate::types::{BlockNumber, Fork, Lsn, Oid, RelFileLocator, RelFileNumber};
use std::collections::BTreeMap;

/// A page that a record changes, and that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidPage {
    /// The relation.
    pub locator: RelFileLocator,
    /// The fork.
    pub fork: Fork,
    /// The block.
    pub block: BlockNumber,
    /// Whether there is a page, which is not initialised.
    pub present: bool,
    /// The first record that names it.
    pub lsn: Lsn,
}

/// By database, so that dropping one is one range.
type Key = (Oid, RelFileLocator, Fork, u32);

/// Those that nothing has explained so far.
#[derive(Debug, Clone, Default)]
pub struct Invalid {
    open: BTreeMap<Key, (bool, Lsn)>,
    /// How many were explained.
    pub explained: u64,
}

impl Invalid {
    /// Notes one, if it is not known.
    pub(super) fn add(&mut self, page: InvalidPage) {
        let key = (page.locator.database, page.locator, page.fork, page.block.0);
        self.open.entry(key).or_insert((page.present, page.lsn));
    }

    /// Those that nothing has explained.
    pub fn open(&self) -> impl ExactSizeIterator<Item = InvalidPage> {
        self.open.iter().map(|(&(_, locator, fork, block), &(present, lsn))| InvalidPage {
            locator,
            fork,
            block: BlockNumber(block),
            present,
            lsn,
        })
    }

    /// The blocks of a fork from `least` on are gone.
    pub(super) fn forget(&mut self, locator: RelFileLocator, fork: Fork, least: u32) {
        let key = |block| (locator.database, locator, fork, block);
        self.forget_range(key(least), key(u32::MAX));
    }

    /// A database is gone (`forget_invalid_pages_db`).
    pub(super) fn forget_database(&mut self, database: Oid) {
        let (most, number) = (Oid(u32::MAX), RelFileNumber(u32::MAX));
        let last = RelFileLocator { tablespace: most, database: most, number };
        let from = (database, RelFileLocator::default(), Fork::Main, 0);
        self.forget_range(from, (database, last, Fork::Init, u32::MAX));
    }

    fn forget_range(&mut self, from: Key, to: Key) {
        // Nearly always there is none.
        while let Some((&key, _)) = self.open.range(from..=to).next() {
            self.open.remove(&key);
            self.explained += 1;
        }
    }
}

impl InvalidPage {
    /// What the server says of it (`report_invalid_page`), `path` being that of the fork.
    pub fn message(&self, path: &str) -> String {
        let what = if self.present { "is uninitialized" } else { "does not exist" };
        format!("page {} of relation {path} {what}", self.block)
    }
}
