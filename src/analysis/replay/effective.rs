//! A cluster with its transactions as recovery would leave them.
use crate::cluster::Overlay;
use crate::replay::order::{ForkState, Simulation};
use crate::replay::{Ground, Replayed};
use crate::types::Lsn;

/// What to lay over the transactions of a cluster, and the sentence that says so: for
/// [`crate::cluster::Cluster::after_recovery`].
pub fn after_recovery(ground: &Ground<'_>, jobs: usize) -> (Overlay, String) {
    let replayed = ground.replay(
        jobs,
        |_, _| None::<()>,
        |simulation, part| simulation.take(part.order, |_, _, _, _| {}),
    );
    let note = note(&replayed, ground);
    (replayed.fates.overlay(), note)
}

fn note(replayed: &Replayed<'_>, ground: &Ground<'_>) -> String {
    let layout = ground.cluster.dialect().layout;
    let lsn = |lsn: Lsn| layout.lsn_text(lsn);
    let (commits, aborts) = (replayed.fates.commits, replayed.fates.aborts);
    let (pages, relations) = changed(&replayed.simulation);
    let end = replayed.passed.end.unwrap_or(ground.span.redo);
    format!(
        "Transactions are shown as recovery would leave them: WAL from {} to {} has {commits} \
         commits and {aborts} rollbacks beyond pg_xact. Pages are as they are on disk: replay \
         would still change {pages} of them, in {relations} relations. --as-on-disk shows the \
         files alone.",
        lsn(ground.span.redo),
        lsn(end),
    )
}

/// How many pages replay leaves other than they are in the files, and of how many relations.
fn changed(simulation: &Simulation<'_>) -> (u64, u64) {
    let (mut pages, mut relations, mut last) = (0, 0, None);
    for (locator, _, _, state) in simulation.forks() {
        let here = state.map_or(0, ForkState::changed);
        pages += here;
        if here > 0 && last != Some(locator) {
            relations += 1;
            last = Some(locator);
        }
    }
    (pages, relations)
}
