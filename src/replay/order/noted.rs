//! What a segment's records do, noted by the thread that reads it.
use super::{Deed, FileDeed, cleared};
use crate::cluster::Cluster;
use crate::format::wal::{Located, Record};
use crate::layout::Dialect;
use crate::types::{BlockNumber, Fork, Lsn, RelFileLocator};
use std::collections::HashMap;

/// What redo of a record depends on beside the record.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'d> {
    /// How records are read.
    pub dialect: &'d Dialect,
    /// Whether hint bits are logged (`XLogHintBitIsNeeded`): checksums, or wal_log_hints.
    pub logs_hints: bool,
}

impl<'d> Rules<'d> {
    /// Those of a cluster's next start.
    pub fn of(cluster: &'d Cluster) -> Self {
        let dialect = cluster.dialect();
        let logs_hints = dialect.geometry.checksums || cluster.settings().wal_log_hints;
        Self { dialect, logs_hints }
    }
}

/// What comes next.
#[derive(Debug, Clone)]
pub enum Step {
    /// A record that names blocks or does something to files. What it does follows: blocks of
    /// visibility maps that are pinned, blocks that it names, files.
    Record {
        /// Where it begins.
        lsn: Lsn,
        /// What pages that it changes get as their LSN (`EndRecPtr`).
        end: Lsn,
        /// Whether there is a note of it.
        noted: bool,
    },
    /// It names a block.
    Block {
        /// Relation and fork, as an index of [`Noted::forks`].
        fork: u32,
        /// The block.
        block: BlockNumber,
        /// What is done with it.
        deed: Deed,
    },
    /// It reads a block of a visibility map that it does not name.
    Pin {
        /// The visibility map, as an index of [`Noted::forks`].
        fork: u32,
        /// The block.
        block: BlockNumber,
    },
    /// It does something to files.
    File(Box<FileDeed>),
}

/// The steps of one segment, with what was noted of some of its records.
#[derive(Debug)]
pub struct Noted<N> {
    /// The relations and forks that are named, each once.
    pub forks: Vec<(RelFileLocator, Fork)>,
    /// In the order of the log.
    pub steps: Vec<Step>,
    /// In the order of the log: one for each record that says so.
    pub notes: Vec<N>,
    index: HashMap<(RelFileLocator, Fork), u32>,
    /// The last fork that was named.
    recent: u32,
}

impl<N> Noted<N> {
    /// Of no record.
    pub fn new() -> Self {
        let (forks, steps, notes) = (Vec::new(), Vec::new(), Vec::new());
        Self { forks, steps, notes, index: HashMap::new(), recent: 0 }
    }

    /// Notes what a record does, and `note` of it.
    pub fn record(
        &mut self,
        rules: &Rules<'_>,
        located: &Located<'_>,
        record: &Record<'_>,
        note: Option<N>,
    ) {
        let file = FileDeed::of(record, rules.dialect);
        if record.blocks.is_empty() && file.is_none() && note.is_none() {
            return;
        }
        let noted = note.is_some();
        self.notes.extend(note);
        self.steps.push(Step::Record { lsn: located.lsn, end: located.next, noted });
        for (locator, block) in cleared::pinned(record, rules.dialect) {
            let fork = self.fork((locator, Fork::Vm));
            self.steps.push(Step::Pin { fork, block });
        }
        for block in &record.blocks {
            let fork = self.fork((block.locator, block.fork));
            let deed = Deed::of(record, block, rules);
            self.steps.push(Step::Block { fork, block: block.block, deed });
        }
        self.steps.extend(file.map(|deed| Step::File(Box::new(deed))));
    }

    /// The index of a fork. Most records are about the fork that the one before was about.
    fn fork(&mut self, key: (RelFileLocator, Fork)) -> u32 {
        if self.forks.get(self.recent as usize) == Some(&key) {
            return self.recent;
        }
        let next = u32::try_from(self.forks.len()).unwrap_or(u32::MAX);
        let at = *self.index.entry(key).or_insert(next);
        if at == next {
            self.forks.push(key);
        }
        self.recent = at;
        at
    }
}

impl<N> Default for Noted<N> {
    fn default() -> Self {
        Self::new()
    }
}
