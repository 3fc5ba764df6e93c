//! The audit as tables: every column there is, under PostgreSQL's names.
use super::{Audit, TableAudit, Thresholds};
use crate::report::doc::{Cell, Column, Table, Tone};
use crate::report::space::FreeSpaceMap;
use crate::report::wraparound::{Age, DatabaseAge, Holder};

/// A column, and what it holds for one row.
struct Field<R>(Column, fn(&R, &Thresholds) -> Cell);

fn table<R>(name: &'static str, fields: &[Field<R>], rows: &[R], marks: &Thresholds) -> Table {
    let row = |row: &R| fields.iter().map(|Field(_, cell)| cell(row, marks)).collect();
    Table {
        name,
        title: String::new(),
        columns: fields.iter().map(|Field(column, _)| column.clone()).collect(),
        rows: rows.iter().map(row).collect(),
    }
}

/// Every table, with everything.
pub(super) fn tables(audit: &Audit) -> Table {
    table("tables", &fields(), &audit.tables, &audit.thresholds)
}

/// Ages of databases.
pub(super) fn databases(audit: &Audit) -> Table {
    let fields: [Field<DatabaseAge>; 9] = [
        Field(Column::new("database"), |row, _| Cell::text(row.database.clone())),
        Field(Column::new("oid"), |row, _| Cell::number(row.oid.0)),
        Field(Column::new("datfrozenxid"), |row, _| Cell::number(row.datfrozenxid.0)),
        Field(Column::new("age"), |row, _| age(&row.xid)),
        Field(Column::new("percent_towards_freeze").short("% of max age"), |row, _| {
            Cell::percent(row.xid.percent_towards_freeze)
        }),
        Field(Column::new("percent_towards_wraparound"), |row, _| {
            Cell::percent(row.xid.percent_towards_wraparound)
        }),
        Field(Column::new("datminmxid"), |row, _| Cell::number(row.datminmxid.0)),
        Field(Column::new("mxid_age"), |row, _| age(&row.multi)),
        Field(Column::new("multi_percent_towards_freeze"), |row, _| {
            Cell::percent(row.multi.percent_towards_freeze)
        }),
    ];
    table("databases", &fields, &audit.wraparound.databases, &audit.thresholds)
}

/// What holds the horizon back.
pub(super) fn holders(audit: &Audit) -> Table {
    let fields: [Field<Holder>; 7] = [
        Field(Column::new("kind"), |row, _| Cell::text(row.kind)),
        Field(Column::new("name"), |row, _| Cell::text(row.name.clone())),
        Field(Column::new("holds"), |row, _| Cell::text(row.holds)),
        Field(Column::new("xid"), |row, _| Cell::number(row.xid.0)),
        Field(Column::new("age"), |row, _| Cell::count(row.age)),
        Field(Column::new("database"), |row, _| {
            row.database.clone().map_or(Cell::none(), Cell::text)
        }),
        Field(Column::new("since"), |row, _| {
            row.since.map_or(Cell::none(), |since| Cell::text(since.to_string()))
        }),
    ];
    table("holders", &fields, &audit.wraparound.holders, &audit.thresholds)
}

/// `dead_tuple_percent`, marked.
pub(super) fn dead_percent(row: &TableAudit, marks: &Thresholds) -> Cell {
    let percent = row.bloat.dead_tuple_percent;
    let tone = match percent {
        percent if percent > marks.dead_critical => Tone::Critical,
        percent if percent > marks.dead_warning => Tone::Warning,
        _ => Tone::Plain,
    };
    Cell::percent(percent).tone(tone)
}

/// An age, marked; nothing where there is no counter.
pub(super) fn age(age: &Age) -> Cell {
    if age.age == i32::MAX { Cell::none() } else { Cell::count(age.age).tone(age.level) }
}

/// A field of [`TableAudit`] that is there for every table.
macro_rules! plain {
    ($make:ident $($name:literal: $($path:ident).+),* $(,)?) => {
        [$(Field(Column::new($name), |row: &TableAudit, _: &Thresholds| {
            Cell::$make(row.$($path).+.clone())
        })),*]
    };
}

fn fields() -> Vec<Field<TableAudit>> {
    let mut fields = names();
    fields.extend(space());
    fields.extend(freezing());
    fields.extend(ages());
    fields.extend(vacuums());
    fields
}

fn names() -> Vec<Field<TableAudit>> {
    let mut fields = Vec::from(plain![text "table": table]);
    fields.extend([
        Field(Column::new("database"), |row: &TableAudit, _: &Thresholds| {
            row.database.clone().map_or(Cell::none(), Cell::text)
        }),
        Field(Column::new("level"), |row, _| level(row)),
        Field(Column::new("oid"), |row, _| Cell::number(row.oid.0)),
        Field(Column::new("filenode"), |row, _| Cell::number(row.filenode.0)),
    ]);
    fields.extend(plain![text "schema": schema, "name": name, "kind": kind]);
    fields
}

fn space() -> Vec<Field<TableAudit>> {
    let mut fields = Vec::from(plain![bytes "table_len": bloat.table_len]);
    fields.extend(plain![count "tuple_count": bloat.tuple_count]);
    fields.extend(plain![bytes "tuple_len": bloat.tuple_len]);
    fields.extend(plain![percent "tuple_percent": bloat.tuple_percent]);
    fields.extend(plain![count "dead_tuple_count": bloat.dead_tuple_count]);
    fields.extend(plain![bytes "dead_tuple_len": bloat.dead_tuple_len]);
    fields.push(Field(Column::new("dead_tuple_percent"), dead_percent));
    fields.extend(plain![bytes "free_space": bloat.free_space]);
    fields.extend(plain![percent "free_percent": bloat.free_percent]);
    fields.extend(plain![count
        "dead_line_pointers": bloat.dead_line_pointers,
        "unused_line_pointers": bloat.unused_line_pointers,
        "redirect_line_pointers": bloat.redirect_line_pointers,
        "new_pages": bloat.new_pages,
        "lost_pages": lost_pages,
        "removable_tuples": bloat.removable_tuples,
    ]);
    fields.extend(plain![bytes
        "vacuum_frees": bloat.vacuum_frees,
        "truncatable_len": bloat.truncatable_len,
        "rewritten_len": bloat.rewritten_len,
        "rewrite_frees": bloat.rewrite_frees,
    ]);
    fields.extend([
        Field(Column::new("fillfactor"), |row: &TableAudit, _: &Thresholds| {
            Cell::number(row.fillfactor)
        }),
        Field(Column::new("total_len"), |row, _| Cell::bytes(row.total_len())),
        Field(Column::new("wasted"), |row, _| Cell::bytes(row.wasted())),
        Field(Column::new("indexes_len"), |row, _| Cell::bytes(row.indexes_len())),
        Field(Column::new("reindex_frees"), |row, _| Cell::bytes(row.reindex_frees())),
    ]);
    fields
}

fn freezing() -> Vec<Field<TableAudit>> {
    let mut fields = Vec::from(plain![count
        "all_visible": freeze.all_visible,
        "all_frozen": freeze.all_frozen,
        "pd_all_visible": freeze.pd_all_visible,
        "visible_pages": freeze.visible_pages,
        "frozen_pages": freeze.frozen_pages,
        "contradictions": freeze.contradictions,
        "tuples": freeze.tuples,
        "frozen_tuples": freeze.frozen_tuples,
        "settled_tuples": freeze.settled_tuples,
        "older_than_recorded": freeze.older_than_recorded,
        "aggressive_reads": freeze.aggressive_reads,
        "aggressive_dirties": freeze.aggressive_dirties,
    ]);
    fields.extend([
        Field(Column::new("oldest_xid"), |row: &TableAudit, _: &Thresholds| {
            row.freeze.oldest_xid.map_or(Cell::none(), |xid| Cell::number(xid.0))
        }),
        Field(Column::new("oldest_multi"), |row, _| {
            row.freeze.oldest_multi.map_or(Cell::none(), |multi| Cell::number(multi.0))
        }),
    ]);
    fields
}

fn ages() -> Vec<Field<TableAudit>> {
    let mut fields = vec![
        Field(Column::new("relfrozenxid"), |row: &TableAudit, _: &Thresholds| {
            Cell::number(row.relfrozenxid.0)
        }),
        Field(Column::new("age"), |row, _| age(&row.xid)),
        Field(Column::new("relminmxid"), |row, _| Cell::number(row.relminmxid.0)),
        Field(Column::new("mxid_age"), |row, _| age(&row.multi)),
    ];
    fields.extend(plain![count "freeze_max_age": xid.freeze_max_age]);
    fields.extend(plain![percent
        "percent_towards_freeze": xid.percent_towards_freeze,
        "percent_towards_wraparound": xid.percent_towards_wraparound,
    ]);
    fields.extend(plain![count "multixact_freeze_max_age": multi.freeze_max_age]);
    fields.extend(plain![percent
        "multixact_percent_towards_freeze": multi.percent_towards_freeze,
        "multixact_percent_towards_wraparound": multi.percent_towards_wraparound,
    ]);
    fields
}

fn vacuums() -> Vec<Field<TableAudit>> {
    let mut fields = Vec::from(plain![count "dead_tuples": autovacuum.dead_tuples]);
    fields
        .push(Field(Column::new("dead_threshold"), |row, _| tuples(row.autovacuum.dead_threshold)));
    fields.extend(plain![count "inserted_tuples": autovacuum.inserted_tuples]);
    fields.extend([
        Field(Column::new("insert_threshold"), |row: &TableAudit, _: &Thresholds| {
            row.autovacuum.insert_threshold.map_or(Cell::none(), tuples)
        }),
        Field(Column::new("autovacuum_due"), |row, _| due(row)),
    ]);
    fields
}

/// Tuples by the age of their xmin, one row for each bucket that is not empty.
pub(super) fn xmin_ages(audit: &Audit) -> Table {
    let mut rows = Vec::new();
    for table in &audit.tables {
        let mut from = 0;
        for (at, &tuples) in table.freeze.xmin_ages.iter().enumerate() {
            let until = audit.age_buckets.get(at).copied();
            if tuples > 0 {
                rows.push(vec![
                    Cell::text(table.table.clone()),
                    Cell::number(from),
                    until.map_or(Cell::none(), Cell::number),
                    Cell::count(tuples),
                ]);
            }
            from = until.unwrap_or(from);
        }
    }
    let columns = ["table", "age_from", "age_until", "tuples"].map(Column::new).to_vec();
    Table { name: "xmin_ages", title: String::new(), columns, rows }
}

/// Every index of every table.
pub(super) fn indexes(audit: &Audit) -> Table {
    let names =
        ["table", "index", "access_method", "index_len", "rebuilt_len", "rebuilt_len_least"];
    let columns = names.into_iter().chain([
        "reindex_frees",
        "bloat_percent",
        "share_percent",
        "lost_pages",
        "not_estimated",
    ]);
    let bytes = |bytes: Option<u64>| bytes.map_or_else(Cell::none, Cell::bytes);
    let row = |table: &TableAudit, index: &super::IndexAudit| {
        vec![
            Cell::text(table.table.clone()),
            Cell::text(index.index.clone()),
            index.access_method.clone().map_or_else(Cell::none, Cell::text),
            Cell::bytes(index.index_len),
            bytes(index.rebuilt_len),
            bytes(index.rebuilt_len_least),
            bytes(index.reindex_frees),
            index.bloat_percent.map_or_else(Cell::none, Cell::percent),
            Cell::percent(index.share_percent),
            Cell::count(index.lost_pages),
            index.not_estimated.map_or_else(Cell::none, Cell::text),
        ]
    };
    let rows = audit.tables.iter();
    let rows = rows.flat_map(|table| table.indexes.iter().map(move |index| row(table, index)));
    let columns = columns.map(Column::new).collect();
    Table { name: "indexes", title: String::new(), columns, rows: rows.collect() }
}

/// Every relation that has a free space map: each table, and then its indexes.
pub(super) fn free_space_maps(audit: &Audit) -> Table {
    let mut rows = Vec::new();
    for table in &audit.tables {
        rows.extend(table.free_space_map.as_ref().map(|map| (&table.table, map)));
        let of_indexes = table.indexes.iter();
        rows.extend(of_indexes.filter_map(|of| Some((&of.index, of.free_space_map.as_ref()?))));
    }
    let row = |(relation, map): (&String, &FreeSpaceMap)| {
        let bad = |cell: Cell, count: u64| if count > 0 { cell.tone(Tone::Warning) } else { cell };
        vec![
            Cell::text(relation.clone()),
            Cell::bytes(map.avail),
            Cell::bytes(map.free),
            Cell::bytes(map.understated),
            Cell::count(map.understated_pages),
            Cell::bytes(map.overstated),
            Cell::count(map.overstated_pages),
            bad(Cell::count(map.past_end), map.past_end),
        ]
    };
    let columns = vec![
        Column::new("relation"),
        Column::new("avail").short("promised"),
        Column::new("free"),
        Column::new("understated").short("not found"),
        Column::new("understated_pages").short("pages"),
        Column::new("overstated").short("not there").rank(2),
        Column::new("overstated_pages").short("pages").rank(2),
        Column::new("past_end").short("past end").rank(1),
    ];
    let title = "Free space maps: what they promise to inserts, and what is free".to_owned();
    let rows = rows.into_iter().map(row).collect();
    Table { name: "free_space_maps", title, columns, rows }
}

/// A threshold as whole tuples, as the server logs it.
#[expect(clippy::cast_possible_truncation, reason = "a conversion from float saturates")]
pub(super) fn tuples(threshold: f64) -> Cell {
    Cell::count(threshold as i64)
}

/// Why autovacuum is due.
pub(super) fn due(row: &TableAudit) -> Cell {
    let reasons: Vec<_> = row.autovacuum.due.iter().map(|due| due.name()).collect();
    if reasons.is_empty() { Cell::none() } else { Cell::text(reasons.join(", ")) }
}

fn level(row: &TableAudit) -> Cell {
    match row.level {
        Tone::Critical => Cell::text("critical"),
        Tone::Warning => Cell::text("warning"),
        Tone::Plain | Tone::Faint => Cell::none(),
    }
}
