//! What the free space map of a relation promises, and what is there.
use serde::Serialize;

/// A free space map held against the pages it is about. Sizes in bytes, as categories of the map have
/// them: rounded down to a 256th of a block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FreeSpaceMap {
    /// What the map promises: the sum of what pg_freespace() gives.
    pub avail: u64,
    /// What it would promise if it were right: of tables and BRIN the free space of each page, of
    /// other indexes pages that are deleted, empty or new, which are all that their maps are about.
    pub free: u64,
    /// Pages of which it promises more than they have: inserts that are led there go on searching.
    pub overstated_pages: u64,
    /// By how much.
    pub overstated: u64,
    /// Pages of which it promises less than they have: inserts that need more do not find them.
    pub understated_pages: u64,
    /// By how much.
    pub understated: u64,
    /// Blocks beyond the end of the relation of which it promises something.
    pub past_end: u64,
}

impl FreeSpaceMap {
    /// Adds what another map says, or the same map of other pages.
    pub fn add(&mut self, more: &Self) {
        self.avail += more.avail;
        self.free += more.free;
        self.overstated_pages += more.overstated_pages;
        self.overstated += more.overstated;
        self.understated_pages += more.understated_pages;
        self.understated += more.understated;
        self.past_end += more.past_end;
    }
}
