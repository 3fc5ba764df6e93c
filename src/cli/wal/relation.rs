//! Relations, forks and blocks among the options of wal commands.
use super::CliError;
use crate::cluster::{BlockSelector, Cluster, Selector};
use crate::types::{Fork, Oid, RelFileLocator, RelFileNumber};
use crate::wal::{Log, Names, Range};
use std::ops::RangeInclusive;

/// Under which numbers the files of relations are, or were: sorted. By name that takes the data
/// directory, and what WAL says of filenodes that are gone.
///
/// # Errors
/// If one is not there, or there are no names at all.
pub(in crate::cli) fn locators(
    (cluster, log): (Option<&Cluster>, &Log),
    names: &[String],
    range: Range,
    jobs: usize,
) -> Result<Vec<RelFileLocator>, CliError> {
    let mut all = Vec::new();
    let mut history = None;
    for name in names {
        if let Some(locator) = numbers(name) {
            all.push(locator);
            continue;
        }
        let Some(cluster) = cluster else {
            return Err(CliError::usage(format!("there are no names to look up \"{name}\" in"))
                .hint("Give numbers, such as 1663/5/16384, or the data directory."));
        };
        let history =
            history.get_or_insert_with(|| Names::with_history(Some(cluster), log, range, jobs));
        match cluster.select(&[Selector::parse(name)?]) {
            Ok(relations) => {
                all.extend(relations.into_iter().flat_map(|of| history.locators(of)));
            }
            Err(error) => match history.locators_of_gone(name) {
                gone if gone.is_empty() => return Err(error.into()),
                gone => all.extend(gone),
            },
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// `1663/5/16384`, as pg_waldump takes it.
fn numbers(text: &str) -> Option<RelFileLocator> {
    let mut parts = text.split('/').map(|part| part.parse::<u32>().ok());
    let mut next = || parts.next().flatten();
    let (tablespace, database, number) = (Oid(next()?), Oid(next()?), RelFileNumber(next()?));
    let locator = RelFileLocator { tablespace, database, number };
    parts.next().is_none().then_some(locator)
}

/// One block, or a range of them.
pub(in crate::cli) fn blocks(text: &str) -> Result<RangeInclusive<u32>, String> {
    match BlockSelector::parse(text) {
        Ok(BlockSelector::Range(blocks)) => Ok(blocks),
        _ => Err("expected a number, or a range such as 0-9".to_owned()),
    }
}

/// A fork by its name.
pub(in crate::cli) fn fork(text: &str) -> Result<Fork, String> {
    let fork = Fork::ALL.into_iter().find(|fork| fork.name() == text);
    fork.ok_or_else(|| "expected main, fsm, vm or init".to_owned())
}
