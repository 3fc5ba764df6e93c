//! One fork as replay has left it so far.
use crate::report::replay::Deeds;
use crate::source::relation::RelationFiles;
use crate::types::Lsn;
use std::collections::HashMap;
use std::rc::Rc;

/// A page that was touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one byte each, and all may hold at once")]
pub struct Page {
    /// Its LSN now.
    pub lsn: Lsn,
    /// Its LSN in the file; 0 if it was not there, or new.
    pub before: Lsn,
    /// Whether it is damaged in the file.
    damaged: bool,
    /// Whether it was not replaced yet.
    kept: bool,
    /// Whether it is not initialised now.
    new: bool,
    /// Whether it was not in the file.
    added: bool,
}

/// What was done with the blocks of a fork, in records that named one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// What came of them.
    pub blocks: Deeds,
    /// The first record that named a block.
    pub first: Lsn,
    /// The last one.
    pub last: Lsn,
}

/// A fork.
#[derive(Debug, Default)]
pub struct ForkState<'c> {
    /// Where untouched blocks are, if anywhere.
    pub(super) files: Option<RelationFiles<'c>>,
    /// Blocks before this one are in these files, if they are not among `pages`.
    pub(super) on_disk: u32,
    /// Blocks in all.
    pub(super) len: u32,
    /// Whether there is a file at all.
    pub(super) exists: bool,
    /// Pages that records were about, by block. Shared with a copied database until one changes.
    pub(super) pages: Rc<HashMap<u32, Page>>,
    /// Whether the file was not there before replay.
    pub(super) created: bool,
    /// Whether it was removed in replay, and is not there at the end.
    pub(super) dropped: bool,
    /// Where it was cut last, and to how many blocks.
    pub(super) truncated: Option<(Lsn, u32)>,
}

impl Page {
    /// One that is all zeros in its file.
    pub const NEW: Self =
        Self { lsn: Lsn(0), before: Lsn(0), damaged: false, kept: true, new: true, added: false };
    /// One that is not in the file.
    pub const ADDED: Self = Self { added: true, ..Self::NEW };
    /// One that is not in the file, initialised without an LSN.
    pub const EMPTY: Self = Self { new: false, ..Self::ADDED };

    /// A sound one.
    pub const fn at(lsn: Lsn) -> Self {
        Self { lsn, before: lsn, damaged: false, kept: true, new: false, added: false }
    }

    /// One that no server would read, with what its header says.
    pub const fn damaged(lsn: Lsn) -> Self {
        Self { damaged: true, ..Self::at(lsn) }
    }

    /// Whether it is damaged still.
    pub const fn is_damaged(&self) -> bool {
        self.damaged && self.kept
    }

    /// Whether it is not initialised.
    pub const fn is_new(&self) -> bool {
        self.new
    }

    /// Whether replay leaves another page than is in the file.
    pub fn is_changed(&self) -> bool {
        self.added || self.damaged || self.lsn != self.before
    }

    /// Gives it another LSN; one that is 0 leaves it not initialised.
    pub(super) const fn set(&mut self, lsn: Lsn) {
        self.lsn = lsn;
        self.new = !lsn.is_valid();
        self.kept = false;
    }
}

impl<'c> ForkState<'c> {
    /// As it is in its files, which replay makes by copying them if they have another's name.
    pub(super) fn of_files(files: Option<RelationFiles<'c>>, copied: bool) -> Self {
        let len = files.as_ref().map_or(0, RelationFiles::blocks);
        let exists = files.is_some();
        let created = exists && copied;
        Self { files, on_disk: len, len, exists, created, ..Self::default() }
    }

    /// The same under another name, `files` being the same files.
    pub(super) fn copy(&self, files: Option<RelationFiles<'c>>) -> Self {
        let (pages, on_disk, len) = (Rc::clone(&self.pages), self.on_disk, self.len);
        let (exists, created) = (self.exists, self.exists);
        Self { files, on_disk, len, exists, pages, created, ..Self::default() }
    }

    /// Makes its file, if it is not there.
    pub(super) const fn create(&mut self) {
        if !self.exists {
            (self.exists, self.created, self.dropped) = (true, true, false);
        }
    }

    /// Makes its file and adds blocks so that `block` is there, initialised.
    pub(super) fn pin(&mut self, block: u32) {
        if block >= self.len {
            self.create();
            self.len = block.saturating_add(1);
            Rc::make_mut(&mut self.pages).insert(block, Page::EMPTY);
        }
    }

    /// Removes its files.
    pub(super) fn remove(&mut self) {
        self.dropped |= self.exists;
        self.files = None;
        (self.on_disk, self.len, self.exists) = (0, 0, false);
        self.pages = Rc::default();
    }

    /// Cuts it to `blocks`, if it is longer.
    pub(super) fn truncate(&mut self, blocks: u32, lsn: Lsn) {
        if blocks >= self.len {
            return;
        }
        (self.len, self.on_disk) = (blocks, self.on_disk.min(blocks));
        if self.pages.keys().any(|block| *block >= blocks) {
            Rc::make_mut(&mut self.pages).retain(|block, _| *block < blocks);
        }
        self.truncated = Some((lsn, blocks));
    }

    /// Blocks in it.
    pub const fn blocks(&self) -> u32 {
        self.len
    }

    /// Whether it has a file.
    pub const fn exists(&self) -> bool {
        self.exists
    }

    /// Whether replay makes its file.
    pub const fn is_created(&self) -> bool {
        self.created
    }

    /// Whether replay removes its files.
    pub const fn is_dropped(&self) -> bool {
        self.dropped
    }

    /// Where replay cuts it last, and to how many blocks.
    pub const fn truncated(&self) -> Option<(Lsn, u32)> {
        self.truncated
    }

    /// Pages that replay leaves other than they are in the file.
    pub fn changed(&self) -> u64 {
        self.pages.values().filter(|page| page.is_changed()).count() as u64
    }

    /// The pages that records were about, by block.
    pub fn pages(&self) -> &HashMap<u32, Page> {
        &self.pages
    }
}
