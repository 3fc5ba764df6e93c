//! WAL: the end, timelines, targets, backups.
use super::super::{Evidence, holders, plural};
use super::Answer;
use crate::report::triage::{MessageState, Step};
use crate::types::{Lsn, TimelineId, pretty_size};

/// What to see next of WAL.
pub(super) fn check(evidence: &Evidence<'_>) -> Step {
    Step::new(evidence.command("wal check", ""), "which segments there are, where WAL ends and why")
}

pub(super) fn replay(evidence: &Evidence<'_>) -> Step {
    Step::new(evidence.command("replay", ""), "how it would start, and where it would end")
}

pub(super) fn place(evidence: &Evidence<'_>, lsn: Lsn) -> Answer {
    let Some(end) = &evidence.replay.end else {
        let found = "recovery does not come to WAL: it would not start";
        return Answer::new(MessageState::Unknown, found, "see why it would not start first.")
            .about(format!("WAL at {lsn}"))
            .then(replay(evidence))
            .then(check(evidence));
    };
    let lost = end.lost.as_ref();
    let of = end.end_of_wal.as_ref();
    let at_end = of.is_some_and(|of| of.lsn == lsn);
    let answer = match (of, lost) {
        (Some(of), Some(lost)) if at_end => {
            let found = format!(
                "WAL is damaged there ({}), and goes on behind it: {} with {} that no server reads",
                of.class.name(),
                plural(lost.records, "record"),
                plural(lost.commits, "commit")
            );
            let advice = format!(
                "look for a whole {} in an archive or on a standby before it is started: a start writes over what is behind.",
                of.segment
            );
            Answer::new(MessageState::Confirmed, found, advice).because(of.explanation.clone())
        }
        (Some(of), None) if at_end => {
            let advice = "nothing to repair: crash recovery ends like that. Let it start, on a copy if in doubt.";
            Answer::new(
                MessageState::Confirmed,
                format!("WAL ends there ({})", of.class.name()),
                advice,
            )
            .because(of.explanation.clone())
        }
        _ if lsn < end.end_lsn => {
            let found = format!("WAL is readable there and goes on to {}", end.end_lsn);
            let advice = "the server saw another file, or had not written so far yet; nothing to repair there.";
            Answer::new(MessageState::NotSeen, found, advice)
        }
        _ => {
            let found =
                format!("it is behind the end of WAL that recovery comes to, {}", end.end_lsn);
            let advice = "look for the segments from there on in an archive.";
            Answer::new(MessageState::Unknown, found, advice)
        }
    };
    answer
        .about(format!("WAL at {lsn}"))
        .then(Step::new(
            evidence.command(&format!("wal dump --start {lsn}"), ""),
            "the records from there on",
        ))
        .then(check(evidence))
}

pub(super) fn segment(evidence: &Evidence<'_>, segment: &str) -> Answer {
    let files = evidence.log.segments().values();
    let there = files.clone().find(|file| file.path.ends_with(segment));
    let of = evidence.replay.end.as_ref().and_then(|end| end.end_of_wal.as_ref());
    let ends = of.filter(|of| of.segment == segment);
    let answer = match (there, ends) {
        (None, _) => {
            let advice = "look for it in an archive, or on a standby.";
            Answer::new(MessageState::Absent, "the segment is not there", advice)
        }
        (Some(_), Some(of)) => {
            let lost = evidence.replay.end.as_ref().and_then(|end| end.lost.as_ref());
            let advice = match lost {
                Some(_) => {
                    "look for a whole copy of it in an archive before it is started: what is behind would be lost."
                }
                None => "nothing to repair: WAL ends in it, as it does after a crash.",
            };
            Answer::new(
                MessageState::Confirmed,
                format!("WAL ends in it at {} ({})", of.lsn, of.class.name()),
                advice,
            )
            .because(of.explanation.clone())
        }
        (Some(_), None) => {
            let advice = "compare it with the archive's copy; old segments wait to be written over, and look like that.";
            Answer::new(
                MessageState::NotSeen,
                "the segment is there, and WAL does not end in it",
                advice,
            )
        }
    };
    answer.about(format!("segment {segment}")).then(check(evidence))
}

pub(super) fn other_system(evidence: &Evidence<'_>) -> Answer {
    let replay = &evidence.replay;
    let checkpoint = replay.start.checkpoint.as_ref();
    let said = checkpoint.and_then(|of| Some((&of.segment, of.postgres_says.as_ref()?)));
    let end = replay.end.as_ref().and_then(|end| end.end_of_wal.as_ref());
    let said = said.or_else(|| end.map(|of| (&of.segment, &of.postgres_says)));
    let found = said.filter(|(_, said)| said.starts_with("WAL file is from different"));
    let answer = if let Some((segment, said)) = found {
        let advice = format!(
            "copy the directory; look for the {segment} that this cluster itself wrote, in its own archive."
        );
        Answer::new(MessageState::Confirmed, said.clone(), advice).about(segment.clone())
    } else {
        let advice =
            "see whether this is the directory, and the archive, that the message is about.";
        let found = "no segment on recovery's way is of another cluster";
        Answer::new(MessageState::NotSeen, found, advice)
    };
    answer
        .because(
            "segments of another cluster were put into pg_wal, or two clusters share an archive",
        )
        .then(check(evidence))
        .then(self::replay(evidence))
}

pub(super) fn timeline(evidence: &Evidence<'_>, timeline: TimelineId) -> Answer {
    let histories = evidence.log.histories();
    let exists = timeline == TimelineId(1) || histories.of(timeline).is_some();
    let control = evidence.cluster.control();
    let own = control.map(|control| control.check_point_copy.this_timeline_id);
    let checkpoint = control.map(|control| control.check_point).unwrap_or_default();
    let path: Vec<_> =
        evidence.replay.start.path.iter().map(|part| part.timeline.to_string()).collect();
    let found = match (&evidence.replay.refusal, own) {
        (Some(refusal), _) => format!("it would say \"{}\"", refusal.message),
        (None, Some(own)) => format!(
            "the checkpoint {checkpoint} is on timeline {own}; the way goes over timelines {}",
            path.join(", ")
        ),
        (None, None) => "pg_control does not say on which timeline this is".to_owned(),
    };
    let state = match (&evidence.replay.refusal, exists) {
        (Some(refusal), _) if refusal.message.contains("timeline") => MessageState::Confirmed,
        (_, false) => MessageState::Absent,
        (Some(_), true) => MessageState::Unknown,
        (None, true) => MessageState::NotSeen,
    };
    let cause = if exists {
        "the server that this is a copy of went on after the other one was promoted: its last checkpoint is behind the place where the timelines part"
    } else {
        "the history file of that timeline is not here: an archive may have it"
    };
    let own = own.unwrap_or_default();
    let advice = format!(
        "recover to the timeline that this is on (recovery_target_timeline = '{own}'), or make this copy anew from the promoted server (pg_rewind, on a copy)."
    );
    Answer::new(state, found, advice)
        .about(format!("timeline {timeline}"))
        .because(cause)
        .then(check(evidence))
        .then(Step::new(
            evidence.command("replay --list-targets", ""),
            "timelines and where they part",
        ))
}

pub(super) fn target(evidence: &Evidence<'_>) -> Answer {
    let target = evidence.replay.targets.as_ref().and_then(|targets| targets.target.as_ref());
    let last = evidence.replay.end.as_ref().and_then(|end| end.last_commit.as_ref());
    let last =
        last.map(|last| format!("; the last commit there is of {}", last.time)).unwrap_or_default();
    let (state, found) = match target {
        Some(of) if of.reachable => (
            MessageState::NotSeen,
            format!(
                "the target {} {} is reached with the WAL that is here{last}",
                of.kind, of.value
            ),
        ),
        Some(of) => {
            (MessageState::Confirmed, format!("WAL ends before {} {}{last}", of.kind, of.value))
        }
        None => (MessageState::Unknown, format!("no recovery target is set here{last}")),
    };
    let advice = "name the archive with --archive, or choose a target that can be reached: a time is reached only by a commit after it.";
    Answer::new(state, found, advice)
        .about("recovery target")
        .then(Step::new(evidence.command("replay --list-targets", ""), "what can be a target"))
}

pub(super) fn backup_end(evidence: &Evidence<'_>) -> Answer {
    let end = evidence.replay.end.as_ref();
    let seen = end.and_then(|end| end.backup_end_lsn.or(end.consistent_lsn));
    let stops = end.map(|end| format!("; WAL ends at {}", end.end_lsn)).unwrap_or_default();
    let (state, found) = match (&evidence.replay.refusal, seen) {
        (Some(refusal), _) if refusal.message.starts_with("WAL ends before") => (
            MessageState::Confirmed,
            format!("what would make the files consistent is not in the WAL that is here{stops}"),
        ),
        (Some(refusal), _) => (
            MessageState::Unknown,
            format!("recovery does not come so far: it would say \"{}\"", refusal.message),
        ),
        (None, Some(lsn)) => {
            (MessageState::NotSeen, format!("WAL has what makes the files consistent, up to {lsn}"))
        }
        (None, None) => (
            MessageState::NotSeen,
            format!("nothing says here that recovery has to come to a certain point{stops}"),
        ),
    };
    let limits = &evidence.replay.start.limits;
    let from =
        limits.backup_start_lsn.map(|lsn| format!(" (it began at {lsn})")).unwrap_or_default();
    let advice = "get the segments from there on out of the archive (--archive names one). Without them the backup cannot be made consistent; do not remove backup_label.";
    Answer::new(state, found, advice)
        .about(format!("base backup{from}"))
        .because("the archive lacks the last segments of the backup, or the backup was broken off")
        .then(replay(evidence))
        .then(check(evidence))
}

pub(super) fn invalid_pages(evidence: &Evidence<'_>) -> Answer {
    let predicted =
        evidence.replay.refusal.as_ref().filter(|of| of.message.contains("invalid pages"));
    let (state, found) = match predicted {
        Some(of) => (MessageState::Confirmed, of.message.clone()),
        None => (
            MessageState::Unknown,
            "WAL names blocks of files; the warnings before the message say which".to_owned(),
        ),
    };
    let advice = "give triage those warnings too (\"page … of relation … does not exist\"). A database left out of the restore by design explains it; else files are missing from the copy.";
    Answer::new(state, found, advice)
        .then(Step::new(evidence.command("ls", ""), "relations whose files are missing"))
        .then(replay(evidence))
}

pub(super) fn flush(evidence: &Evidence<'_>, lsn: Lsn) -> Answer {
    let end = evidence.replay.end.as_ref().map(|end| end.end_lsn);
    let ahead = evidence.pages.as_ref().map_or(0, |pages| pages.ahead.count);
    let (state, found) = match end {
        Some(end) if end < lsn => (
            MessageState::Confirmed,
            format!(
                "WAL ends at {end}, before {lsn}; {} are newer than WAL",
                plural(ahead, "page")
            ),
        ),
        Some(end) => (MessageState::NotSeen, format!("WAL goes to {end}, beyond {lsn}")),
        None => {
            (MessageState::Unknown, "recovery does not come to WAL: it would not start".to_owned())
        }
    };
    let advice = "find the WAL that the pages are of, or files of the same moment: a copy that mixes times cannot be recovered to a consistent state.";
    Answer::new(state, found, advice)
        .about(format!("WAL at {lsn}"))
        .because(
            "the copy mixes times, WAL was lost or reset (pg_resetwal), or a page's LSN is damaged",
        )
        .then(check(evidence))
}

pub(super) fn removed(evidence: &Evidence<'_>, segment: &str) -> Answer {
    let there = evidence.log.segments().values().any(|file| file.path.ends_with(segment));
    let bytes: u64 = evidence.log.segments().values().map(|file| file.len).sum();
    let answer = if there {
        let advice =
            "the standby asked another server, or the segment came back: let it try again.";
        Answer::new(MessageState::NotSeen, "the segment is there", advice)
    } else {
        let found = format!("the segment is not there; what is there has {}", pretty_size(bytes));
        let advice = "get it from an archive (restore_command on the standby), or make the standby anew; a slot would have kept it.";
        Answer::new(MessageState::Confirmed, found, advice)
    };
    let slots = holders::holders(evidence).len() as u64;
    answer
        .about(format!("segment {segment}"))
        .because(match slots {
            0 => "nothing holds WAL back here".to_owned(),
            count => format!("{count} slots and prepared transactions hold WAL or rows back here"),
        })
        .then(check(evidence))
}
