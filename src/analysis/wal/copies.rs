//! Good copies of blocks: their full-page images in WAL, and how many records change them after.
use super::pass::{Passed, pass};
use crate::format::wal::{Located, Record};
use crate::report::triage::Copies;
use crate::types::{BlockNumber, Fork, Lsn, RelFileLocator};
use crate::wal::{Log, Range};
use std::collections::BTreeMap;

/// A block, by the number of its relation's files.
pub type BlockOf = (RelFileLocator, Fork, BlockNumber);

/// Looks in all of the log for copies of the blocks in `wanted`; of each block there is an answer.
pub fn copies(
    log: &Log,
    wanted: impl IntoIterator<Item = BlockOf>,
    jobs: usize,
) -> (BTreeMap<BlockOf, Copies>, Passed) {
    let none = Copies { images: 0, last: None, later_records: 0, replayed: false };
    let mut all: BTreeMap<_, _> = wanted.into_iter().map(|block| (block, none)).collect();
    let blocks: Vec<_> = all.keys().copied().collect();
    let size = log.dialect.geometry.block_size;
    let look = |noted: &mut (Vec<(BlockOf, Lsn, bool)>, Vec<u8>),
                located: &Located<'_>,
                record: &Record<'_>| {
        for block in &record.blocks {
            let of = (block.locator, block.fork, block.block);
            if blocks.binary_search(&of).is_err() {
                continue;
            }
            let image = block.image.as_ref().filter(|image| image.apply);
            let good = image.is_some_and(|image| image.restore(size, &mut noted.1).is_ok());
            noted.0.push((of, located.lsn, good));
        }
    };
    let passed = pass(log, Range::default(), jobs, look, |(touches, _)| {
        for (of, lsn, good) in touches {
            let Some(copies) = all.get_mut(&of) else { continue };
            if good {
                copies.images += 1;
                copies.last = Some(lsn);
                copies.later_records = 0;
            } else {
                copies.later_records += 1;
            }
        }
    });
    (all, passed)
}
