//! How many transactions ended in parts of WAL, counted in one pass.
use super::{plural, seconds};
use crate::analysis::wal::pass::pass;
use crate::format::wal::rmgr::Resource as _;
use crate::format::wal::rmgr::xact::Xact;
use crate::format::wal::{Located, Record};
use crate::types::{Lsn, TimestampTz};
use crate::wal::{Log, Range};

/// `RM_XACT_ID`.
const RM_XACT: u8 = 1;

/// Commits in a part of WAL.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Commits {
    pub(super) count: u64,
    /// When the first committed.
    pub(super) since: Option<TimestampTz>,
    /// When the last did.
    pub(super) until: Option<TimestampTz>,
}

/// The commits from each of `from` on to the end of WAL.
pub(super) fn since(log: &Log, from: &[Lsn], jobs: usize) -> Vec<Commits> {
    let mut all = vec![Commits::default(); from.len()];
    let Some(first) = from.iter().copied().min() else { return all };
    let range = Range { from: first, until: Lsn(u64::MAX) };
    let look = |noted: &mut Vec<(Lsn, TimestampTz)>, located: &Located<'_>, record: &Record<'_>| {
        if record.header.xl_rmid != RM_XACT {
            return;
        }
        if let Ok(Xact::Commit(ending)) = Xact::parse(record, &log.dialect) {
            noted.push((located.lsn, ending.xact_time));
        }
    };
    pass(log, range, jobs, look, |commits| {
        for (lsn, time) in commits {
            let counted = all.iter_mut().zip(from).filter(|(_, from)| **from <= lsn);
            counted.for_each(|(of, _)| of.add(time));
        }
    });
    all
}

impl Commits {
    fn add(&mut self, time: TimestampTz) {
        self.count += 1;
        self.since.get_or_insert(time);
        self.until = Some(time);
    }

    /// `12 commits, 2026-11-21 10:00:00+00 to 2026-11-21 10:05:00+00`.
    pub(super) fn text(&self) -> String {
        let commits = plural(self.count, "commit");
        match (self.since.map(seconds), self.until.map(seconds)) {
            (Some(since), Some(until)) if since != until => {
                format!("{commits} ({since} to {until})")
            }
            (Some(since), _) => format!("{commits} ({since})"),
            _ => commits,
        }
    }
}
