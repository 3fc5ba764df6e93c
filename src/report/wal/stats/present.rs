//! `wal stats` as tables, under the names of pg_get_wal_stats.
use super::rows::{
    CauseRow, DatabaseRow, MinuteRow, RecordRow, RelationRow, RmgrRow, SegmentRow, TransactionRow,
};
use super::{By, Stats, Tally, screen};
use crate::report::Present;
use crate::report::doc::{Block, Cell, Column, Doc, Table};

impl Present for Stats {
    fn present(&self) -> Doc {
        let Some(by) = self.view.by else { return screen::screen(self) };
        let mut table = self.table(by);
        let all = table.rows.len();
        table.rows.truncate(self.view.top);
        let mut doc = Doc::default();
        doc.push(screen::head(self));
        let shown = table.rows.len();
        doc.push(Block::Table(table));
        if shown < all {
            let more = all - shown;
            doc.push(Block::Text(format!("{more} more: --top N shows N, --format csv all.")));
        }
        doc
    }

    fn tables(&self) -> Vec<Table> {
        if let Some(by) = self.view.by {
            return vec![self.table(by)];
        }
        By::ALL.into_iter().map(|by| self.table(by)).collect()
    }
}

impl By {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Rmgr,
        Self::Record,
        Self::Relation,
        Self::Database,
        Self::Xid,
        Self::Minute,
        Self::Segment,
        Self::Cause,
    ];

    /// As `--by` takes it, and `--table`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rmgr => "rmgr",
            Self::Record => "record",
            Self::Relation => "relation",
            Self::Database => "database",
            Self::Xid => "xid",
            Self::Minute => "minute",
            Self::Segment => "segment",
            Self::Cause => "cause",
        }
    }
}

impl Stats {
    /// A complete table.
    pub(super) fn table(&self, by: By) -> Table {
        let total = self.totals;
        let name = by.name();
        match by {
            By::Rmgr => table(name, &RMGR, &self.by_rmgr, total, |row| (rmgr(row), row.tally)),
            By::Record => {
                table(name, &RECORD, &self.by_record, total, |row| (record(row), row.tally))
            }
            By::Relation => {
                table(name, &RELATION, &self.by_relation, total, |row| (relation(row), row.tally))
            }
            By::Database => {
                table(name, &DATABASE, &self.by_database, total, |row| (database(row), row.tally))
            }
            By::Xid => table(name, &XID, &self.by_xid, total, |row| (xid(row), row.tally)),
            By::Minute => {
                table(name, &MINUTE, &self.by_minute, total, |row| (minute(row), row.tally))
            }
            By::Segment => {
                table(name, &SEGMENT, &self.by_segment, total, |row| (segment(row), row.tally))
            }
            By::Cause => table(name, &CAUSE, &self.by_cause, total, |row| (cause(row), row.tally)),
        }
    }
}

/// How much, and what share of the whole: columns of every table.
const SIZES: [Column; 8] = [
    Column::new("count"),
    Column::new("count_percentage").short("%").rank(5),
    Column::new("record_size").short("records").rank(3),
    Column::new("record_size_percentage").short("%").rank(7),
    Column::new("fpi_size").short("images").rank(2),
    Column::new("fpi_size_percentage").short("%").rank(6),
    Column::new("combined_size").short("size"),
    Column::new("combined_size_percentage").short("%"),
];

/// 100 for all of it, 0 if there is nothing.
#[expect(clippy::cast_precision_loss, reason = "a percentage")]
pub(super) fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

fn sizes(tally: Tally, total: Tally) -> [Cell; 8] {
    [
        Cell::count(tally.count),
        Cell::percent(percent(tally.count, total.count)),
        Cell::bytes(tally.record_size),
        Cell::percent(percent(tally.record_size, total.record_size)),
        Cell::bytes(tally.fpi_size),
        Cell::percent(percent(tally.fpi_size, total.fpi_size)),
        Cell::bytes(tally.combined_size()),
        Cell::percent(percent(tally.combined_size(), total.combined_size())),
    ]
}

fn table<R>(
    name: &'static str,
    columns: &[Column],
    rows: &[R],
    total: Tally,
    row: impl Fn(&R) -> (Vec<Cell>, Tally),
) -> Table {
    let cells = |one: &R| {
        let (mut cells, tally) = row(one);
        cells.extend(sizes(tally, total));
        cells
    };
    Table {
        name,
        title: String::new(),
        columns: columns.iter().chain(&SIZES).cloned().collect(),
        rows: rows.iter().map(cells).collect(),
    }
}

const RMGR: [Column; 1] = [Column::new("resource_manager")];

fn rmgr(row: &RmgrRow) -> Vec<Cell> {
    vec![Cell::text(row.resource_manager.as_str())]
}

const RECORD: [Column; 1] = [Column::new("resource_manager/record_type").short("record")];

fn record(row: &RecordRow) -> Vec<Cell> {
    vec![Cell::text(format!("{}/{}", row.resource_manager, row.record_type))]
}

const RELATION: [Column; 6] = [
    Column::new("relation"),
    Column::new("kind").rank(1),
    Column::new("owner").rank(8),
    Column::new("reltablespace").rank(9),
    Column::new("reldatabase").rank(9),
    Column::new("relfilenode").rank(9),
];

fn relation(row: &RelationRow) -> Vec<Cell> {
    let text = |text: &Option<String>| text.as_ref().map_or_else(Cell::none, Cell::text);
    vec![
        Cell::text(row.name()),
        text(&row.kind),
        text(&row.owner),
        Cell::number(row.reltablespace.0),
        Cell::number(row.reldatabase.0),
        Cell::number(row.relfilenode.0),
    ]
}

impl RelationRow {
    /// How it is shown.
    pub(super) fn name(&self) -> &str {
        if self.relation.is_empty() { "(no block)" } else { &self.relation }
    }
}

const DATABASE: [Column; 2] = [Column::new("database"), Column::new("oid").rank(4)];

fn database(row: &DatabaseRow) -> Vec<Cell> {
    let name = if row.oid.is_none() { "(no block)" } else { &row.database };
    vec![Cell::text(name), row.oid.map_or_else(Cell::none, |oid| Cell::number(oid.0))]
}

const XID: [Column; 4] = [
    Column::new("xid"),
    Column::new("full_xid").rank(8),
    Column::new("state"),
    Column::new("time").rank(4),
];

fn xid(row: &TransactionRow) -> Vec<Cell> {
    vec![
        Cell::number(row.xid.0),
        row.full_xid.map_or_else(Cell::none, |xid| Cell::number(xid.0)),
        Cell::text(row.state),
        row.time.map_or_else(Cell::none, |time| Cell::text(time.to_string())),
    ]
}

const MINUTE: [Column; 1] = [Column::new("minute")];

fn minute(row: &MinuteRow) -> Vec<Cell> {
    vec![row.minute.map_or_else(Cell::none, |time| Cell::text(time.to_string()))]
}

const SEGMENT: [Column; 2] = [Column::new("segment"), Column::new("start_lsn").rank(4)];

fn segment(row: &SegmentRow) -> Vec<Cell> {
    vec![Cell::text(row.segment.as_str()), Cell::text(row.start_lsn.to_string())]
}

const CAUSE: [Column; 2] = [Column::new("cause"), Column::new("rule").rank(9)];

fn cause(row: &CauseRow) -> Vec<Cell> {
    vec![Cell::text(row.cause.to_string()), Cell::text(row.rule)]
}
