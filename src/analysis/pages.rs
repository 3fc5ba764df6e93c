//! A pass over all pages of all relation files: checksums and headers (`PageIsVerified`), and LSNs
//! beyond the end of WAL.
use super::inventory::directories;
use super::verify;
use super::wal::copies::BlockOf;
use crate::cluster::Cluster;
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::page::PageHeader;
use crate::replay::order::{Page, Simulation};
use crate::report::Coverage;
use crate::source::relation::RelationFileName;
use crate::source::{EntryKind, Progress};
use crate::types::{BlockNumber, Fork, Lsn, Oid, RelFileLocator};
use crate::wal::Names;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use std::collections::HashMap;
use std::ops::Range;

/// Bytes that one thread checks at a time.
const UNIT: u64 = 4 << 20;
/// Blocks of a kind that are kept; all are counted.
const KEPT: usize = 1000;

/// A file of a relation.
#[derive(Debug)]
pub(super) struct PageFile {
    path: String,
    /// The path without the number of the segment, as PostgreSQL's messages have it.
    relation: String,
    locator: RelFileLocator,
    name: RelationFileName,
    /// Bytes.
    pub(super) len: u64,
}

impl PageFile {
    /// Whether it is one of a fork.
    pub(super) fn is_of(&self, locator: RelFileLocator, fork: Fork) -> bool {
        self.locator == locator && self.name.fork == fork
    }

    /// Its path, without the number of the segment.
    pub(super) fn relation_path(&self) -> &str {
        &self.relation
    }
}

/// Some of what the pass saw: the first ones are kept.
#[derive(Debug)]
pub(super) struct Seen<T> {
    /// How many there are.
    pub(super) count: u64,
    /// The first of them.
    pub(super) first: Vec<T>,
}

/// What the pass saw.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) findings: Findings,
    pub(super) coverage: Coverage,
    /// Damaged blocks.
    pub(super) bad: Seen<BlockOf>,
    /// Blocks whose page has an LSN beyond the end of WAL, and that LSN.
    pub(super) ahead: Seen<(BlockOf, Lsn)>,
    /// Of all these, the ones that replay does nothing about.
    pub(super) left: Left,
}

/// Pages that replay does not come to.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// All of them.
    pub(super) pages: u64,
    pub(super) bad: Seen<BlockOf>,
    pub(super) ahead: Seen<(BlockOf, Lsn)>,
}

/// The blocks that replay comes to: those that records name, and those of files that it removes or cuts.
#[derive(Debug, Default)]
pub(super) struct Touched<'s>(HashMap<(RelFileLocator, Fork), TouchedFork<'s>>);

/// The pages that records name, and how many blocks there are at the end.
type TouchedFork<'s> = (&'s HashMap<u32, Page>, u32);

/// Every file of every relation, temporary ones apart.
pub(super) fn files(cluster: &Cluster) -> Vec<PageFile> {
    let mut dirs = vec![(Oid::GLOBAL_TABLESPACE, Oid::INVALID, "global".to_owned())];
    for database in cluster.databases() {
        let of = directories(cluster, database.oid).into_iter();
        dirs.extend(of.map(|(tablespace, dir)| (tablespace, database.oid, dir)));
    }
    let mut all = Vec::new();
    for (tablespace, database, dir) in dirs {
        // A database without relations in a tablespace has no directory there.
        let Ok(index) = cluster.source().relation_index(&dir) else { continue };
        let files = index.files().iter();
        let files =
            files.filter(|file| file.name.backend.is_none() && file.kind == EntryKind::File);
        all.extend(files.map(|file| PageFile {
            path: format!("{dir}/{}", file.name),
            relation: format!("{dir}/{}", RelationFileName { segment: 0, ..file.name }),
            locator: RelFileLocator { tablespace, database, number: file.name.number },
            name: file.name,
            len: file.len,
        }));
    }
    all
}

/// Checks all pages of `cluster` with `jobs` threads; `end` is where WAL ends, if that is known.
///
/// # Errors
/// If the threads cannot be started.
pub(super) fn check(
    cluster: &Cluster,
    (end, touched): (Option<Lsn>, &Touched<'_>),
    jobs: usize,
    progress: &dyn Progress,
) -> Result<Checked, rayon::ThreadPoolBuildError> {
    let files = files(cluster);
    let names = Names::new(Some(cluster));
    let pass = Pass { cluster, names: &names, end, touched, progress };
    let units: Vec<_> = files
        .iter()
        .flat_map(|file| {
            let starts = (0..file.len.div_ceil(UNIT)).map(|unit| unit * UNIT);
            starts.map(move |start| (file, start..file.len.min(start + UNIT)))
        })
        .collect();
    progress.start("checking pages", Some(files.iter().map(|file| file.len).sum()));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build()?;
    let checked = pool.install(|| {
        let fold = |mut seen: Checked, (file, bytes): &(&PageFile, Range<u64>)| {
            pass.unit(file, bytes.clone(), &mut seen);
            seen
        };
        let merge = |mut one: Checked, later: Checked| {
            one.merge(later);
            one
        };
        units.par_iter().fold(Checked::default, fold).reduce(Checked::default, merge)
    });
    progress.finish();
    Ok(checked)
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self { count: 0, first: Vec::new() }
    }
}

impl<T> Seen<T> {
    fn push(&mut self, one: T) {
        self.count += 1;
        if self.first.len() < KEPT {
            self.first.push(one);
        }
    }

    fn merge(&mut self, later: Self) {
        self.count += later.count;
        let room = KEPT.saturating_sub(self.first.len());
        self.first.extend(later.first.into_iter().take(room));
    }
}

impl Checked {
    /// Takes a page: whether it is sound, its LSN if that is beyond the end of WAL, and whether replay
    /// does nothing about it.
    fn note(&mut self, of: BlockOf, sound: bool, ahead: Option<Lsn>, left: bool) {
        if !sound {
            self.bad.push(of);
            if left {
                self.left.bad.push(of);
            }
        } else if let Some(lsn) = ahead {
            self.ahead.push((of, lsn));
            if left {
                self.left.ahead.push((of, lsn));
            }
        }
    }

    fn merge(&mut self, later: Self) {
        self.findings.merge(later.findings);
        self.coverage.merge(later.coverage);
        self.bad.merge(later.bad);
        self.ahead.merge(later.ahead);
        self.left.pages += later.left.pages;
        self.left.bad.merge(later.left.bad);
        self.left.ahead.merge(later.left.ahead);
    }
}

impl<'s> Touched<'s> {
    /// What `simulation` came to.
    pub(super) fn of(simulation: &'s Simulation<'_>) -> Self {
        let forks = simulation.forks().filter_map(|(locator, fork, _, state)| {
            Some(((locator, fork), state.map(|state| (state.pages(), state.blocks()))?))
        });
        Self(forks.collect())
    }

    fn has(&self, (locator, fork, block): BlockOf) -> bool {
        let fork = self.0.get(&(locator, fork));
        fork.is_some_and(|(pages, blocks)| block.0 >= *blocks || pages.contains_key(&block.0))
    }
}

struct Pass<'a> {
    cluster: &'a Cluster,
    names: &'a Names<'a>,
    end: Option<Lsn>,
    touched: &'a Touched<'a>,
    progress: &'a dyn Progress,
}

impl Pass<'_> {
    fn unit(&self, file: &PageFile, bytes: Range<u64>, seen: &mut Checked) {
        let len = bytes.end.saturating_sub(bytes.start);
        let mut scratch = Vec::new();
        let opened = self.cluster.source().file(&file.path);
        let read = opened.as_ref().map_err(Clone::clone);
        let window = read.and_then(|opened| opened.window(bytes.clone(), &mut scratch));
        match window {
            Ok(window) => self.pages(file, bytes.start, window, seen),
            Err(error) => {
                let (path, start) = (&file.path, bytes.start);
                seen.coverage.skip(format!("{path} from byte {start} on"), error.to_string());
                let place = Place { byte: Some(start), ..Place::file(&**path) };
                let evidence = error.kind.to_string();
                seen.findings.push(Finding::new(&rules::FILE_UNREADABLE, place, evidence));
            }
        }
        seen.coverage.files += u64::from(bytes.start == 0);
        self.progress.advance(len);
    }

    fn pages(&self, file: &PageFile, start: u64, window: &[u8], seen: &mut Checked) {
        let geometry = &self.cluster.dialect().geometry;
        let size = u64::from(geometry.block_size.max(1));
        let first =
            u64::from(file.name.segment) * u64::from(geometry.segment_blocks) + start / size;
        let relation = self.cluster.dialect().layout.relation_in_message(&file.relation);
        let pages = window.chunks_exact(usize::try_from(size).unwrap_or(usize::MAX));
        for (index, page) in (0_u64..).zip(pages) {
            let block = BlockNumber(u32::try_from(first + index).unwrap_or(u32::MAX));
            let known =
                verify::page::Known { block, relation: &relation, checksums: geometry.checksums };
            let of = (file.locator, file.name.fork, block);
            let mut found = |finding: Finding| {
                let place = Place {
                    byte: Some(start + index * size),
                    object: self.names.get(file.locator).map(|named| named.to_string()),
                    fork: Some(file.name.fork),
                    block: Some(block),
                    ..Place::file(&*file.path)
                };
                seen.findings.push(Finding { place, ..finding });
            };
            let sound = verify::page::judge(page, known, &mut found);
            let left = !self.touched.has(of);
            seen.left.pages += u64::from(left);
            let ahead = self.ahead(of, page).filter(|_| sound);
            if let Some(lsn) = ahead.filter(|_| left) {
                let evidence = format!("its LSN is {lsn}, beyond the end of WAL");
                found(Finding::new(&rules::REPLAY_PAGE_AHEAD, Place::default(), evidence));
            }
            seen.note(of, sound, ahead, left);
            seen.coverage.blocks += 1;
            seen.coverage.bytes += size;
        }
    }

    /// The LSN of a page that is newer than all WAL: of another moment, or WAL is lost. The LSNs of
    /// unlogged relations are counted apart.
    fn ahead(&self, (locator, fork, _): BlockOf, page: &[u8]) -> Option<Lsn> {
        let end = self.end?;
        let lsn = PageHeader::parse(page).map(|(_, header)| header.pd_lsn).unwrap_or_default();
        (lsn > end && fork != Fork::Init && !self.is_unlogged(locator)).then_some(lsn)
    }

    fn is_unlogged(&self, locator: RelFileLocator) -> bool {
        let named = self.names.get(locator);
        let relation = named.and_then(|named| self.cluster.relation(locator.database, named.oid));
        relation.is_some_and(|of| of.persistence != crate::cluster::Persistence::Permanent)
    }
}
