//! The state of blocks and files as replay goes on.
use super::fork::{ForkState, Page, Tally};
use super::{Deed, Disk, FileDeed, Invalid, InvalidPage, Noted, Step};
use crate::format::fork::vm;
use crate::types::{BlockNumber, Fork, Lsn, Oid, RelFileLocator};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// What comes of a block that a record names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The full-page image was put in its place.
    Restored,
    /// The page was made anew.
    Initialised,
    /// The page was changed: its LSN was older.
    Applied,
    /// Nothing: the page was at or past the record.
    Skipped,
    /// Nothing: the block is not there, or not initialised.
    Missing {
        /// Whether there is a page, which is not initialised.
        present: bool,
    },
    /// The page is damaged, and the server cannot read it: replay ends here.
    Broken,
    /// Nothing: the page was only read, to hold its lock.
    Read,
    /// Nothing: the record has no image, and wants no other change.
    Untouched,
}

/// One block of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    /// Relation.
    pub locator: RelFileLocator,
    /// Fork.
    pub fork: Fork,
    /// Block.
    pub block: BlockNumber,
    /// What came of it.
    pub outcome: Outcome,
    /// The page's LSN before; 0 if there was none.
    pub before: Lsn,
    /// Blocks that were added to the fork so that the block is there.
    pub extended: u32,
    /// Whether the page was damaged in its file, and is not any more.
    pub healed: bool,
}

/// A damaged page that replay replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Healed {
    /// Relation.
    pub locator: RelFileLocator,
    /// Fork.
    pub fork: Fork,
    /// Block.
    pub block: BlockNumber,
    /// The record that replaces it.
    pub lsn: Lsn,
}

/// A damaged page that replay has to read before anything replaces it.
pub type Broken = Healed;

/// Pages that are listed one by one; more are counted.
const MOST: usize = 1000;

/// The state of files and pages.
pub struct Simulation<'c> {
    disk: Disk<'c>,
    block_size: u32,
    forks: Vec<Slot<'c>>,
    index: BTreeMap<Key, u32>,
    /// Whose directory on disk holds what the directory of a database held before replay, where
    /// that is not its own.
    homes: HashMap<(Oid, Oid), Option<(Oid, Oid)>>,
    /// References to what is not there.
    pub invalid: Invalid,
    /// Where consistency was reached, if it was.
    pub consistent: Option<Lsn>,
    /// Where consistency is reached with something that is not there, or something is found missing
    /// later: the server ends there.
    pub fatal: Option<Lsn>,
    /// Damaged pages that were replaced, the first of them.
    pub healed: Vec<Healed>,
    /// All of them.
    pub healed_count: u64,
    /// Damaged pages that had to be read, the first of them.
    pub broken: Vec<Broken>,
    /// All of them.
    pub broken_count: u64,
    touches: Vec<Touch>,
}

/// Database, tablespace, and the fork: all files of one database are together.
type Key = (Oid, RelFileLocator, Fork);

struct Slot<'c> {
    locator: RelFileLocator,
    fork: Fork,
    /// `None` until it is first needed.
    state: Option<ForkState<'c>>,
    /// What was done with blocks of this name.
    tally: Tally,
}

impl<'c> Simulation<'c> {
    /// Before the first record. Consistency is reached where `consistent` says, if anywhere.
    pub fn new(disk: Disk<'c>, block_size: u32, consistent: Option<Lsn>) -> Self {
        Self {
            disk,
            block_size,
            forks: Vec::new(),
            index: BTreeMap::new(),
            homes: HashMap::new(),
            invalid: Invalid::default(),
            consistent,
            fatal: None,
            healed: Vec::new(),
            healed_count: 0,
            broken: Vec::new(),
            broken_count: 0,
            touches: Vec::new(),
        }
    }

    /// Takes the steps of a segment, and shows what comes of each record: where it begins, where it
    /// ends, what was noted of it, its blocks, and what it does to files.
    pub fn take<N>(
        &mut self,
        noted: Noted<N>,
        mut see: impl FnMut((Lsn, Lsn), Option<N>, &[Touch], Option<&FileDeed>),
    ) {
        let slots: Vec<_> = noted.forks.iter().map(|&(of, fork)| self.slot(of, fork)).collect();
        let mut kept = noted.notes.into_iter();
        let mut steps = noted.steps.iter().peekable();
        while let Some(step) = steps.next() {
            let Step::Record { lsn, end, noted } = *step else { continue };
            self.check(lsn);
            let note = if noted { kept.next() } else { None };
            let mut touches = std::mem::take(&mut self.touches);
            touches.clear();
            let mut file = None;
            while let Some(step) = steps.next_if(|step| !matches!(step, Step::Record { .. })) {
                match step {
                    Step::Block { fork, block, deed } => {
                        let slot = slots.get(*fork as usize).copied().unwrap_or(0);
                        touches.extend(self.block(slot, *block, *deed, (lsn, end)));
                    }
                    Step::Pin { fork, block } => {
                        let slot = slots.get(*fork as usize).copied().unwrap_or(0);
                        self.state(slot).into_iter().for_each(|state| state.pin(block.0));
                    }
                    Step::File(deed) => {
                        self.file(deed, lsn);
                        file = Some(&**deed);
                    }
                    Step::Record { .. } => {}
                }
            }
            see((lsn, end), note, &touches, file);
            self.touches = touches;
        }
    }

    /// The forks that records were about, by database, relation and fork.
    pub fn forks(
        &self,
    ) -> impl Iterator<Item = (RelFileLocator, Fork, &Tally, Option<&ForkState<'c>>)> {
        self.index.values().filter_map(|at| {
            let slot = self.forks.get(*at as usize)?;
            Some((slot.locator, slot.fork, &slot.tally, slot.state.as_ref()))
        })
    }

    /// After the last record, which ended at `end`.
    pub fn finish(&mut self, end: Lsn) {
        self.check(end);
    }

    /// Whether consistency is reached with references to what is not there: then the server ends
    /// (`CheckRecoveryConsistency`, access/transam/xlogrecovery.c).
    fn check(&mut self, lsn: Lsn) {
        if self.fatal.is_none() && self.consistent.is_some_and(|consistent| lsn >= consistent) {
            self.fatal = self.invalid.open().next().map(|_| lsn);
        }
    }

    /// The place of a fork.
    fn slot(&mut self, locator: RelFileLocator, fork: Fork) -> u32 {
        let next = u32::try_from(self.forks.len()).unwrap_or(u32::MAX);
        let at = *self.index.entry((locator.database, locator, fork)).or_insert(next);
        if at == next {
            self.forks.push(Slot { locator, fork, state: None, tally: Tally::default() });
        }
        at
    }

    /// Whose directory holds what a database's directory held before replay.
    fn home(&self, of: (Oid, Oid)) -> Option<(Oid, Oid)> {
        self.homes.get(&of).copied().unwrap_or(Some(of))
    }

    /// The state of a fork; as its files have it, if this is the first time.
    fn state(&mut self, at: u32) -> Option<&mut ForkState<'c>> {
        let slot = self.forks.get(at as usize)?;
        if slot.state.is_none() {
            let (locator, fork) = (slot.locator, slot.fork);
            let own = (locator.tablespace, locator.database);
            let home = self.home(own);
            let files = home.and_then(|home| self.disk.files(home, locator.number, fork));
            let state = ForkState::of_files(files, home != Some(own));
            self.forks.get_mut(at as usize)?.state = Some(state);
        }
        self.forks.get_mut(at as usize)?.state.as_mut()
    }

    /// What comes of one block of the record that begins at `lsn` and ends at `end`.
    fn block(
        &mut self,
        at: u32,
        block: BlockNumber,
        deed: Deed,
        (lsn, end): (Lsn, Lsn),
    ) -> Option<Touch> {
        self.state(at)?;
        let slot = self.forks.get_mut(at as usize)?;
        let (locator, fork) = (slot.locator, slot.fork);
        let state = slot.state.as_mut()?;
        let mut done = Touched::default();
        if deed == Deed::Nothing {
            done.outcome = Outcome::Untouched;
        } else {
            state.create();
            done = state.touch(&mut self.disk, block.0, deed, end);
        }
        slot.tally.add(done, lsn);
        let touch = Touch {
            locator,
            fork,
            block,
            outcome: done.outcome,
            before: done.before,
            extended: done.extended,
            healed: done.healed,
        };
        self.notice(&touch, lsn);
        Some(touch)
    }

    /// Keeps what matters later.
    fn notice(&mut self, touch: &Touch, lsn: Lsn) {
        let Touch { locator, fork, block, .. } = *touch;
        if let Outcome::Missing { present } = touch.outcome {
            let page = InvalidPage { locator, fork, block, present, lsn };
            self.invalid.add(page);
        }
        let page = Healed { locator, fork, block, lsn };
        if touch.healed {
            self.healed_count += 1;
            if self.healed.len() < MOST {
                self.healed.push(page);
            }
        }
        if touch.outcome == Outcome::Broken {
            self.broken_count += 1;
            if self.broken.len() < MOST {
                self.broken.push(page);
            }
        }
    }

    fn file(&mut self, deed: &FileDeed, lsn: Lsn) {
        match deed {
            FileDeed::Create(locator, fork) => {
                let at = self.slot(*locator, *fork);
                if let Some(state) = self.state(at) {
                    state.create();
                }
            }
            FileDeed::Truncate { locator, blocks, forks } => {
                self.truncate(*locator, blocks.0, *forks, lsn);
            }
            FileDeed::Drop(locators) => {
                for (locator, fork) in
                    locators.iter().flat_map(|locator| Fork::ALL.map(|fork| (*locator, fork)))
                {
                    let at = self.slot(locator, fork);
                    if let Some(state) = self.state(at) {
                        state.remove();
                    }
                    self.invalid.forget(locator, fork, 0);
                }
            }
            FileDeed::CopyDatabase { from, to } => self.copy(*from, *to),
            FileDeed::DropDatabase(dirs) => {
                for dir in dirs {
                    self.clear(*dir, None);
                    self.invalid.forget_database(dir.1);
                }
            }
            FileDeed::SlruZero(..)
            | FileDeed::SlruTruncate(..)
            | FileDeed::MultiTruncate(_)
            | FileDeed::RelationMap { .. }
            | FileDeed::CreateDatabase(..)
            | FileDeed::CreateTablespace(..)
            | FileDeed::DropTablespace(_) => {}
        }
    }

    /// As `smgr_redo` (catalog/storage.c) does, but that the free space map stays as long as it is:
    /// nothing else is said of it in WAL.
    fn truncate(&mut self, locator: RelFileLocator, blocks: u32, forks: [bool; 3], lsn: Lsn) {
        let main = self.slot(locator, Fork::Main);
        if let Some(state) = self.state(main) {
            state.create();
            if forks[0] {
                state.truncate(blocks, lsn);
                self.invalid.forget(locator, Fork::Main, blocks);
            }
        }
        if forks[1] {
            let per_page = vm::blocks_per_page(self.block_size).max(1);
            let map = self.slot(locator, Fork::Vm);
            if let Some(state) = self.state(map) {
                state.truncate(blocks.div_ceil(per_page), lsn);
            }
        }
    }

    /// The places of all forks in the directory of a database.
    fn inside(&self, dir: (Oid, Oid)) -> Vec<u32> {
        let least = RelFileLocator { tablespace: dir.0, database: dir.1, ..Default::default() };
        let of = self.index.range((dir.1, least, Fork::Main)..);
        let inside =
            of.take_while(|((database, locator, _), _)| (locator.tablespace, *database) == dir);
        inside.map(|(_, at)| *at).collect()
    }

    /// Removes a directory; what is read there next is what `home` held before replay.
    fn clear(&mut self, dir: (Oid, Oid), home: Option<(Oid, Oid)>) {
        for at in self.inside(dir) {
            let slot = self.forks.get_mut(at as usize);
            match slot.map(|slot| &mut slot.state) {
                Some(state) if home.is_some() => *state = None,
                Some(Some(state)) => state.remove(),
                _ => {}
            }
        }
        self.homes.insert(dir, home);
    }

    /// Makes a directory as a copy of another as it is now: what replay has not touched there is as
    /// it was on disk.
    fn copy(&mut self, from: (Oid, Oid), to: (Oid, Oid)) {
        if from == to {
            return;
        }
        let home = self.home(from);
        self.clear(to, home);
        for at in self.inside(from) {
            let Some(Slot { locator, fork, state: Some(state), .. }) = self.forks.get(at as usize)
            else {
                continue;
            };
            let (number, fork) = (locator.number, *fork);
            let files = home.and_then(|home| self.disk.files(home, number, fork));
            let copied = state.copy(files);
            let locator = RelFileLocator { tablespace: to.0, database: to.1, number };
            let at = self.slot(locator, fork);
            if let Some(slot) = self.forks.get_mut(at as usize) {
                slot.state = Some(copied);
            }
        }
    }
}

/// What came of one block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Touched {
    outcome: Outcome,
    before: Lsn,
    extended: u32,
    healed: bool,
}

impl Default for Touched {
    fn default() -> Self {
        Self { outcome: Outcome::Untouched, before: Lsn::INVALID, extended: 0, healed: false }
    }
}

impl ForkState<'_> {
    /// Does `deed` with a block, for a record that ends at `end`.
    fn touch(&mut self, disk: &mut Disk<'_>, block: u32, deed: Deed, end: Lsn) -> Touched {
        let mut done = Touched::default();
        if block >= self.len {
            if !deed.replaces() && deed != Deed::ChangeOrZero {
                done.outcome = Outcome::Missing { present: false };
                return done;
            }
            let len = block.saturating_add(1);
            done.extended = len.saturating_sub(self.len);
            self.len = len;
        }
        let files = self.files.as_ref().filter(|_| block < self.on_disk);
        let first = || files.map_or(Page::ADDED, |files| disk.page(files, block));
        let page = Rc::make_mut(&mut self.pages).entry(block).or_insert_with(first);
        done.before = page.lsn;
        done.outcome = match deed {
            Deed::Restore | Deed::RestoreNew => Outcome::Restored,
            Deed::Init => Outcome::Initialised,
            Deed::ChangeOrZero if page.is_damaged() || page.is_new() => Outcome::Applied,
            _ if page.is_damaged() => Outcome::Broken,
            _ if page.is_new() => Outcome::Missing { present: true },
            Deed::Read => Outcome::Read,
            _ if end <= page.lsn => Outcome::Skipped,
            _ => Outcome::Applied,
        };
        let damaged = page.is_damaged();
        match (done.outcome, deed) {
            (_, Deed::RestoreNew) => page.set(Lsn::INVALID),
            (Outcome::Applied, Deed::Hint) => {}
            (Outcome::Restored | Outcome::Initialised | Outcome::Applied, _) => page.set(end),
            _ => {}
        }
        done.healed = damaged && !page.is_damaged();
        done
    }
}

impl Tally {
    fn add(&mut self, done: Touched, lsn: Lsn) {
        let blocks = &mut self.blocks;
        *match done.outcome {
            Outcome::Restored => &mut blocks.restored,
            Outcome::Initialised => &mut blocks.initialised,
            Outcome::Applied => &mut blocks.applied,
            Outcome::Skipped => &mut blocks.skipped,
            Outcome::Missing { .. } => &mut blocks.missing,
            Outcome::Broken => &mut blocks.broken,
            Outcome::Read | Outcome::Untouched => &mut blocks.untouched,
        } += 1;
        blocks.extended += u64::from(done.extended > 0);
        if !self.first.is_valid() {
            self.first = lsn;
        }
        self.last = lsn;
    }
}
