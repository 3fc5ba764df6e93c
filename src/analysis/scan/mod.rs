//! One pass over tables and indexes, for many questions: every block is handed once to every observer,
//! while it is in cache.
//!
//! The work is cut into units of some MiB of one segment file, the same for any number of threads.
//! An observer starts afresh with each unit; neighbours are merged in the order of the work, so any
//! grouping of the units gives the same report, and what is kept in memory grows with the number of
//! relations, not with their size.
mod map;
mod plan;
mod sink;
mod space;
mod unit;

pub use map::Vm;
pub use plan::Target;
pub use sink::Sink;
pub use space::page_of as map_page;
pub use unit::{Context, Items, PageView, TupleView};

use crate::finding::Findings;
use crate::report::Coverage;
use crate::source::Progress;
use plan::Plan;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

/// One question about the blocks of one relation, and the answer so far.
pub trait Observer: Send {
    /// A tuple with storage, in the order of line pointers.
    fn tuple(&mut self, page: &PageView<'_>, tuple: &TupleView<'_>, sink: &mut Sink<'_>);

    /// A page, after its tuples.
    fn page(&mut self, page: &PageView<'_>, items: &Items, sink: &mut Sink<'_>);

    /// A page of an index, whatever it holds; those of tables come by [`Self::tuple`] and
    /// [`Self::page`].
    fn index_page(&mut self, _page: &PageView<'_>, _sink: &mut Sink<'_>) {}

    /// A page without a header: all zeros, or as `RelationAddBlocks` leaves it.
    fn new_page(&mut self, page: &PageView<'_>);

    /// A page whose content cannot be trusted, or a block that could not be read.
    fn lost_page(&mut self, block: u32);

    /// Adds what was seen in the blocks that follow.
    fn merge(&mut self, later: Self);
}

/// Two questions in one pass.
impl<A: Observer, B: Observer> Observer for (A, B) {
    #[inline]
    fn tuple(&mut self, page: &PageView<'_>, tuple: &TupleView<'_>, sink: &mut Sink<'_>) {
        self.0.tuple(page, tuple, sink);
        self.1.tuple(page, tuple, sink);
    }

    #[inline]
    fn page(&mut self, page: &PageView<'_>, items: &Items, sink: &mut Sink<'_>) {
        self.0.page(page, items, sink);
        self.1.page(page, items, sink);
    }

    fn new_page(&mut self, page: &PageView<'_>) {
        self.0.new_page(page);
        self.1.new_page(page);
    }

    fn lost_page(&mut self, block: u32) {
        self.0.lost_page(block);
        self.1.lost_page(block);
    }

    fn merge(&mut self, later: Self) {
        self.0.merge(later.0);
        self.1.merge(later.1);
    }
}

/// What a scan saw.
pub struct Scan<O> {
    /// One observer for each target, in their order.
    pub observers: Vec<O>,
    /// What is wrong with the pages as such.
    pub findings: Findings,
    /// What was read.
    pub coverage: Coverage,
}

/// What some neighbouring units saw.
struct Part<O> {
    /// By target, ascending.
    observers: Vec<(usize, O)>,
    findings: Findings,
    coverage: Coverage,
}

/// Scans `targets` with `jobs` threads; `begin` gives the observer of a target, with nothing seen.
///
/// # Errors
/// If the threads cannot be started.
pub fn scan<O: Observer, X: super::visibility::Transactions>(
    context: &Context<'_, X>,
    targets: &[Target<'_>],
    begin: impl Fn(&Target<'_>) -> O + Sync,
    jobs: usize,
    progress: &dyn Progress,
) -> Result<Scan<O>, rayon::ThreadPoolBuildError> {
    let plan = Plan::new(targets, context.unit_blocks());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build()?;
    progress.start("scanning tables", Some(targets.iter().map(Target::bytes).sum()));
    let part = pool.install(|| {
        let fold = |(mut part, mut scratch): (Part<O>, unit::Scratch), index: usize| {
            let (at, blocks) = plan.unit(targets, index);
            let target = &targets[at];
            let mut seen = Part::empty();
            let mut observer = begin(target);
            unit::scan(context, target, blocks, &mut observer, &mut seen, &mut scratch, progress);
            seen.observers.push((at, observer));
            part.merge(seen);
            (part, scratch)
        };
        (0..plan.units())
            .into_par_iter()
            .fold(|| (Part::empty(), unit::Scratch::default()), fold)
            .map(|(part, _)| part)
            .reduce(Part::empty, |mut earlier, later| {
                earlier.merge(later);
                earlier
            })
    });
    progress.finish();
    Ok(part.into_scan(targets, begin))
}

impl<O: Observer> Part<O> {
    fn empty() -> Self {
        Self { observers: Vec::new(), findings: Findings::default(), coverage: Coverage::default() }
    }

    fn merge(&mut self, later: Self) {
        let mut observers = later.observers.into_iter();
        if let Some((at, next)) = observers.next() {
            match self.observers.last_mut() {
                Some((last, observer)) if *last == at => observer.merge(next),
                _ => self.observers.push((at, next)),
            }
        }
        self.observers.extend(observers);
        self.findings.merge(later.findings);
        self.coverage.merge(later.coverage);
    }

    /// Targets without a block get an observer that saw nothing.
    fn into_scan(self, targets: &[Target<'_>], begin: impl Fn(&Target<'_>) -> O) -> Scan<O> {
        let mut seen = self.observers.into_iter().peekable();
        let observer = |(at, target)| match seen.next_if(|(seen, _)| *seen == at) {
            Some((_, observer)) => observer,
            None => begin(target),
        };
        let observers = targets.iter().enumerate().map(observer).collect();
        Scan { observers, findings: self.findings, coverage: self.coverage }
    }
}
