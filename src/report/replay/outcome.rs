//! What becomes of transactions, counters and files that do not outlive a crash.
use crate::report::doc::{Block, Cell, Column, Doc, Table};
use crate::report::wal::xacts::XactRow;
use crate::types::{FullXid, Lsn, MultiXactId, MultiXactOffset, Oid, TimestampTz, Xid};
use serde::Serialize;

/// What becomes of transactions, counters and files.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Outcome {
    /// Transactions that commit in replay.
    pub commits: u64,
    /// Transactions that are rolled back in it, subtransactions that were by themselves included.
    pub aborts: u64,
    /// Multixacts that are made in it.
    pub multixacts: u64,
    /// The last commit that survives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_commit: Option<LastCommit>,
    /// Transactions without an end in replay, with what they had done: they vanish.
    pub open: Vec<XactRow>,
    /// How many more.
    pub more_open: u64,
    /// Transactions that were running when WAL said so last, and of which it has nothing else.
    pub running: Vec<Xid>,
    /// Transactions that stay prepared.
    pub prepared: Vec<PreparedRow>,
    /// Counters as pg_controldata shows them after recovery.
    pub counters: Counters,
    /// Unlogged relations: recovery empties them.
    pub unlogged: Vec<String>,
    /// Files of temporary relations and of queries, which the next start removes.
    pub temporary_files: Files,
    /// Caches of the catalogs, which recovery removes.
    pub catalog_caches: Vec<String>,
    /// State files of prepared transactions that the start removes: these ended, or are none yet.
    pub stale_twophase: Vec<String>,
}

/// A commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LastCommit {
    /// The transaction.
    pub xid: Xid,
    /// Its record.
    pub lsn: Lsn,
    /// When.
    pub time: TimestampTz,
}

/// A prepared transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PreparedRow {
    /// The transaction.
    pub transaction: Xid,
    /// Its global identifier.
    pub gid: String,
    /// When it was prepared.
    pub prepared: TimestampTz,
    /// The role that did it, by name if that is known.
    pub owner: String,
    /// Its database, by name if that is known.
    pub database: String,
    /// Its subtransactions.
    pub subtransactions: u64,
    /// Its record, if it is in the WAL that is replayed; else it is in pg_twophase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lsn: Option<Lsn>,
}

/// Counters, named as in pg_control_checkpoint().
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Counters {
    /// The next transaction id, with its epoch.
    pub next_xid: FullXid,
    /// The next oid.
    pub next_oid: Oid,
    /// The next multixact.
    pub next_multixact_id: MultiXactId,
    /// The next place for members of multixacts.
    pub next_multi_offset: MultiXactOffset,
    /// The oldest transaction id that is kept.
    pub oldest_xid: Xid,
    /// The database that has it.
    pub oldest_xid_dbid: Oid,
    /// The oldest multixact that is kept.
    pub oldest_multi_xid: MultiXactId,
    /// The database that has it.
    pub oldest_multi_dbid: Oid,
    /// The oldest transaction with a commit timestamp; 0 if none.
    pub oldest_commit_ts_xid: Xid,
    /// The newest one; 0 if none.
    pub newest_commit_ts_xid: Xid,
}

/// Some files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Files {
    /// How many.
    pub count: u64,
    /// Bytes in them.
    pub bytes: u64,
}

/// Transactions on the screen.
const TOP: usize = 10;
/// Relations that are named on a line.
const NAMED: usize = 2;

impl Outcome {
    /// Its part of the screen; `waits` if a standby goes on with what comes.
    pub fn present(&self, doc: &mut Doc, waits: bool) {
        doc.push(Block::Heading("What is there afterwards".to_owned()));
        let fields =
            self.transactions(waits).into_iter().chain(self.counters()).chain(self.files());
        let named = |(label, cell): (&str, Cell)| (label.to_owned(), cell);
        doc.push(Block::Fields(fields.map(named).collect()));
        let mut open = self.open();
        let rest = (open.rows.len().saturating_sub(TOP) as u64).saturating_add(self.more_open);
        open.rows.truncate(TOP);
        if !open.rows.is_empty() {
            doc.push(Block::Table(open));
        }
        if rest > 0 {
            doc.push(Block::Text(format!("and {rest} more: --format csv --table open")));
        }
        if !self.prepared.is_empty() {
            doc.push(Block::Table(self.prepared()));
        }
    }

    fn transactions(&self, waits: bool) -> Vec<(&'static str, Cell)> {
        let count = |len: usize| len as u64;
        let mut fields = vec![
            ("Commits in replay", Cell::count(self.commits)),
            ("Rollbacks in replay", Cell::count(self.aborts)),
        ];
        if let Some(last) = self.last_commit {
            let text = format!("{}, transaction {}, at {}", last.time, last.xid, last.lsn);
            fields.push(("Last commit that survives", Cell::text(text)));
        }
        let open = count(self.open.len() + self.running.len()).saturating_add(self.more_open);
        let label = if waits { "Open: WAL to come has their ends" } else { "Open: they vanish" };
        fields.push((label, Cell::count(open)));
        fields.push(("Prepared: they stay", Cell::count(count(self.prepared.len()))));
        fields
    }

    fn counters(&self) -> Vec<(&'static str, Cell)> {
        let of = &self.counters;
        let next = format!("{}:{}", of.next_xid.epoch(), of.next_xid.xid());
        vec![
            ("Next transaction id", Cell::text(next)),
            ("Next oid", Cell::number(of.next_oid.0)),
            ("Next multixact", Cell::number(of.next_multixact_id.0)),
            ("Next multixact offset", Cell::number(of.next_multi_offset.0)),
            ("Oldest transaction id", Cell::number(of.oldest_xid.0)),
            ("Oldest multixact", Cell::number(of.oldest_multi_xid.0)),
        ]
    }

    fn files(&self) -> Vec<(&'static str, Cell)> {
        let mut fields = Vec::new();
        if !self.unlogged.is_empty() {
            let first: Vec<_> = self.unlogged.iter().take(NAMED).map(String::as_str).collect();
            let more = match self.unlogged.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let text = format!("{}{more}", first.join(", "));
            fields.push(("Unlogged: they are emptied", Cell::text(text)));
        }
        let temporary = self.temporary_files;
        if temporary.count > 0 {
            fields.push(("Temporary files: they go", Cell::count(temporary.count)));
        }
        if !self.stale_twophase.is_empty() {
            let text = self.stale_twophase.join(", ");
            fields.push(("Stale two-phase files: they go", Cell::text(text)));
        }
        fields
    }

    /// Transactions that vanish.
    pub fn open(&self) -> Table {
        let of = |row: &XactRow| {
            let did = row.relations.iter().take(NAMED).map(|of| {
                format!("{} +{} ~{} -{}", of.relation, of.inserted, of.updated, of.deleted)
            });
            let more = row.relations.len().saturating_sub(NAMED);
            let did = did.chain((more > 0).then(|| format!("{more} more")));
            vec![
                Cell::number(row.xid.0),
                Cell::text(row.first_lsn.to_string()),
                Cell::text(row.last_lsn.to_string()),
                Cell::count(row.records),
                Cell::bytes(row.size),
                Cell::text(did.collect::<Vec<_>>().join(", ")),
            ]
        };
        let running = self.running.iter().map(|xid| {
            let nothing = Cell::text("nothing in this WAL");
            let none = Cell::none;
            vec![Cell::number(xid.0), none(), none(), none(), none(), nothing]
        });
        Table {
            name: "open",
            title: "Open at the end: rows inserted +, updated ~, deleted -".to_owned(),
            columns: vec![
                Column::new("xid"),
                Column::new("first_lsn").short("first").rank(1),
                Column::new("last_lsn").short("last").rank(2),
                Column::new("records"),
                Column::new("size").rank(3),
                Column::new("relations").short("did"),
            ],
            rows: self.open.iter().map(of).chain(running).collect(),
        }
    }

    /// Transactions that stay prepared.
    pub fn prepared(&self) -> Table {
        let row = |of: &PreparedRow| {
            vec![
                Cell::number(of.transaction.0),
                Cell::text(&*of.gid),
                Cell::text(of.prepared.to_string()),
                Cell::text(&*of.owner),
                Cell::text(&*of.database),
                of.lsn.map_or_else(Cell::none, |lsn| Cell::text(lsn.to_string())),
            ]
        };
        Table {
            name: "prepared",
            title: "Prepared transactions that stay in doubt".to_owned(),
            columns: vec![
                Column::new("transaction"),
                Column::new("gid"),
                Column::new("prepared"),
                Column::new("owner").rank(1),
                Column::new("database").rank(1),
                Column::new("lsn").rank(2),
            ],
            rows: self.prepared.iter().map(row).collect(),
        }
    }
}
