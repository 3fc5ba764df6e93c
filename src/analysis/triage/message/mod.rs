//! Messages, answered: the object, its state in the files, the cause as far as evidence shows, good
//! copies, and the next safe step.
mod block;
mod checkpoint;
mod index;
mod parse;
mod place;
mod toast;
mod wal;
mod xact;

pub use parse::Heard;

use super::Evidence;
use crate::report::replay::Refusal;
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
    let heard = &evidence.request.heard;
    let ends = heard.ends.iter().filter(|heard| predicted(evidence, heard).is_some());
    ends.chain(&heard.messages).map(|heard| answer(evidence, heard)).collect()
}

/// What a server would end with, if the message is that.
fn predicted<'e>(evidence: &'e Evidence<'_>, heard: &OneHeard) -> Option<&'e Refusal> {
    let refusal = evidence.replay.refusal.as_ref()?;
    let is_part = heard.topic.is_some() && refusal.message.contains(&heard.text);
    (is_part || heard.text.contains(&refusal.message)).then_some(refusal)
}

fn answer(evidence: &Evidence<'_>, heard: &OneHeard) -> Message {
    let mut answer = of_topic(evidence, heard);
    if let Some(refusal) =
        predicted(evidence, heard).filter(|_| answer.state != MessageState::Confirmed)
    {
        answer =
            Answer { object: answer.object, block: answer.block, ..refused(evidence, refusal) };
    }
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

fn of_topic(evidence: &Evidence<'_>, heard: &OneHeard) -> Answer {
    match &heard.topic {
        None => unknown(evidence),
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
        Some(Topic::Checkpoint) => checkpoint::checkpoint(evidence),
        Some(Topic::Wal(lsn)) => wal::place(evidence, *lsn),
        Some(Topic::WalPage(segment)) => wal::segment(evidence, segment),
        Some(Topic::OtherSystem) => wal::other_system(evidence),
        Some(Topic::Timeline(timeline)) => wal::timeline(evidence, *timeline),
        Some(Topic::TargetNotReached) => wal::target(evidence),
        Some(Topic::BackupEnd) => wal::backup_end(evidence),
        Some(Topic::InvalidPages) => wal::invalid_pages(evidence),
        Some(Topic::Removed(segment)) => wal::removed(evidence, segment),
        Some(Topic::DiskFull) => place::disk_full(evidence),
        Some(Topic::ControlFile) => place::control_file(evidence),
    }
}

/// A server would end with this message.
fn refused(evidence: &Evidence<'_>, refusal: &Refusal) -> Answer {
    let found = "a server would end with it here";
    let missing = evidence.replay.start.segments.as_ref().and_then(|of| of.missing.first());
    let advice = match missing {
        Some(segment) => format!(
            "copy the directory; look for segment {segment} in an archive or another copy: recovery needs it and it is not here."
        ),
        None => "copy the directory; what replay says of the start names the files and settings that lead there.".to_owned(),
    };
    let answer = Answer::new(MessageState::Confirmed, found, advice).about("the start").then(
        Step::new(evidence.command("replay", ""), "how it would start, and why it would end"),
    );
    match refusal.detail.as_ref().or(refusal.hint.as_ref()) {
        Some(cause) => answer.because(cause.clone()),
        None => answer,
    }
}

fn unknown(evidence: &Evidence<'_>) -> Answer {
    let found = "no message that is known here names an object, a transaction or a place in WAL";
    let advice = "look at the whole directory, and at the lines around it in the log.";
    Answer::new(MessageState::Unknown, found, advice)
        .then(Step::new(evidence.command("triage", ""), "the whole directory"))
}
