//! The rule that decided, with the ids of the tuple.
use super::rule::{Case, Verdict};
use crate::report::page::{Party, Rule, Standing, Status};

impl<T> Case<'_, T> {
    /// Short enough for a column: the rule, and what it rests on.
    pub(super) fn words(
        &self,
        verdict: &Verdict,
        inserter: &Party,
        deleter: Option<&Party>,
    ) -> String {
        let command = self.header.t_field3;
        let cid = self.viewer.cid.unwrap_or_default();
        let deleter = deleter.unwrap_or(inserter);
        match verdict.rule {
            Rule::NotDeleted => format!("{}, never deleted", before(inserter)),
            Rule::OnlyLocked if inserter.standing == Some(Standing::Own) => {
                format!("inserted by own command {command} < {cid}, only locked")
            }
            Rule::OnlyLocked => format!("{}, only locked", before(inserter)),
            Rule::DeleterAborted => match self.header.t_infomask.xmax_invalid() {
                true => "deleter rolled back (hint bit)".to_owned(),
                false => format!("deleter {} rolled back{}", named(deleter), by(deleter)),
            },
            Rule::DeleterInProgress => format!("deleter {} in progress in it", named(deleter)),
            Rule::DeleterLater => format!("deleter {} ends after it", named(deleter)),
            Rule::OwnInsert => format!("inserted by own command {command} < {cid}"),
            Rule::OwnInsertLater => match self.header.t_infomask.combocid() {
                true => format!("inserted by own command, not before {cid}"),
                false => format!("inserted by own command {command}, not before {cid}"),
            },
            Rule::OwnDelete => format!("deleted by own command {command} < {cid}"),
            Rule::OwnDeleteLater => format!("deleted by own command {command}, not before {cid}"),
            Rule::InserterAborted => {
                format!("inserter {} rolled back{}", named(inserter), by(inserter))
            }
            Rule::InserterInProgress => format!("inserter {} in progress in it", named(inserter)),
            Rule::InserterLater => format!("inserter {} ends after it", named(inserter)),
            Rule::DeleterCommitted => {
                format!("deleter {} committed before it{}", named(deleter), by(deleter))
            }
            Rule::Moved => format!("moved by VACUUM FULL of before 9.0, {command}"),
            Rule::NoCommand => "own change: give its command as --cid".to_owned(),
            Rule::ComboCommand => {
                format!("own change: combo command id {command} was in memory only")
            }
            Rule::NoStatus => no_status(inserter, deleter),
            Rule::NoMembers => {
                format!("the members of multixact {} cannot be read", self.header.t_xmax)
            }
            Rule::NoMoment => {
                format!("{} rolled back, before or after this", named(unknown(inserter, deleter)))
            }
            Rule::NoParent => {
                format!("whose part {} is, is not in pg_subtrans", unknown(inserter, deleter).xid)
            }
        }
    }
}

/// The inserter, that it committed, and by what that is known.
fn before(inserter: &Party) -> String {
    match inserter.hint {
        Some(Status::Frozen) => "inserter frozen".to_owned(),
        _ => format!("inserter committed before it{}", by(inserter)),
    }
}

/// A transaction, with the one that it is a part of.
fn named(party: &Party) -> String {
    match party.top {
        Some(top) => format!("{} (part of {top})", party.xid),
        None => party.xid.to_string(),
    }
}

/// What says how it ended.
fn by(party: &Party) -> &'static str {
    if party.hint.is_some() { " (hint bit)" } else { " (pg_xact)" }
}

/// The one of which it is not known what it is to the snapshot.
fn unknown<'a>(inserter: &'a Party, deleter: &'a Party) -> &'a Party {
    if inserter.standing == Some(Standing::Unknown) { inserter } else { deleter }
}

fn no_status(inserter: &Party, deleter: &Party) -> String {
    let open = |party: &&Party| {
        party.hint.is_none() && matches!(party.pg_xact, Some(Status::InProgress | Status::Unknown))
    };
    match [inserter, deleter].into_iter().find(open) {
        Some(Party { xid, pg_xact: Some(Status::InProgress), .. }) => {
            format!("{xid} had ended, how is not in pg_xact; own: --xid {xid}")
        }
        Some(Party { xid, .. }) => format!("the status of {xid} is not in pg_xact"),
        None => "the status of a transaction is not in pg_xact".to_owned(),
    }
}
