//! A case through the library: what the report sums up, page by page and transaction by transaction.
use crate::case::{CASES, Case};
use pgdissect::cluster::{Cluster, OpenOptions};
use pgdissect::replay::{Ground, Start, Wish, run};
use pgdissect::source::{Options, Quiet};
use pgdissect::wal::{Opened, Timelines};

/// Those of which the server said what is in them afterwards.
pub(crate) fn recovered() -> impl Iterator<Item = &'static Case> {
    CASES.iter().filter(|case| case.starts())
}

/// Shows what replay begins with and how far it goes, and gives the cluster back.
pub(crate) fn laid<T>(case: &Case, look: impl FnOnce(&Ground<'_>) -> T) -> (Cluster, T) {
    let archives = case.archives();
    let options = (&Options::default(), &OpenOptions::default());
    let data = case.folder.join("data");
    let opened = Opened::open(&data, &archives, options, Timelines::Latest, &Quiet).unwrap();
    let cluster = opened.cluster.unwrap();
    let wish = Wish { archive: !archives.is_empty(), ..Wish::default() };
    let start = Start::decide(&cluster, &opened.log, &wish);
    let course = run(&cluster, &start, 2);
    let seen = Ground::of(&cluster, &start, &course).map(|ground| look(&ground));
    let seen = seen.unwrap_or_else(|| panic!("{}: nothing is replayed", case.name));
    (cluster, seen)
}
