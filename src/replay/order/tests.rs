//! Steps by hand, on the files of a fixture.
use super::{Deed, Disk, FileDeed, Noted, Outcome, Simulation, Step, Touch};
use crate::cluster::{Cluster, OpenOptions};
use crate::source::{self, Quiet, Source};
use crate::types::{BlockNumber, Fork, Lsn, Oid, RelFileLocator, RelFileNumber};
use std::path::Path;

fn cluster() -> Cluster {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pg18/clean.tar.zst");
    let source = Source::open(&path, &source::Options::default(), &Quiet).unwrap();
    Cluster::open(source, &OpenOptions::default()).unwrap()
}

const TEMPLATE: Oid = Oid(1);
const COPY: Oid = Oid(77777);
/// `pg_class` of a database that was never rewritten.
const PG_CLASS: RelFileNumber = RelFileNumber(1259);
/// Beyond what any page of the fixture has.
const LATE: u64 = 1 << 40;

fn relation(database: Oid, number: RelFileNumber) -> RelFileLocator {
    RelFileLocator { tablespace: Oid::DEFAULT_TABLESPACE, database, number }
}

struct Run<'c> {
    simulation: Simulation<'c>,
    at: u64,
}

impl<'c> Run<'c> {
    fn new(cluster: &'c Cluster, consistent: Option<Lsn>) -> Self {
        Self { simulation: Simulation::new(Disk::new(cluster), 8192, consistent), at: LATE }
    }

    fn record(&mut self, steps: impl FnOnce(&mut Noted<()>)) -> Vec<Touch> {
        let mut noted = Noted::new();
        let lsn = Lsn(self.at);
        self.at += 100;
        noted.steps.push(Step::Record { lsn, end: Lsn(self.at), noted: false });
        steps(&mut noted);
        let mut seen = Vec::new();
        self.simulation.take(noted, |_, _, touches, _| seen.extend_from_slice(touches));
        seen
    }

    fn block(&mut self, locator: RelFileLocator, block: u32, deed: Deed) -> Touch {
        let touches = self.record(|noted| {
            noted.forks.push((locator, Fork::Main));
            noted.steps.push(Step::Block { fork: 0, block: BlockNumber(block), deed });
        });
        touches[0]
    }

    fn file(&mut self, deed: FileDeed) {
        self.record(|noted| noted.steps.push(Step::File(Box::new(deed))));
    }

    fn open(&self) -> usize {
        self.simulation.invalid.open().len()
    }
}

#[test]
fn a_page_is_changed_once_and_replaced_in_any_case() {
    let cluster = cluster();
    let mut run = Run::new(&cluster, None);
    let class = relation(TEMPLATE, PG_CLASS);
    let first = run.block(class, 0, Deed::Change);
    assert_eq!(first.outcome, Outcome::Applied);
    assert!(first.before.is_valid() && first.before < Lsn(LATE));
    run.at = LATE;
    assert_eq!(run.block(class, 0, Deed::Change).outcome, Outcome::Skipped);
    run.at = LATE;
    assert_eq!(run.block(class, 0, Deed::Restore).outcome, Outcome::Restored);
    run.at = LATE + 1000;
    let hinted = run.block(class, 0, Deed::Hint);
    assert_eq!((hinted.outcome, hinted.before), (Outcome::Applied, Lsn(LATE + 100)));
    assert_eq!(run.block(class, 0, Deed::Read).before, Lsn(LATE + 100));
}

#[test]
fn a_missing_page_is_explained_by_a_drop_or_a_truncation() {
    let cluster = cluster();
    let mut run = Run::new(&cluster, None);
    let (one, other) = (relation(COPY, RelFileNumber(1)), relation(COPY, RelFileNumber(2)));
    for (locator, block) in [(one, 3), (one, 7), (other, 0)] {
        let touch = run.block(locator, block, Deed::Change);
        assert_eq!(touch.outcome, Outcome::Missing { present: false });
    }
    assert_eq!(run.open(), 3);
    let (locator, forks) = (one, [true, true, true]);
    run.file(FileDeed::Truncate { locator, blocks: BlockNumber(5), forks });
    assert_eq!(run.open(), 2);
    // An image of a later block adds the file's blocks, but explains nothing.
    assert_eq!(run.block(other, 4, Deed::Restore).extended, 5);
    assert_eq!(run.block(other, 1, Deed::Change).outcome, Outcome::Missing { present: true });
    assert_eq!(run.open(), 3);
    run.file(FileDeed::Drop(vec![other]));
    assert_eq!(run.open(), 1);
    run.file(FileDeed::DropDatabase(vec![(Oid::DEFAULT_TABLESPACE, COPY)]));
    assert_eq!((run.open(), run.simulation.invalid.explained), (0, 4));
}

#[test]
fn a_missing_page_ends_recovery_only_where_it_is_consistent() {
    let cluster = cluster();
    let gone = relation(COPY, RelFileNumber(1));
    for (consistent, fatal) in [(None, None), (Some(LATE + 200), Some(Lsn(LATE + 200)))] {
        let mut run = Run::new(&cluster, consistent.map(Lsn));
        run.block(gone, 0, Deed::Change);
        run.block(gone, 1, Deed::Init);
        assert_eq!(run.simulation.fatal, None);
        run.block(gone, 1, Deed::Change);
        assert_eq!(run.simulation.fatal, fatal);
    }
}

#[test]
fn a_copied_database_has_the_pages_of_its_template_as_they_were_then() {
    let cluster = cluster();
    let mut run = Run::new(&cluster, None);
    let (class, copied) = (relation(TEMPLATE, PG_CLASS), relation(COPY, PG_CLASS));
    let on_disk = run.block(class, 1, Deed::Read).before;
    let changed = run.block(class, 0, Deed::Change);
    let dir = |database| (Oid::DEFAULT_TABLESPACE, database);
    run.file(FileDeed::CopyDatabase { from: dir(TEMPLATE), to: dir(COPY) });
    run.block(class, 0, Deed::Change);
    let copy = run.block(copied, 0, Deed::Read);
    assert!(copy.before > changed.before && copy.before == Lsn(LATE + 200));
    assert_eq!(run.block(copied, 1, Deed::Read).before, on_disk);
    run.file(FileDeed::DropDatabase(vec![dir(COPY)]));
    let gone = run.block(copied, 0, Deed::Change);
    assert_eq!(gone.outcome, Outcome::Missing { present: false });
}

#[test]
fn a_visibility_map_is_made_where_its_bits_are_cleared() {
    let cluster = cluster();
    let mut run = Run::new(&cluster, None);
    let made = relation(COPY, RelFileNumber(1));
    for locator in [made, relation(TEMPLATE, PG_CLASS)] {
        run.record(|noted| {
            noted.forks.push((locator, Fork::Vm));
            noted.steps.push(Step::Pin { fork: 0, block: BlockNumber(0) });
        });
    }
    let maps: Vec<_> = run
        .simulation
        .forks()
        .filter_map(|(locator, _, _, state)| {
            Some((locator == made, state?.exists(), state?.blocks(), state?.pages().len()))
        })
        .collect();
    assert_eq!(maps, [(false, true, 1, 0), (true, true, 1, 1)]);
    // It is there, and no image is needed to change it.
    let touches = run.record(|noted| {
        noted.forks.push((made, Fork::Vm));
        noted.steps.push(Step::Block { fork: 0, block: BlockNumber(0), deed: Deed::Change });
    });
    assert_eq!(touches[0].outcome, Outcome::Applied);
}
