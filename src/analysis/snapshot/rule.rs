//! Which branch decides.
use super::{Ancestry, Place, Viewer, status};
use crate::analysis::visibility::Updater;
use crate::format::heap::HeapTupleHeader;
use crate::report::page::{Party, Rule, Sight, Standing, Status};
use crate::types::{MultiXactId, Xid};

/// Why a tuple is seen or not, before it is put into words.
pub(super) struct Verdict {
    pub(super) visible: Option<bool>,
    pub(super) rule: Rule,
}

const fn seen(rule: Rule) -> Verdict {
    Verdict { visible: Some(true), rule }
}

const fn unseen(rule: Rule) -> Verdict {
    Verdict { visible: Some(false), rule }
}

const fn untold(rule: Rule) -> Verdict {
    Verdict { visible: None, rule }
}

/// One tuple before one viewer.
pub(super) struct Case<'a, T> {
    pub(super) header: &'a HeapTupleHeader,
    pub(super) viewer: &'a Viewer,
    pub(super) transactions: &'a T,
}

impl Viewer {
    /// Whether the viewer sees the tuple with this header.
    ///
    /// The server looks at hint bits before it asks whose transaction it is, as nobody can have set
    /// one about a transaction that still runs. By now somebody may have, so the own one is asked
    /// for first: the answer is what the session saw.
    pub fn sight<T: Ancestry>(&self, header: &HeapTupleHeader, transactions: &T) -> Sight {
        let case = Case { header, viewer: self, transactions };
        let inserter = case.inserter();
        let deleter = case.deleter();
        let verdict = case.insertion(&inserter).unwrap_or_else(|own| match &deleter {
            Deleter::None(rule) if own => seen(match rule {
                Rule::OnlyLocked => Rule::OnlyLocked,
                _ => Rule::OwnInsert,
            }),
            Deleter::None(rule) => seen(*rule),
            Deleter::Unreadable => untold(Rule::NoMembers),
            // A subtransaction of its own that was rolled back, as nobody else can see the row.
            Deleter::Party(party) if own && party.standing == Some(Standing::Ended) => {
                seen(Rule::DeleterAborted)
            }
            Deleter::Party(party) => case.deletion(party),
        });
        let deleter = match deleter {
            Deleter::Party(party) => Some(party),
            Deleter::None(_) | Deleter::Unreadable => None,
        };
        let because = case.words(&verdict, &inserter, deleter.as_ref());
        Sight { visible: verdict.visible, rule: verdict.rule, because, inserter, deleter }
    }
}

/// Who deleted the tuple.
enum Deleter {
    /// Nobody, by the rule that says so.
    None(Rule),
    /// The multixact is not there.
    Unreadable,
    Party(Party),
}

impl<T: Ancestry> Case<'_, T> {
    fn party(&self, xid: Xid, hint: Option<Status>) -> Party {
        let Place { standing, top } = self.viewer.place(xid, self.transactions);
        let pg_xact = Some(status(xid, self.transactions));
        Party { xid, top, hint, pg_xact, standing: Some(standing) }
    }

    fn inserter(&self) -> Party {
        let (infomask, xid) = (self.header.t_infomask, self.header.t_xmin);
        if infomask.xmin_frozen() {
            let hint = Some(Status::Frozen);
            return Party { xid, top: None, hint, pg_xact: None, standing: None };
        }
        self.party(xid, hint(infomask.xmin_committed(), infomask.xmin_invalid()))
    }

    fn deleter(&self) -> Deleter {
        let (infomask, t_xmax) = (self.header.t_infomask, self.header.t_xmax);
        if infomask.xmax_is_locked_only() {
            return Deleter::None(Rule::OnlyLocked);
        }
        // An own transaction that has ended since then.
        let own = self.viewer.xid.is_some_and(|own| own.xid() == t_xmax);
        if infomask.xmax_invalid() && !own {
            let none = t_xmax == Xid::INVALID;
            return Deleter::None(if none { Rule::NotDeleted } else { Rule::DeleterAborted });
        }
        let hint = hint(infomask.xmax_committed(), infomask.xmax_invalid());
        if !infomask.xmax_is_multi() {
            return match t_xmax {
                Xid::INVALID => Deleter::None(Rule::NotDeleted),
                xid => Deleter::Party(self.party(xid, hint)),
            };
        }
        match self.transactions.members(MultiXactId(t_xmax.0)).updater {
            Updater::None => Deleter::None(Rule::OnlyLocked),
            Updater::Unknown => Deleter::Unreadable,
            Updater::Xid(xid) => Deleter::Party(self.party(xid, hint)),
        }
    }

    /// The first half: decided by who inserted the tuple, or whether that was the own transaction.
    fn insertion(&self, inserter: &Party) -> Result<Verdict, bool> {
        let infomask = self.header.t_infomask;
        if inserter.standing == Some(Standing::Own) {
            return self.own_insertion();
        }
        match inserter.hint {
            Some(Status::Frozen) => return Err(false),
            Some(Status::Aborted) => return Ok(unseen(Rule::InserterAborted)),
            None if infomask.moved_off() || infomask.moved_in() => return self.moved(),
            _ => {}
        }
        match inserter.standing {
            Some(Standing::InProgress) => return Ok(unseen(Rule::InserterInProgress)),
            Some(Standing::Later) => return Ok(unseen(Rule::InserterLater)),
            Some(Standing::Unknown) => {
                return Ok(unknown(inserter).map_or(unseen(Rule::InserterAborted), untold));
            }
            _ => {}
        }
        match ended(inserter) {
            Some(true) => Err(false),
            Some(false) => Ok(unseen(Rule::InserterAborted)),
            None => Ok(untold(Rule::NoStatus)),
        }
    }

    fn own_insertion(&self) -> Result<Verdict, bool> {
        match self.earlier() {
            // No command is earlier than the first.
            Err(_) if self.viewer.cid == Some(0) => Ok(unseen(Rule::OwnInsertLater)),
            Err(unknown) => Ok(untold(unknown)),
            Ok(false) => Ok(unseen(Rule::OwnInsertLater)),
            Ok(true) => Err(true),
        }
    }

    /// Whether the command id in t_field3 is one of before the viewer's.
    fn earlier(&self) -> Result<bool, Rule> {
        if self.header.t_infomask.combocid() {
            return Err(Rule::ComboCommand);
        }
        self.viewer.cid.map(|cid| self.header.t_field3 < cid).ok_or(Rule::NoCommand)
    }

    /// VACUUM FULL before 9.0 wrote its own id into t_field3 (`HeapTupleHeaderGetXvac`).
    fn moved(&self) -> Result<Verdict, bool> {
        let xvac = self.party(Xid(self.header.t_field3), None);
        let off = self.header.t_infomask.moved_off();
        let ended = match xvac.standing {
            Some(Standing::Ended) => ended(&xvac),
            Some(Standing::Unknown) => None,
            _ => Some(false),
        };
        match ended {
            Some(committed) if committed == off => Ok(unseen(Rule::Moved)),
            Some(_) => Err(false),
            None => Ok(untold(Rule::NoStatus)),
        }
    }

    /// The second half, of a tuple whose insertion the viewer sees.
    fn deletion(&self, deleter: &Party) -> Verdict {
        match deleter.standing {
            Some(Standing::Own) => return self.own_deletion(),
            Some(Standing::InProgress) => return seen(Rule::DeleterInProgress),
            Some(Standing::Later) => return seen(Rule::DeleterLater),
            Some(Standing::Unknown) => {
                return unknown(deleter).map_or(seen(Rule::DeleterAborted), untold);
            }
            _ => {}
        }
        match ended(deleter) {
            Some(true) => unseen(Rule::DeleterCommitted),
            Some(false) => seen(Rule::DeleterAborted),
            None => untold(Rule::NoStatus),
        }
    }

    fn own_deletion(&self) -> Verdict {
        match self.earlier() {
            Err(_) if self.viewer.cid == Some(0) => seen(Rule::OwnDeleteLater),
            Err(unknown) => untold(unknown),
            Ok(true) => unseen(Rule::OwnDelete),
            Ok(false) => seen(Rule::OwnDeleteLater),
        }
    }
}

/// Why nothing can be said where a standing is unknown; `None` where it does not matter, as what was
/// rolled back counts for nobody.
fn unknown(party: &Party) -> Option<Rule> {
    match (party.top, party.pg_xact) {
        (Some(_), _) => Some(Rule::NoMoment),
        (None, Some(Status::Aborted)) => None,
        (None, _) => Some(Rule::NoParent),
    }
}

/// Whether a transaction that had ended committed: by its hint bit, then by pg_xact; `None` if
/// neither tells.
fn ended(party: &Party) -> Option<bool> {
    match party.hint.or(party.pg_xact)? {
        Status::Committed | Status::Frozen => Some(true),
        Status::Aborted => Some(false),
        Status::InProgress | Status::Unknown => None,
    }
}

fn hint(committed: bool, aborted: bool) -> Option<Status> {
    match (committed, aborted) {
        (true, _) => Some(Status::Committed),
        (false, true) => Some(Status::Aborted),
        (false, false) => None,
    }
}
