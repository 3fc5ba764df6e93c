//! The checkpoint that recovery begins with, and its redo point.
use super::super::Evidence;
use super::Answer;
use super::wal::{check, replay};
use crate::report::replay::{Checkpoint, Start};
use crate::report::triage::MessageState;

pub(super) fn checkpoint(evidence: &Evidence<'_>) -> Answer {
    let start = &evidence.replay.start;
    let Some(of) = &start.checkpoint else {
        let found = "pg_control names no checkpoint, or cannot be read";
        let advice = "copy the directory; look for a pg_control of the same moment in a backup.";
        return Answer::new(MessageState::Unknown, found, advice).then(check(evidence));
    };
    let answer = if !of.valid {
        no_checkpoint(start, of)
    } else if let Some(answer) = no_redo(evidence, of) {
        answer
    } else {
        let advice =
            "see whether this is the directory that the message is about; start a copy of it.";
        let found = format!(
            "the {} checkpoint at {} is there, in {}",
            of.kind.unwrap_or(""),
            of.lsn,
            of.segment
        );
        Answer::new(MessageState::NotSeen, found, advice)
    };
    answer
        .about(format!("checkpoint {} ({})", of.lsn, of.told_by))
        .then(check(evidence))
        .then(replay(evidence))
}

fn no_checkpoint(start: &Start, of: &Checkpoint) -> Answer {
    let found = match &of.file {
        None => {
            format!("segment {}, which has the checkpoint at {}, is not there", of.segment, of.lsn)
        }
        Some(file) => format!(
            "{file} has no checkpoint at {}: {}",
            of.lsn,
            of.postgres_says.as_deref().unwrap_or("no record there")
        ),
    };
    let cause = if start.pgbackrest {
        "pgBackRest wrote 0/DEAD there: this is a restored backup whose backup_label is gone. Restore it again"
    } else if of.file.is_none() {
        "the segment was removed, or left out of the copy; a base backup without its backup_label looks like that too"
    } else {
        "the segment was overwritten, cut or zeroed, or is of another time than pg_control"
    };
    let advice = format!(
        "copy the directory; put segment {} back from an archive or another copy, and a backup_label if there was one. Not pg_resetwal: triage without a message says what that costs.",
        of.segment
    );
    Answer::new(MessageState::Confirmed, found, advice).because(cause)
}

/// The checkpoint is there, and the redo point that it names is not; `None` if that is there too.
fn no_redo(evidence: &Evidence<'_>, of: &Checkpoint) -> Option<Answer> {
    let start = &evidence.replay.start;
    let (redo, segments) = (start.redo_lsn?, start.segments.as_ref()?);
    let segment = &segments.first;
    let missing = redo < of.lsn && segments.missing.first() == Some(segment);
    let refusal = evidence.replay.refusal.as_ref();
    if !missing && !refusal.is_some_and(|refusal| refusal.message.contains("redo")) {
        return None;
    }
    let there = format!("the checkpoint at {} is there, in {}", of.lsn, of.segment);
    let begins = format!("WAL from its redo point {redo} on");
    let found = if missing {
        let all_the_same = if evidence.replay.starts {
            ". This major starts all the same, and replays nothing"
        } else {
            ""
        };
        format!("{there}; segment {segment}, with {begins}, is not{all_the_same}")
    } else {
        format!("{there}; {begins} cannot be read in segment {segment}")
    };
    let (cause, advice) = if of.told_by == "backup_label" {
        (
            "a restored backup: its WAL is in an archive, and nothing here says where that is (recovery.signal, restore_command), or the archive lacks the segment",
            format!(
                "copy the directory; put segment {segment} and those after it into pg_wal, or say with recovery.signal and restore_command where they are (--archive shows here what would come of it). Never remove backup_label."
            ),
        )
    } else {
        (
            "the segment was removed, overwritten, or left out of the copy",
            format!(
                "copy the directory; put segment {segment} back from an archive or another copy. Not pg_resetwal: triage without a message says what that costs."
            ),
        )
    };
    Some(Answer::new(MessageState::Confirmed, found, advice).because(cause))
}
