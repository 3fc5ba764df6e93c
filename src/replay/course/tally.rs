//! Records of a part of the course, counted.
use super::notes::Ended;
use crate::types::{Lsn, TimestampTz};

/// Ends of transactions that are kept at either end of a part.
const NEAR: usize = 3;

/// What a part of WAL has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records.
    pub records: u64,
    /// Transactions committed.
    pub commits: u64,
    /// Transactions rolled back.
    pub aborts: u64,
    /// When the first transaction ended.
    pub since: Option<TimestampTz>,
    /// When the last one did.
    pub until: Option<TimestampTz>,
    /// The first record.
    pub start: Option<Lsn>,
    /// Behind the last.
    pub end: Option<Lsn>,
    /// The first transactions that ended, a few.
    pub first: Vec<Ended>,
    /// The last ones, in order.
    pub last: Vec<Ended>,
    /// The last commit.
    pub last_commit: Option<Ended>,
}

impl Tally {
    /// Counts the end of a transaction.
    pub(super) fn ended(&mut self, ended: Ended) {
        if ended.commit {
            self.commits += 1;
            self.last_commit = Some(ended);
        } else {
            self.aborts += 1;
        }
        self.since.get_or_insert(ended.time);
        self.until = Some(ended.time);
        if self.first.len() < NEAR {
            self.first.push(ended);
        }
        if self.last.len() == NEAR {
            self.last.remove(0);
        }
        self.last.push(ended);
    }
}
