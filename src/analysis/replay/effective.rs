//! A cluster with its transactions as recovery would leave them.
use crate::cluster::{Cluster, Overlay};
use crate::replay::order::{ForkState, Simulation};
use crate::replay::{Ground, Replayed, Start, Wish, run};
use crate::source::Kind as InputKind;
use crate::types::Lsn;
use crate::wal::{Log, Timelines};

/// A cluster, and why its transactions are as the files have them, if recovery would change them.
#[derive(Debug)]
pub struct Laid {
    /// The cluster.
    pub cluster: Cluster,
    /// What stands in the way.
    pub refused: Option<String>,
}

/// Lays what recovery would do over the transactions of `cluster`, and a note that says so; one that
/// was stopped cleanly, or is only a file, stays as it is.
pub fn effective(cluster: Cluster, jobs: usize) -> Laid {
    let clean = cluster.control().is_some_and(|control| control.state.is_clean());
    let settled = clean && cluster.recovery().backup_label.is_none();
    if settled || matches!(cluster.source().kind(), InputKind::File | InputKind::Files) {
        return Laid { cluster, refused: None };
    }
    let log = Log::of_cluster_and(&cluster, Vec::new(), Timelines::Latest);
    let start = Start::decide(&cluster, &log, &Wish::default());
    let course = start.refusal.is_none().then(|| run(&cluster, &start, jobs));
    let refusal = start.refusal.as_ref();
    let refusal = refusal.or_else(|| course.as_ref().and_then(|course| course.refusal.as_ref()));
    let ground = course.as_ref().and_then(|course| Ground::of(&cluster, &start, course));
    match (refusal, ground) {
        (Some(refusal), _) => {
            let why = format!("the server would not start: {}", refusal.message);
            let note =
                format!("Transactions are as the files have them, since {why}. replay says more.");
            Laid { cluster: cluster.noted(note), refused: Some(why) }
        }
        (None, None) => Laid { cluster, refused: None },
        (None, Some(ground)) => {
            let (overlay, note) = after_recovery(&ground, jobs);
            Laid { cluster: cluster.after_recovery(overlay, note), refused: None }
        }
    }
}
/// What to lay over the transactions of a cluster, and the sentence that says so: for
/// [`crate::cluster::Cluster::after_recovery`].
pub fn after_recovery(ground: &Ground<'_>, jobs: usize) -> (Overlay, String) {
    let replayed = ground.replay(
        jobs,
        |_, _| None::<()>,
        |simulation, part| simulation.take(part.order, |_, _, _, _| {}),
    );
    let note = note(&replayed, ground);
    (replayed.fates.overlay(ground.waits), note)
}

fn note(replayed: &Replayed<'_>, ground: &Ground<'_>) -> String {
    let layout = ground.cluster.dialect().layout;
    let lsn = |lsn: Lsn| layout.lsn_text(lsn);
    let (commits, aborts) = (replayed.fates.commits, replayed.fates.aborts);
    let (pages, relations) = changed(&replayed.simulation);
    let end = replayed.passed.end.unwrap_or(ground.span.redo);
    format!(
        "Transactions are shown as recovery would leave them: what WAL from {} to {} says is laid \
         over pg_xact and pg_multixact (commits: {commits}, rollbacks: {aborts}). Replay would still \
         change {pages} pages of {relations} relations. --as-on-disk shows the files alone.",
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
