//! HOT chains: which line pointer leads to which.
use crate::report::page::{Item, Link};

/// The chains of more than one line pointer, each from one that nobody leads to. On damaged pages
/// chains can run into each other or in circles: each ends where it comes to what was shown.
pub(super) fn of(items: &[Item]) -> Vec<Vec<Link>> {
    let mut led_to = vec![false; items.len()];
    for next in items.iter().filter_map(next) {
        led_to.get_mut(next).into_iter().for_each(|led| *led = true);
    }
    let mut shown = vec![false; items.len()];
    let firsts = (0..)
        .zip(items)
        .filter(|(at, item)| item.chain_next.is_some() && led_to.get(*at) == Some(&false));
    let chains = firsts.map(|(at, _)| chain(items, at, &mut shown));
    chains.filter(|chain| chain.len() > 1).collect()
}

/// Where the chain goes on, from 0.
fn next(item: &Item) -> Option<usize> {
    usize::from(item.chain_next?).checked_sub(1)
}

fn chain(items: &[Item], first: usize, shown: &mut [bool]) -> Vec<Link> {
    let mut links = Vec::new();
    let mut at = Some(first);
    while let Some((item, shown)) = at.and_then(|at| items.get(at).zip(shown.get_mut(at))) {
        let what = match &item.tuple {
            Some(tuple) => tuple.fate.name(),
            None => match item.lp_flags {
                0 => "unused",
                2 => "redirect",
                3 => "dead",
                _ => "no tuple",
            },
        };
        links.push(Link { lp: item.lp, what });
        at = if std::mem::replace(shown, true) { None } else { next(item) };
    }
    links
}
