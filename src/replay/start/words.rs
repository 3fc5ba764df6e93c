//! How startup words what it refuses (access/transam/xlogrecovery.c; to 14, xlog.c), per major.
use super::timelines::Path;
use crate::format::history::{HistoryError, HistoryRule};
use crate::layout::{Layout, StartupRules};
use crate::report::replay::Refusal;
use crate::types::{Lsn, TimelineId};

/// A setting's name, quoted from 17 on.
pub(in crate::replay) fn setting(name: &str, rules: StartupRules) -> String {
    if rules.quotes { format!("\"{name}\"") } else { name.to_owned() }
}

/// Startup found no checkpoint record at `lsn`, which backup_label names.
pub(super) fn no_required_checkpoint(lsn: Lsn, layout: &Layout, dir: &str) -> Refusal {
    let rules = layout.startup();
    let at = if rules.quotes { format!(" at {}", layout.lsn_text(lsn)) } else { String::new() };
    Refusal::fatal(format!("could not locate required checkpoint record{at}"))
        .hint(restoring(rules, dir))
}

/// Startup found no checkpoint record at `lsn`, which pg_control names.
pub(super) fn no_checkpoint(lsn: Lsn, layout: &Layout) -> Refusal {
    let rules = layout.startup();
    let at = if rules.quotes { format!(" at {}", layout.lsn_text(lsn)) } else { String::new() };
    bad(rules, format!("could not locate a valid checkpoint record{at}"))
}

/// A checkpoint that cannot be begun with.
fn bad(rules: StartupRules, message: String) -> Refusal {
    if rules.panics { Refusal::panic(message) } else { Refusal::fatal(message) }
}

/// Startup found no record at the redo point; with `label`, of a backup.
pub(super) fn no_redo((redo, at): (Lsn, Lsn), layout: &Layout, label: bool, dir: &str) -> Refusal {
    let rules = layout.startup();
    let place = |padded: bool, lsn: Lsn| {
        if padded { format!("{lsn:#}") } else { layout.lsn_text(lsn) }
    };
    let message = |padded| {
        let (redo, at) = (place(padded, redo), place(padded, at));
        format!("could not find redo location {redo} referenced by checkpoint record at {at}")
    };
    match label {
        true if rules.quotes => Refusal::fatal(message(false)).hint(restoring(rules, dir)),
        true => Refusal::fatal("could not find redo location referenced by checkpoint record")
            .hint(restoring(rules, dir)),
        // These words are those of minor releases from 2026 on, and padded in all majors.
        false => bad(rules, message(true)),
    }
}

fn restoring(rules: StartupRules, dir: &str) -> String {
    let or = if rules.quotes { format!(" or \"{dir}/standby.signal\"") } else { String::new() };
    format!(
        "If you are restoring from a backup, touch \"{dir}/recovery.signal\"{or} and add required recovery options.\nIf you are not restoring from a backup, try removing the file \"{dir}/backup_label\".\nBe careful: removing \"{dir}/backup_label\" will result in a corrupt cluster if restoring from a backup."
    )
}

/// The history of the timeline that is wanted is none (`readTimeLineHistory`,
/// access/transam/timeline.c). What restore_command brings has a name of its own until it is taken.
pub(super) fn history(path: &str, error: &HistoryError) -> Refusal {
    let line = &error.line;
    let message = match error.rule {
        HistoryRule::Timeline | HistoryRule::Switchpoint => {
            format!("syntax error in history file: {line}")
        }
        HistoryRule::Order => format!("invalid data in history file: {line}"),
        HistoryRule::Child => {
            let path = if path.starts_with("pg_wal/") { path } else { "pg_wal/RECOVERYHISTORY" };
            format!("invalid data in history file \"{path}\"")
        }
    };
    Refusal::fatal(message).hint(error.rule.to_string())
}

/// The checkpoint is not on the path to the timeline that is wanted.
pub(super) fn not_a_child(
    path: &Path,
    (lsn, timeline): (Lsn, TimelineId),
    layout: &Layout,
    file: &str,
) -> Refusal {
    let target = path.target();
    let Some(end) = path.end_of(timeline) else {
        return Refusal::fatal(format!(
            "requested timeline {timeline} is not in this server's history"
        ));
    };
    let of =
        if layout.startup().judges_label { format!(" in file \"{file}\"") } else { String::new() };
    let (at, end) = (layout.lsn_text(lsn), layout.lsn_text(end));
    Refusal::fatal(format!("requested timeline {target} is not a child of this server's history")).detail(
        format!("Latest checkpoint{of} is at {at} on timeline {timeline}, but in the history of the requested timeline, the server forked off from that timeline at {end}."),
    )
}

/// The minimum recovery point is not on that path.
pub(super) fn no_minimum(
    target: TimelineId,
    (lsn, timeline): (Lsn, TimelineId),
    layout: &Layout,
) -> Refusal {
    let at = layout.lsn_text(lsn);
    Refusal::fatal(format!(
        "requested timeline {target} does not contain minimum recovery point {at} on timeline {timeline}"
    ))
}
