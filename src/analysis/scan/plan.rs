//! What is to be scanned, cut into work units.
use crate::analysis::verify::heap::Shape;
use crate::cluster::{RelKind, Relation};
use std::ops::Range;

/// A relation to scan.
#[derive(Debug)]
pub struct Target<'a> {
    /// As pg_class has it.
    pub relation: &'a Relation,
    /// `db.schema.table`.
    pub name: String,
    /// Blocks of the main fork, segment file by segment file; gaps between them are missing files.
    pub segments: Vec<Range<u32>>,
    /// Bytes in a block.
    pub block_size: u32,
    /// How its rows are stored, if the catalogs can tell.
    pub shape: Option<Shape>,
}

/// Where each target's units begin. Units are not listed: memory grows with the targets only.
pub(super) struct Plan {
    /// Units before each target, and all of them at the end.
    before: Vec<usize>,
    /// Blocks in a unit.
    unit: u32,
}

impl Target<'_> {
    /// Whether its pages are those of an index.
    pub fn is_index(&self) -> bool {
        self.relation.kind == RelKind::Index
    }

    /// Bytes in all segment files.
    pub fn bytes(&self) -> u64 {
        self.blocks() * u64::from(self.block_size)
    }

    /// Blocks in all segment files.
    pub fn blocks(&self) -> u64 {
        self.segments.iter().map(|segment| segment.len() as u64).sum()
    }
}

impl Plan {
    pub(super) fn new(targets: &[Target<'_>], unit: u32) -> Self {
        let unit = unit.max(1);
        let mut before = vec![0];
        let mut sum = 0;
        for target in targets {
            sum += target.segments.iter().map(|segment| count(segment, unit)).sum::<usize>();
            before.push(sum);
        }
        Self { before, unit }
    }

    pub(super) fn units(&self) -> usize {
        self.before.last().copied().unwrap_or(0)
    }

    /// The target of unit `index`, and the blocks that are the unit.
    pub(super) fn unit(&self, targets: &[Target<'_>], index: usize) -> (usize, Range<u32>) {
        let at = self.before.partition_point(|&before| before <= index).saturating_sub(1);
        let mut left = index - self.before.get(at).copied().unwrap_or(0);
        for segment in targets.get(at).map_or(&[][..], |target| &target.segments) {
            let units = count(segment, self.unit);
            if left < units {
                let skip = u32::try_from(left).unwrap_or(u32::MAX).saturating_mul(self.unit);
                let start = segment.start.saturating_add(skip);
                return (at, start..segment.end.min(start.saturating_add(self.unit)));
            }
            left -= units;
        }
        (at, 0..0)
    }
}

fn count(segment: &Range<u32>, unit: u32) -> usize {
    segment.len().div_ceil(unit as usize)
}
