//! `wal xacts` as a table, and DDL with how to stop before it.
use super::{StopBefore, XactRow, XactState, Xacts};
use crate::report::Present;
use crate::report::doc::{Block, Cell, Column, Doc, Table};

/// What a line of text has room for.
const PARTS: usize = 4;

impl Present for Xacts {
    fn present(&self) -> Doc {
        let mut doc = Doc::default();
        if self.view.ddl {
            self.transactions.iter().for_each(|row| ddl(row, &mut doc));
        } else if !self.transactions.is_empty() {
            doc.push(Block::Table(self.lines()));
        }
        if self.transactions.is_empty() {
            doc.push(Block::Text("There are no such transactions.".to_owned()));
        }
        if self.more > 0 {
            let text = format!("{} more: --limit N shows N, --limit 0 all.", self.more);
            doc.push(Block::Text(text));
        }
        doc
    }

    fn tables(&self) -> Vec<Table> {
        vec![self.whole(), self.relations(), self.ddl()]
    }
}

impl Xacts {
    /// What fits on lines of text.
    fn lines(&self) -> Table {
        let columns = [
            Column::new("xid"),
            Column::new("state"),
            Column::new("time").rank(2),
            Column::new("last_lsn").rank(3),
            Column::new("records").rank(1),
            Column::new("size"),
            Column::new("what"),
        ];
        let row = |row: &XactRow| {
            vec![
                Cell::number(row.xid.0),
                Cell::text(row.state.to_string()),
                row.time.map_or_else(Cell::none, |time| Cell::text(time.to_string())),
                Cell::text(row.last_lsn.to_string()),
                Cell::count(row.records),
                Cell::bytes(row.size),
                Cell::text(what(row)),
            ]
        };
        table("transactions", columns.to_vec(), self.transactions.iter().map(row).collect())
    }

    fn whole(&self) -> Table {
        let columns = [
            "xid",
            "full_xid",
            "state",
            "first_lsn",
            "last_lsn",
            "time",
            "subtransactions",
            "records",
            "size",
            "fpi_size",
            "gid",
            "origin",
            "inserted",
            "updated",
            "deleted",
            "relations",
            "files_created",
            "files_dropped",
            "ddl",
        ];
        let row = |row: &XactRow| {
            let sum =
                |of: fn(&super::RelationRows) -> u64| row.relations.iter().map(of).sum::<u64>();
            let text = |text: &Option<String>| text.as_ref().map_or_else(Cell::none, Cell::text);
            vec![
                Cell::number(row.xid.0),
                row.full_xid.map_or_else(Cell::none, |xid| Cell::number(xid.0)),
                Cell::text(row.state.to_string()),
                Cell::text(row.first_lsn.to_string()),
                Cell::text(row.last_lsn.to_string()),
                row.time.map_or_else(Cell::none, |time| Cell::text(time.to_string())),
                Cell::count(row.subtransactions),
                Cell::count(row.records),
                Cell::bytes(row.size),
                Cell::bytes(row.fpi_size),
                text(&row.gid),
                row.origin.map_or_else(Cell::none, Cell::number),
                Cell::count(sum(|of| of.inserted)),
                Cell::count(sum(|of| of.updated)),
                Cell::count(sum(|of| of.deleted)),
                Cell::count(row.relations.len() as i128 + i128::from(row.more_relations)),
                Cell::count(row.files_created),
                Cell::text(row.files_dropped.join(", ")),
                Cell::text(joined(&row.ddl)),
            ]
        };
        let columns = columns.into_iter().map(Column::new).collect();
        table("transactions", columns, self.transactions.iter().map(row).collect())
    }

    fn relations(&self) -> Table {
        let columns = ["xid", "relation", "inserted", "updated", "deleted"].map(Column::new);
        let of = |row: &XactRow| {
            let xid = row.xid.0;
            let cells = move |of: &super::RelationRows| {
                vec![
                    Cell::number(xid),
                    Cell::text(of.relation.as_str()),
                    Cell::count(of.inserted),
                    Cell::count(of.updated),
                    Cell::count(of.deleted),
                ]
            };
            row.relations.iter().map(cells).collect::<Vec<_>>()
        };
        table("relations", columns.to_vec(), self.transactions.iter().flat_map(of).collect())
    }

    fn ddl(&self) -> Table {
        let columns = [
            "xid",
            "state",
            "action",
            "kind",
            "object",
            "to",
            "recovery_target_lsn",
            "recovery_target_xid",
            "recovery_target_time",
            "recovery_target_name",
        ];
        let of = |row: &XactRow| {
            let cells = |of: &super::Ddl| {
                let stop = row.stop_before.as_ref();
                let text = |text: Option<String>| text.map_or_else(Cell::none, Cell::text);
                vec![
                    Cell::number(row.xid.0),
                    Cell::text(row.state.to_string()),
                    Cell::text(of.action.to_string()),
                    Cell::text(of.kind.as_str()),
                    Cell::text(of.object.as_str()),
                    text(of.to.clone()),
                    text(stop.map(|stop| stop.recovery_target_lsn.to_string())),
                    stop.map_or_else(Cell::none, |stop| Cell::number(stop.recovery_target_xid.0)),
                    text(stop.and_then(|stop| Some(stop.recovery_target_time?.to_string()))),
                    text(stop.and_then(|stop| stop.recovery_target_name.clone())),
                ]
            };
            row.ddl.iter().map(cells).collect::<Vec<_>>()
        };
        let columns = columns.into_iter().map(Column::new).collect();
        table("ddl", columns, self.transactions.iter().flat_map(of).collect())
    }
}

fn table(name: &'static str, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Table {
    Table { name, title: String::new(), columns, rows }
}

fn joined<T: ToString>(parts: &[T]) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// DDL, then rows of users' relations, then of the system's; then the name it was prepared under.
fn what(row: &XactRow) -> String {
    let ddl = row.ddl.iter().map(ToString::to_string);
    let rows = |system| row.relations.iter().filter(move |of| of.system == system);
    let mut parts: Vec<String> = ddl.chain(rows(false).map(ToString::to_string)).collect();
    if parts.is_empty() {
        parts.extend(rows(true).map(ToString::to_string));
    }
    let more = parts.len().saturating_sub(PARTS);
    parts.truncate(PARTS);
    if more > 0 {
        parts.push(format!("{more} more"));
    }
    parts.extend(row.gid.iter().map(|gid| format!("prepared as {gid:?}")));
    parts.join(", ")
}

/// A transaction that did DDL, and how recovery would stop just before its end.
fn ddl(row: &XactRow, doc: &mut Doc) {
    let time = row.time.map_or_else(String::new, |time| format!(" {time}"));
    let title = format!("Transaction {}, {}{time}, at {}", row.xid, row.state, row.last_lsn);
    doc.push(Block::Heading(title));
    let mut lines: Vec<_> = row.ddl.iter().map(ToString::to_string).collect();
    lines.extend(row.gid.iter().map(|gid| format!("prepared as {gid:?}")));
    if let Some(stop) = &row.stop_before {
        lines.extend(settings(stop));
    } else if row.state == XactState::Open {
        lines.push("It has no end in this part of the log: recovery rolls it back.".to_owned());
    }
    doc.push(Block::Verbatim(lines));
}

fn settings(stop: &StopBefore) -> Vec<String> {
    let mut lines = vec![
        "  to stop recovery just before it, one of:".to_owned(),
        format!("    recovery_target_lsn = '{}'", stop.recovery_target_lsn),
        format!("    recovery_target_xid = '{}'", stop.recovery_target_xid),
    ];
    match stop.recovery_target_time {
        Some(time) => lines.push(format!("    recovery_target_time = '{time}'")),
        None => lines.push("    (not by time: an end before it has no earlier time)".to_owned()),
    }
    lines.push("  and".to_owned());
    lines.push("    recovery_target_inclusive = off".to_owned());
    if let Some(name) = &stop.recovery_target_name {
        let name = name.replace('\'', "''");
        lines.push("  or, at the last restore point before it,".to_owned());
        lines.push(format!("    recovery_target_name = '{name}'"));
    }
    lines
}
