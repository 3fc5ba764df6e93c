//! Messages, answered: the object, its state in the files, the cause as far as evidence shows, good
//! copies, and the next safe step.
mod block;
mod parse;
mod place;
mod toast;
mod wal;
mod xact;

pub use parse::Heard;

use super::Evidence;
use crate::report::triage::{Message, MessageState, Step};
use parse::{OneHeard, Topic};

/// An answer without the message that it is to.
struct Answer {
    object: Option<String>,
    block: Option<(crate::types::Fork, crate::types::BlockNumber)>,
    state: MessageState,
    found: String,
    cause: Option<String>,
    copies: Option<crate::report::triage::Copies>,
    advice: String,
    next: Vec<Step>,
}

impl Answer {
    fn new(state: MessageState, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            object: None,
            block: None,
            state,
            found: found.into(),
            cause: None,
            copies: None,
            advice: advice.into(),
            next: Vec::new(),
        }
    }

    fn about(self, object: impl Into<String>) -> Self {
        Self { object: Some(object.into()), ..self }
    }

    fn because(self, cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }

    fn then(mut self, step: Step) -> Self {
        self.next.push(step);
        self
    }
}

pub(super) fn answers(evidence: &Evidence<'_>) -> Vec<Message> {
    evidence.request.heard.messages.iter().map(|heard| answer(evidence, heard)).collect()
}

fn answer(evidence: &Evidence<'_>, heard: &OneHeard) -> Message {
    let answer = match &heard.topic {
        None => unknown(evidence, &heard.text),
        Some(Topic::Blocks { relation, blocks }) => block::blocks(evidence, relation, blocks),
        Some(Topic::File(path)) => block::file(evidence, path),
        Some(Topic::Xid(xid)) => xact::xid(evidence, *xid),
        Some(Topic::Multi(multi)) => xact::multi(evidence, *multi),
        Some(Topic::Unfrozen { xid, limit }) => xact::unfrozen(evidence, *xid, *limit),
        Some(Topic::UnfrozenMulti { multi, limit }) => {
            xact::unfrozen_multi(evidence, *multi, *limit)
        }
        Some(Topic::Wraparound) => xact::wraparound(evidence),
        Some(Topic::Toast { value, of }) => toast::value(evidence, *value, *of),
        Some(Topic::Alloc) => toast::alloc(evidence),
        Some(Topic::Attributes(oid)) => toast::attributes(evidence, *oid),
        Some(Topic::Flush(lsn)) => wal::flush(evidence, *lsn),
        Some(Topic::Checkpoint) => wal::checkpoint(evidence),
        Some(Topic::Wal(lsn)) => wal::place(evidence, *lsn),
        Some(Topic::WalPage(segment)) => wal::segment(evidence, segment),
        Some(Topic::Timeline(timeline)) => wal::timeline(evidence, *timeline),
        Some(Topic::TargetNotReached) => wal::target(evidence),
        Some(Topic::BackupEnd) => wal::backup_end(evidence),
        Some(Topic::InvalidPages) => wal::invalid_pages(evidence),
        Some(Topic::Removed(segment)) => wal::removed(evidence, segment),
        Some(Topic::DiskFull) => place::disk_full(evidence),
        Some(Topic::ControlFile) => place::control_file(evidence),
    };
    let (fork, block) = answer.block.unzip();
    Message {
        message: heard.text.clone(),
        count: heard.count,
        object: answer.object,
        fork,
        block,
        state: answer.state,
        found: answer.found,
        cause: answer.cause,
        copies: answer.copies,
        advice: answer.advice,
        next: answer.next,
    }
}

fn unknown(evidence: &Evidence<'_>, text: &str) -> Answer {
    let refusal = evidence.replay.refusal.as_ref().filter(|of| text.contains(&of.message));
    if let Some(of) = refusal {
        let found = "a server would end with it here".to_owned();
        let cause = of.detail.as_ref().or(of.hint.as_ref());
        let answer = Answer::new(
            MessageState::Confirmed,
            found,
            "copy the directory; what replay says of the start names the files and settings that lead there.",
        )
        .about("the start")
        .then(Step::new(evidence.command("replay", ""), "how it would start, and why it would end"));
        return match cause {
            Some(cause) => answer.because(cause.clone()),
            None => answer,
        };
    }
    let found = "no message that is known here names an object, a transaction or a place in WAL";
    let advice = "look at the whole directory, and at the lines around it in the log.";
    Answer::new(MessageState::Unknown, found, advice)
        .then(Step::new(evidence.command("triage", ""), "the whole directory"))
}
