//! Where a scan's findings go: names and places are filled in here, once something is found.
use super::Target;
use crate::finding::{Finding, Findings, Place};
use crate::types::{BlockNumber, Fork, OffsetNumber};

/// Takes the findings of one work unit.
pub struct Sink<'a> {
    pub(super) target: &'a Target<'a>,
    pub(super) findings: &'a mut Findings,
    /// The segment file, and the byte in it where the unit begins.
    pub(super) path: &'a str,
    /// The same without the segment's number, as PostgreSQL's messages name a relation.
    pub(super) relation: &'a str,
    pub(super) first: (u32, u64),
}

impl Sink<'_> {
    /// The relation's name as PostgreSQL's messages have it.
    pub fn relname(&self) -> &str {
        &self.target.relation.name
    }

    /// A finding about a block, or about one of its line pointers.
    #[cold]
    pub fn push(&mut self, block: u32, offset: Option<u16>, finding: Finding) {
        let (first, byte) = self.first;
        let inside = u64::from(block.saturating_sub(first)) * u64::from(self.target.block_size);
        let place = Place {
            file: Some(self.path.to_owned()),
            byte: Some(byte + inside),
            object: Some(self.target.name.clone()),
            fork: Some(Fork::Main),
            block: Some(BlockNumber(block)),
            offset: offset.map(OffsetNumber),
            ..Place::default()
        };
        self.findings.push(Finding { place, ..finding });
    }
}
