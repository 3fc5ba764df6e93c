//! Whether it would start, and what would be gone: the answers of `replay`, said shortly.
use super::{Evidence, plural, seconds};
use crate::report::replay::{Beyond, Outcome, Replay};
use crate::report::triage::{Lost, Verdict};
use crate::types::{Lsn, pretty_size};

pub(super) fn verdict(evidence: &Evidence<'_>) -> Verdict {
    let replay = &evidence.replay;
    let end = replay.end.as_ref();
    let from = end.and_then(|end| end.redo_start_lsn);
    let to = from.and(end.map(|end| end.end_lsn));
    let bytes = from.zip(to).map_or(0, |(from, to)| to.0.saturating_sub(from.0));
    Verdict {
        starts: replay.starts,
        sentence: sentence(replay, from.zip(to), bytes),
        refusal: replay.refusal.clone(),
        recovery: replay.start.recovery,
        from,
        to,
        bytes,
        records: from.and(end).map_or(0, |end| end.records),
        commits: from.and(end).map_or(0, |end| end.commits),
    }
}

fn sentence(replay: &Replay, replayed: Option<(Lsn, Lsn)>, bytes: u64) -> String {
    if !replay.starts {
        let missing = replay.start.segments.as_ref().and_then(|of| of.missing.first());
        let missing = missing.map(|name| format!(" Segment {name} is missing."));
        return format!("would not start.{} It would say:", missing.unwrap_or_default());
    }
    let kind = match replay.start.recovery {
        "none" => return "would start without recovery.".to_owned(),
        "crash" => "crash recovery",
        "crash-then-archive" => "crash recovery, then archive recovery",
        "backup" => "recovery of a base backup",
        _ => "archive recovery",
    };
    let Some(end) = &replay.end else { return format!("would start with {kind}.") };
    let waits = if end.waits { ", and then wait for more WAL" } else { "" };
    match replayed {
        Some((from, to)) => format!(
            "would start with {kind} from {from} to {to}{waits}: {} of WAL, {}, {}.",
            pretty_size(bytes),
            plural(end.records, "record"),
            plural(end.commits, "commit")
        ),
        None => format!("would start with {kind}{waits}: no record is to be replayed."),
    }
}

pub(super) fn lost(evidence: &Evidence<'_>) -> Lost {
    let replay = &evidence.replay;
    let end = replay.end.as_ref();
    let (behind_damage, left_out) =
        end.map_or((None, None), |end| (end.lost.clone(), end.left_out.clone()));
    let outcome = replay.outcome.as_ref().filter(|_| replay.starts);
    // A standby goes on with them.
    let waits = end.is_some_and(|end| end.waits);
    let (open, open_rows) = outcome.filter(|_| !waits).map_or((0, 0), open);
    let unlogged = outcome.map_or(0, |of| of.unlogged.len() as u64);
    let mut words = Vec::new();
    if !replay.starts {
        words.push("everything, until it starts: no server opens it as it is".to_owned());
    }
    words.extend(behind_damage.as_ref().map(|of| format!("behind damage in WAL {}", said(of))));
    let by =
        if end.is_some_and(|end| end.ended_by == "target") { "the target" } else { "recovery" };
    words.extend(left_out.as_ref().map(|of| format!("{by} leaves out {}", said(of))));
    if open > 0 {
        let did = match open_rows {
            0 => String::new(),
            rows => format!(", which had changed {}", plural(rows, "row")),
        };
        words.push(format!("{}{did}", plural(open, "open transaction")));
    }
    if unlogged > 0 {
        let of = plural(unlogged, "unlogged relation");
        words.push(format!("what is in {of}"));
    }
    Lost { behind_damage, left_out, open, open_rows, unlogged, words }
}

fn said(of: &Beyond) -> String {
    let counts = format!("{} with {}", plural(of.records, "record"), plural(of.commits, "commit"));
    match (of.since, of.until) {
        (Some(since), Some(until)) => {
            format!("{counts} ({} to {})", seconds(since), seconds(until))
        }
        _ => counts,
    }
}

/// Transactions that are open at the end, and the rows that they had changed.
fn open(outcome: &Outcome) -> (u64, u64) {
    let listed = outcome.open.len() + outcome.running.len();
    let relations = outcome.open.iter().flat_map(|xact| &xact.relations);
    let rows = relations.map(|of| of.inserted + of.updated + of.deleted).sum();
    (listed as u64 + outcome.more_open, rows)
}
