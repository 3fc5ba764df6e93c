//! The rule that decided, with the ids of the tuple.
use super::rule::{Case, Verdict};
use crate::report::page::{Party, Rule, Standing, Status};

impl<T> Case<'_, T> {
    /// Short enough for a column; what it rests on is in the columns beside it.
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
            Rule::NotDeleted => format!("{}, no deleter", before(inserter)),
            Rule::OnlyLocked => format!("{}, only locked", before(inserter)),
            Rule::DeleterAborted if self.header.t_infomask.xmax_invalid() => {
                "deleter rolled back".to_owned()
            }
            Rule::DeleterAborted => format!("deleter {} rolled back", named(deleter)),
            Rule::DeleterInProgress => format!("deleter {} in progress", named(deleter)),
            Rule::DeleterLater => format!("deleter {} ends later", named(deleter)),
            Rule::DeleterCommitted => format!("deleter {} committed", named(deleter)),
            Rule::OwnInsert => format!("own insert by command {command} < {cid}"),
            Rule::OwnInsertLater if self.header.t_infomask.combocid() => {
                format!("own insert, not by a command < {cid}")
            }
            Rule::OwnInsertLater => format!("own insert by command {command}, not < {cid}"),
            Rule::OwnDelete => format!("own delete by command {command} < {cid}"),
            Rule::OwnDeleteLater => format!("own delete by command {command}, not < {cid}"),
            Rule::InserterAborted => format!("inserter {} rolled back", named(inserter)),
            Rule::InserterInProgress => format!("inserter {} in progress", named(inserter)),
            Rule::InserterLater => format!("inserter {} ends later", named(inserter)),
            Rule::Moved => format!("moved by an old VACUUM FULL, {command}"),
            Rule::NoCommand => "own change: --cid decides".to_owned(),
            Rule::ComboCommand => format!("combo command id {command} is not on disk"),
            Rule::NoStatus => {
                format!("how {} ended is not in pg_xact", open(inserter, deleter).xid)
            }
            Rule::NoMembers => format!("multixact {} cannot be read", self.header.t_xmax),
            Rule::NoMoment => {
                format!("{} rolled back, who knows when", named(unknown(inserter, deleter)))
            }
            Rule::NoParent => {
                format!("parent of {} is not in pg_subtrans", unknown(inserter, deleter).xid)
            }
        }
    }
}

/// The inserter, of whom the viewer sees what it inserted.
fn before(inserter: &Party) -> &'static str {
    match (inserter.standing, inserter.hint) {
        (Some(Standing::Own), _) => "own insert",
        (_, Some(Status::Frozen)) => "inserter frozen",
        _ => "inserter committed",
    }
}

/// A transaction, with the one that it is a part of.
fn named(party: &Party) -> String {
    match party.top {
        Some(top) => format!("{} (of {top})", party.xid),
        None => party.xid.to_string(),
    }
}

/// The one of which it is not known what it is to the snapshot.
fn unknown<'a>(inserter: &'a Party, deleter: &'a Party) -> &'a Party {
    if inserter.standing == Some(Standing::Unknown) { inserter } else { deleter }
}

/// The one of which it is not known how it ended.
fn open<'a>(inserter: &'a Party, deleter: &'a Party) -> &'a Party {
    let ended = matches!(inserter.pg_xact, None | Some(Status::Committed | Status::Aborted));
    if inserter.hint.is_some() || ended { deleter } else { inserter }
}
