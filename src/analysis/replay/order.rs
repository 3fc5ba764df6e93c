//! What replay does to blocks and files, and the pages that matter, as reports.
use super::sections::Sight;
use crate::analysis::pages::Left;
use crate::analysis::wal::copies::BlockOf;
use crate::cluster::Cluster;
use crate::replay::order::{ForkState, Healed, InvalidPage, Simulation, Tally};
use crate::replay::{Ground, Replayed};
use crate::report::replay::{Order, Others, PageList, PageRow, Pages, RelationRow, Stretch};
use crate::types::{BlockNumber, Fork, Lsn, RelFileLocator};
use crate::wal::Names;

/// What replay does to blocks and files.
pub(super) fn order(ground: &Ground<'_>, names: &Names<'_>, replayed: &Replayed<'_>) -> Order {
    let passed = &replayed.passed;
    let mut order = Order {
        redo_lsn: ground.span.redo,
        end_lsn: passed.end.unwrap_or(ground.span.redo),
        records: passed.records,
        bytes: passed.bytes,
        ..Order::default()
    };
    for (locator, fork, tally, state) in replayed.simulation.forks() {
        let row = relation(ground.cluster, names, (locator, fork), tally, state);
        order.blocks.add(&row.blocks);
        order.pages += row.pages;
        order.changed += row.changed;
        order.relations.push(row);
    }
    order.relations.sort_by(|one, other| {
        (&one.relation, one.fork, &one.file).cmp(&(&other.relation, other.fork, &other.file))
    });
    order
}

fn relation(
    cluster: &Cluster,
    names: &Names<'_>,
    (locator, fork): (RelFileLocator, Fork),
    tally: &Tally,
    state: Option<&ForkState<'_>>,
) -> RelationRow {
    let fate = state.and_then(|state| match () {
        () if state.exists() && state.is_created() => Some("created"),
        () if !state.exists() && state.is_dropped() => Some("dropped"),
        () => None,
    });
    let truncated = state.and_then(ForkState::truncated);
    let there = state.is_some_and(ForkState::exists);
    RelationRow {
        relation: if there { names.text_at_end(locator) } else { names.text(locator) },
        fork,
        file: path(cluster, locator, fork),
        fate,
        blocks_after: state.map_or(0, ForkState::blocks),
        pages: state.map_or(0, |state| state.pages().len() as u64),
        changed: state.map_or(0, ForkState::changed),
        blocks: tally.blocks,
        first_lsn: tally.first,
        last_lsn: tally.last,
        truncated_lsn: truncated.map(|(lsn, _)| lsn),
        truncated_to: truncated.map(|(_, blocks)| blocks),
    }
}

/// The path of a fork, as PostgreSQL names it.
pub(super) fn path(cluster: &Cluster, locator: RelFileLocator, fork: Fork) -> Option<String> {
    let dir = cluster.tablespaces().directory(locator.tablespace, locator.database)?;
    Some(format!("{dir}/{}{}", locator.number, fork.suffix()))
}

/// The pages that matter.
pub(super) fn pages(ground: &Ground<'_>, names: &Names<'_>, replayed: &Replayed<'_>) -> Pages {
    let simulation = &replayed.simulation;
    let sight = Sight { ground, names };
    let mut pages = Pages {
        explained: simulation.invalid.explained,
        no_images: replayed.fates.no_images().map(stretch).collect(),
        ..Pages::default()
    };
    list(&sight, &simulation.healed, simulation.healed_count, &mut pages.healed);
    list(&sight, &simulation.broken, simulation.broken_count, &mut pages.broken);
    for (row, page) in pages.broken.first.iter_mut().zip(&simulation.broken) {
        row.postgres_says = Some(sight.invalid_page(page));
    }
    missing(&sight, simulation, &mut pages);
    ahead(&sight, replayed, &mut pages.ahead);
    pages
}

fn stretch((from_lsn, until_lsn): (Lsn, Option<Lsn>)) -> Stretch {
    Stretch { from_lsn, until_lsn }
}

fn list(sight: &Sight<'_>, found: &[Healed], count: u64, into: &mut PageList) {
    for page in found {
        into.push(|| sight.row((page.locator, page.fork, page.block), Some(page.lsn)));
    }
    into.count = count;
}

fn missing(sight: &Sight<'_>, simulation: &Simulation<'_>, pages: &mut Pages) {
    let row = |page: &InvalidPage| {
        let path = path(sight.ground.cluster, page.locator, page.fork);
        let says = page.message(&path.unwrap_or_else(|| sight.names.text(page.locator)));
        let of = (page.locator, page.fork, page.block);
        PageRow { postgres_says: Some(says), ..sight.row(of, Some(page.lsn)) }
    };
    for page in simulation.invalid.open() {
        pages.missing.push(|| row(&page));
    }
    if pages.missing.count > 0 {
        pages.missing_fate = Some(if simulation.fatal.is_some() { "refused" } else { "ignored" });
    }
}

fn ahead(sight: &Sight<'_>, replayed: &Replayed<'_>, into: &mut PageList) {
    let end = replayed.passed.end.unwrap_or(sight.ground.span.redo);
    for (locator, fork, _, state) in replayed.simulation.forks() {
        let pages = state.into_iter().flat_map(ForkState::pages);
        let mut ahead: Vec<_> =
            pages.filter(|(_, page)| page.before > end && !page.is_damaged()).collect();
        ahead.sort_unstable_by_key(|(block, _)| **block);
        for (&block, page) in ahead {
            let of = (locator, fork, BlockNumber(block));
            into.push(|| sight.row(of, Some(page.before)));
        }
    }
}

/// Pages that no record names.
pub(super) fn others(names: &Names<'_>, left: &Left) -> Others {
    let row = |(locator, fork, block): BlockOf, lsn| {
        let relation = names.text(locator);
        PageRow { relation, fork, block, lsn, postgres_says: None }
    };
    let mut others = Others { read: left.pages, ..Others::default() };
    for of in &left.bad.first {
        others.damaged.push(|| row(*of, None));
    }
    for (of, lsn) in &left.ahead.first {
        others.ahead.push(|| row(*of, Some(*lsn)));
    }
    (others.damaged.count, others.ahead.count) = (left.bad.count, left.ahead.count);
    others
}
