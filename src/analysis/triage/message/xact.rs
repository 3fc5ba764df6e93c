//! Transactions and multixacts whose status cannot be had, and ids that are too old.
use super::super::{Evidence, checks};
use super::Answer;
use crate::cluster::TxStatus;
use crate::report::triage::{MessageState, Step};
use crate::types::{MultiXactId, Oid, Xid};

pub(super) fn xid(evidence: &Evidence<'_>, xid: Xid) -> Answer {
    let xact = evidence.cluster.xact();
    let after = evidence.replay.outcome.as_ref().map(|of| of.counters.next_xid.xid());
    let (oldest, next) = (xact.oldest_xid(), after.unwrap_or_else(|| xact.next_xid().xid()));
    let status = xact.status(xid);
    let crashed = evidence.cluster.next_xid_after_shutdown().is_none() && after.is_none();
    let (state, found, cause) = match status {
        _ if xid.is_normal() && !xid.precedes(next) && !crashed => (
            MessageState::Confirmed,
            format!("it was never handed out: the next one is {next}"),
            "the header of a row is damaged, or pg_control was set back (pg_resetwal)",
        ),
        _ if xid.is_normal() && oldest.is_normal() && xid.precedes(oldest) => (
            MessageState::Confirmed,
            format!("it is older than all that pg_xact keeps: from {oldest} on"),
            "a row that was not frozen in time, or whose header is damaged",
        ),
        TxStatus::Unknown if !xid.precedes(next) => (
            MessageState::Confirmed,
            format!(
                "the last checkpoint had handed out none from {next} on, and its page of pg_xact is not there"
            ),
            "the header of a row is damaged, or pg_xact or WAL is older than the page",
        ),
        TxStatus::Unknown => (
            MessageState::Confirmed,
            "its page of pg_xact is not there".to_owned(),
            "a segment of pg_xact was lost, or the copy was made without it",
        ),
        status => {
            let found = format!("pg_xact has it: {}", name(status));
            (
                MessageState::NotSeen,
                found,
                "the server looked at another copy, or the file came back",
            )
        }
    };
    let advice = "do not make a file of zeros in pg_xact: it would say of all its transactions that they were rolled back. Look for the segment in a backup, and for the rows that refer to it.";
    Answer::new(state, found, advice)
        .about(format!("transaction {xid}"))
        .because(cause)
        .then(Step::new(evidence.command("audit", ""), "which rows refer to lost transactions"))
        .then(Step::new(evidence.command("wal xacts", &format!("--xid {xid}")), "what it did"))
}

const fn name(status: TxStatus) -> &'static str {
    match status {
        TxStatus::InProgress => "in progress",
        TxStatus::Committed => "committed",
        TxStatus::Aborted => "rolled back",
        TxStatus::Unknown => "unknown",
    }
}

pub(super) fn multi(evidence: &Evidence<'_>, multi: MultiXactId) -> Answer {
    let answer = match evidence.cluster.xact().members(multi) {
        Ok(members) => {
            let found = format!("it is there and has {} members", members.len());
            Answer::new(MessageState::NotSeen, found, "see whether this is the directory that the message is about.")
        }
        Err(error) => Answer::new(
            MessageState::Confirmed,
            error.to_string(),
            "copy the directory; find the rows that refer to it. They are readable, but who updated them is lost; a backup has it.",
        )
        .because("a row's header is damaged, pg_multixact lost a segment, or pg_control was set back"),
    };
    answer
        .about(format!("multixact {multi}"))
        .then(Step::new(evidence.command("audit", ""), "which rows refer to lost multixacts"))
}

/// The tables whose relfrozenxid or relminmxid is `limit`, by name; at most a few.
fn tables(
    evidence: &Evidence<'_>,
    is: impl Fn(&crate::cluster::Relation) -> bool,
) -> Option<String> {
    const SHOWN: usize = 3;
    let cluster = evidence.cluster;
    let databases = cluster.databases().iter().map(|database| database.oid);
    let all = std::iter::once(Oid::INVALID).chain(databases);
    let tables = all.flat_map(|database| cluster.relations(database));
    let names: Vec<_> = tables.filter(|of| is(of)).map(|of| cluster.name_of(of)).collect();
    let more = names.len().saturating_sub(SHOWN);
    let shown = names.into_iter().take(SHOWN).collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!shown.is_empty()).then(|| format!("{shown}{more}"))
}

pub(super) fn unfrozen(evidence: &Evidence<'_>, old: Xid, limit: Xid) -> Answer {
    let of = tables(evidence, |of| of.relfrozenxid == limit);
    let status = evidence.cluster.xact().status(old);
    let found = match &of {
        Some(tables) => {
            format!("relfrozenxid is {limit} of {tables}; transaction {old} is {}", name(status))
        }
        None => format!("no table has relfrozenxid {limit}; transaction {old} is {}", name(status)),
    };
    let state = if of.is_some() { MessageState::Confirmed } else { MessageState::Unknown };
    too_old(evidence, state, found, of)
}

pub(super) fn unfrozen_multi(
    evidence: &Evidence<'_>,
    multi: MultiXactId,
    limit: MultiXactId,
) -> Answer {
    let of = tables(evidence, |of| of.relminmxid == limit);
    let found = match &of {
        Some(tables) => format!("relminmxid is {limit} of {tables}; the row has multixact {multi}"),
        None => format!("no table has relminmxid {limit}"),
    };
    let state = if of.is_some() { MessageState::Confirmed } else { MessageState::Unknown };
    too_old(evidence, state, found, of)
}

fn too_old(
    evidence: &Evidence<'_>,
    state: MessageState,
    found: String,
    of: Option<String>,
) -> Answer {
    let one = of.as_ref().filter(|tables| !tables.contains(", ") && !tables.contains(' '));
    let step = evidence.command("audit", one.map_or("", String::as_str));
    let answer = Answer::new(
        state,
        found,
        "copy the directory; list the rows before anything is changed. VACUUM goes on failing there, and pg_xact keeps what is needed until the table is older than the limits.",
    )
    .because("relfrozenxid was set too new, or the row's header is damaged: audit says which, by whether one row or many are too old");
    let answer = match of {
        Some(tables) => answer.about(tables),
        None => answer,
    };
    answer.then(Step::new(step, "the rows that are older than their table says"))
}

pub(super) fn wraparound(evidence: &Evidence<'_>) -> Answer {
    let (xids, multis) = checks::limits(evidence.cluster);
    let both = [("transaction ids", xids), ("multixacts", multis)];
    let words = both.iter().filter_map(|(what, limits)| {
        let of = limits.as_ref()?;
        Some(format!("{} {what} until it stops ({} is oldest)", of.until_stop, of.database))
    });
    let words = words.collect::<Vec<_>>().join(", ");
    let near =
        both.iter().filter_map(|(_, limits)| limits.as_ref()).any(|of| of.until_warning <= 0);
    let state = if near { MessageState::Confirmed } else { MessageState::NotSeen };
    let advice = "find what holds ids back (old prepared transactions, slots) before you vacuum; then VACUUM the oldest tables of that database. No single-user mode is needed from 14 on.";
    Answer::new(state, words, advice).then(Step::new(
        evidence.command("audit", ""),
        "the oldest tables, and what holds them back",
    ))
}
