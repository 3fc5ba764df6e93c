//! What a session with a snapshot sees of a page's tuples.
use super::Status;
use crate::report::doc::{Cell, Column, Table, Tone};
use crate::types::{FullXid, Xid};
use serde::Serialize;

/// The snapshot that was asked about, and what it sees of all pages of the answer.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Snapshot {
    /// Every transaction before this one had ended.
    pub xmin: FullXid,
    /// No transaction from this one on had ended.
    pub xmax: FullXid,
    /// Between them, the top-level transactions that were in progress.
    pub xip: Vec<FullXid>,
    /// The session's own transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xid: Option<FullXid>,
    /// The command of its own transaction that looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cid: Option<u32>,
    /// Tuples that the session sees.
    pub visible: u64,
    /// Tuples that it does not see.
    pub invisible: u64,
    /// Tuples of which the files do not tell.
    pub unknown: u64,
}

/// Whether a session with the snapshot sees a tuple, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Sight {
    /// Whether it does; null if the files do not tell.
    pub visible: Option<bool>,
    /// The rule that decided: a branch of HeapTupleSatisfiesMVCC, or what is not known.
    pub rule: Rule,
    /// The rule in words, with the ids of this tuple.
    pub because: String,
    /// Who inserted the tuple.
    pub inserter: Party,
    /// Who deleted or updated it; nobody if t_xmax only locks, is rolled back by its hint bit, or
    /// its multixact cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleter: Option<Party>,
}

/// A transaction that a tuple depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Party {
    /// Its id; of a multixact, that of the member that is more than a locker.
    pub xid: Xid,
    /// The transaction that it is a subtransaction of, where the snapshot depends on that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top: Option<Xid>,
    /// What the tuple's hint bits say of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Status>,
    /// What pg_xact says of it; null of a frozen inserter, which is not looked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pg_xact: Option<Status>,
    /// What it is to the snapshot; null of a frozen inserter, for which no snapshot is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
}

/// What a transaction is to a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The session's own transaction, or a subtransaction of it.
    Own,
    /// Before xmin, or not in the list: it had ended.
    Ended,
    /// In the list, or a subtransaction of one in the list.
    InProgress,
    /// From xmax on: it had not ended, or not begun.
    Later,
    /// It may be a subtransaction of one in the list, as its entry of pg_subtrans is not there; or it
    /// was a subtransaction of the own one, and both were rolled back, nobody knows when.
    Unknown,
}

/// Names, JSON and sentences of the rules.
macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident = $id:literal;)*) => {
        /// What decides whether a tuple is seen: the branches of HeapTupleSatisfiesMVCC
        /// (access/heap/heapam_visibility.c), and what stands in the way of taking one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        pub enum Rule {
            $($(#[$doc])* #[serde(rename = $id)] $rule),*
        }

        impl Rule {
            /// As JSON and CSV name it.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$rule => $id),*
                }
            }
        }
    };
}

rules! {
    /// Inserted before the snapshot, and nobody deleted it.
    NotDeleted = "not-deleted";
    /// Inserted before the snapshot, and only locked since.
    OnlyLocked = "only-locked";
    /// Its deleter rolled back, or a crash ended it.
    DeleterAborted = "deleter-aborted";
    /// Its deleter was in progress in the snapshot.
    DeleterInProgress = "deleter-in-progress";
    /// Its deleter begins or ends after the snapshot.
    DeleterLater = "deleter-later";
    /// Inserted by an earlier command of the own transaction, and not deleted by it.
    OwnInsert = "own-insert";
    /// Deleted by the own transaction, but not by an earlier command.
    OwnDeleteLater = "own-delete-later";
    /// Its inserter rolled back, or a crash ended it.
    InserterAborted = "inserter-aborted";
    /// Its inserter was in progress in the snapshot.
    InserterInProgress = "inserter-in-progress";
    /// Its inserter begins or ends after the snapshot.
    InserterLater = "inserter-later";
    /// Inserted by the own transaction, but not by an earlier command.
    OwnInsertLater = "own-insert-later";
    /// Its deleter committed before the snapshot.
    DeleterCommitted = "deleter-committed";
    /// Deleted by an earlier command of the own transaction.
    OwnDelete = "own-delete";
    /// VACUUM FULL of a server before 9.0 moved it away, or not here.
    Moved = "moved";
    /// Cannot be told: changed by the own transaction, and no command id was given.
    NoCommand = "unknown-command";
    /// Cannot be told: the command ids are in a combo command id, which is in the backend's memory.
    ComboCommand = "unknown-combo-command";
    /// Cannot be told: pg_xact has not what became of a transaction that the snapshot saw ended.
    NoStatus = "unknown-status";
    /// Cannot be told: the members of the multixact cannot be read.
    NoMembers = "unknown-members";
    /// Cannot be told: a subtransaction of the own transaction was rolled back, before this command
    /// to a savepoint, or after it with its transaction.
    NoMoment = "unknown-rollback";
    /// Cannot be told: pg_subtrans does not tell whose subtransaction it is.
    NoParent = "unknown-parent";
}

impl Snapshot {
    /// In words, with what it sees.
    pub(super) fn sentence(&self) -> String {
        let Self { xmin, xmax, xip, visible, invisible, unknown, .. } = self;
        let list = xip.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let own = self.xid.map(|xid| format!(" of transaction {xid}")).unwrap_or_default();
        let command = self.cid.map(|cid| format!(" at command {cid}")).unwrap_or_default();
        let all = visible + invisible + unknown;
        let open = if *unknown == 0 {
            String::new()
        } else {
            format!(", and of {unknown} the files do not tell")
        };
        format!(
            "The snapshot {xmin}:{xmax}:{list}{own}{command} sees {visible} of {all} tuples{open}."
        )
    }
}

/// The columns that a snapshot adds to the complete table of tuples.
pub(super) const COLUMNS: [&str; 9] = [
    "visible",
    "rule",
    "because",
    "inserter_hint",
    "inserter_pg_xact",
    "deleter",
    "deleter_hint",
    "deleter_pg_xact",
    "deleter_top",
];

/// Their cells.
pub(super) fn cells(sight: Option<&Sight>) -> [Cell; 9] {
    let Some(sight) = sight else { return [const { Cell::none() }; 9] };
    let deleter = sight.deleter.as_ref();
    [
        sight.visible.map_or_else(Cell::none, |sees| Cell::text(if sees { "t" } else { "f" })),
        Cell::text(sight.rule.id()),
        Cell::text(sight.because.clone()),
        status(sight.inserter.hint),
        status(sight.inserter.pg_xact),
        deleter.map_or_else(Cell::none, |party| Cell::number(party.xid.0)),
        status(deleter.and_then(|party| party.hint)),
        status(deleter.and_then(|party| party.pg_xact)),
        deleter.and_then(|party| party.top).map_or_else(Cell::none, |top| Cell::number(top.0)),
    ]
}

/// What fits on a screen: each tuple with the rule, and with what decides it.
pub(super) fn table(page: &super::PageDump) -> Table {
    let columns = vec![
        Column::new("lp"),
        Column::new("t_xmin").short("xmin"),
        Column::new("inserter_hint").short("hint").rank(1),
        Column::new("inserter_pg_xact").short("pg_xact").rank(2),
        Column::new("t_xmax").short("xmax"),
        Column::new("deleter").rank(3),
        Column::new("deleter_hint").short("hint").rank(1),
        Column::new("deleter_pg_xact").short("pg_xact").rank(2),
        Column::new("visible").short("seen"),
        Column::new("because"),
    ];
    let rows = page.items.iter().filter_map(row).collect();
    Table { name: "items", title: String::new(), columns, rows }
}

fn row(item: &super::Item) -> Option<Vec<Cell>> {
    let tuple = item.tuple.as_ref()?;
    let sight = tuple.snapshot.as_ref()?;
    let deleter = sight.deleter.as_ref();
    let (seen, tone) = match sight.visible {
        Some(true) => ("yes", Tone::Plain),
        Some(false) => ("no", Tone::Faint),
        None => ("?", Tone::Warning),
    };
    let cells = [
        Cell::number(item.lp),
        Cell::number(tuple.t_xmin.0),
        status(sight.inserter.hint),
        status(sight.inserter.pg_xact),
        Cell::number(tuple.t_xmax.0),
        deleter.map_or_else(Cell::none, |party| Cell::number(party.xid.0)),
        status(deleter.and_then(|party| party.hint)),
        status(deleter.and_then(|party| party.pg_xact)),
        Cell::text(seen),
        Cell::text(sight.because.clone()),
    ];
    let tone = if item.selected { Tone::Warning } else { tone };
    Some(cells.into_iter().map(|cell| cell.tone(tone)).collect())
}

fn status(status: Option<Status>) -> Cell {
    status.map_or_else(Cell::none, |status| Cell::text(status.name()))
}
