//! The audit as one screen: totals, the worst tables by each measure, what to look at next.
use super::columns::{self, age, dead_percent, due, tuples};
use super::{Audit, TableAudit};
use crate::report::bloat::percent;
use crate::report::doc::{Block, Cell, Column, Doc, Table};
use crate::report::wraparound::{Age, Limits};
use crate::types::pretty_size;
use std::cmp::Reverse;

/// With no more tables than this, their indexes are listed.
const DETAILED: usize = 5;

pub(super) fn screen(audit: &Audit) -> Doc {
    let top = if audit.view.all { usize::MAX } else { audit.view.top };
    let mut doc = Doc::default();
    doc.blocks.extend(held_back(audit));
    if !audit.autovacuum {
        let off = "autovacuum is off in the settings: nothing but old age makes a table due.";
        doc.push(Block::Text(off.to_owned()));
    }
    doc.blocks.extend(free_space_maps(audit));
    doc.push(Block::Table(totals(audit)));
    let mut push = |table: Table| {
        if !table.rows.is_empty() {
            doc.push(Block::Table(table));
        }
    };
    push(counters(audit));
    if audit.view.all {
        push(columns::holders(audit));
    }
    push(bloat(audit, top));
    push(vacuums(audit, top));
    if audit.view.all || audit.tables.len() <= DETAILED {
        push(indexes(audit));
        push(columns::free_space_maps(audit));
    }
    doc.push(Block::Heading("Next".to_owned()));
    doc.push(Block::Next(next(audit)));
    doc
}

/// What holds the horizon back, in a sentence about the oldest.
fn held_back(audit: &Audit) -> Option<Block> {
    let holders = &audit.wraparound.holders;
    let oldest = holders.first()?;
    let others = match holders.len() {
        1 => String::new(),
        all => format!(" and {} more", all - 1),
    };
    Some(Block::Text(format!(
        "VACUUM cannot remove or freeze what {} \"{}\" holds back ({} {}, age {}){others}.",
        oldest.kind, oldest.name, oldest.holds, oldest.xid, oldest.age
    )))
}

/// What the free space maps of all tables keep from inserts, in a sentence.
fn free_space_maps(audit: &Audit) -> Option<Block> {
    let maps = &audit.totals.free_space_maps;
    let parts = [
        ("not found", maps.understated, maps.understated_pages),
        ("not there", maps.overstated, maps.overstated_pages),
    ];
    let part = |(what, bytes, pages): (&str, u64, u64)| {
        let pages = if pages == 1 { "1 page".to_owned() } else { format!("{pages} pages") };
        format!("{what} {} ({pages})", pretty_size(bytes))
    };
    let parts: Vec<_> = parts.into_iter().filter(|(.., pages)| *pages > 0).map(part).collect();
    let (avail, free) = (pretty_size(maps.avail), pretty_size(maps.free));
    (!parts.is_empty()).then(|| {
        Block::Text(format!(
            "Free space maps promise {avail} to inserts, {free} are free in their tables: {}.",
            parts.join(", ")
        ))
    })
}

/// A column, and what it holds for a row.
type Field<'a, R> = (Column, &'a dyn Fn(&R) -> Cell);

/// A table from columns with the cells of every row.
fn table<R>(
    (name, title): (&'static str, String),
    rows: &[R],
    columns: Vec<Field<'_, R>>,
) -> Table {
    let row = |row: &R| columns.iter().map(|(_, cell)| cell(row)).collect();
    let rows = rows.iter().map(row).collect();
    Table { name, title, columns: columns.into_iter().map(|(column, _)| column).collect(), rows }
}

fn totals(audit: &Audit) -> Table {
    let name = ("totals", String::new());
    table(
        name,
        std::slice::from_ref(&audit.totals),
        vec![
            (Column::new("tables"), &|row| Cell::count(row.tables)),
            (Column::new("table_len").short("size"), &|row| Cell::bytes(row.table_len)),
            (Column::new("tuple_count").short("live"), &|row| Cell::count(row.tuple_count)),
            (Column::new("dead_tuple_count").short("dead"), &|row| {
                Cell::count(row.dead_tuple_count)
            }),
            (Column::new("free_space").short("free"), &|row| Cell::bytes(row.free_space)),
            (Column::new("wasted"), &|row| Cell::bytes(row.rewrite_frees)),
            (Column::new("frozen_percent").short("frozen"), &|row| {
                Cell::percent(percent(row.frozen_tuples, row.tuples))
            }),
            (Column::new("warnings").short("marked"), &|row| Cell::count(row.warnings)),
            (Column::new("due"), &|row| Cell::count(row.due)),
        ],
    )
}

/// Distances to wraparound, one row for each kind of id.
fn counters(audit: &Audit) -> Table {
    type Row<'a> = (&'static str, &'a Limits, &'a Age);
    let wraparound = &audit.wraparound;
    let oldest = |limits: &Limits| {
        wraparound.databases.iter().find(|database| database.database == limits.database)
    };
    let mut rows: Vec<Row<'_>> = Vec::new();
    if let Some((limits, database)) = wraparound.xid.as_ref().and_then(|l| Some((l, oldest(l)?))) {
        rows.push(("transaction ids", limits, &database.xid));
    }
    if let Some((limits, database)) = wraparound.multi.as_ref().and_then(|l| Some((l, oldest(l)?)))
    {
        rows.push(("multixacts", limits, &database.multi));
    }
    let title = "Distance to wraparound, by the oldest database".to_owned();
    table(
        ("wraparound", title),
        &rows,
        vec![
            (Column::new("counter").short(""), &|row| Cell::text(row.0)),
            (Column::new("database"), &|row| Cell::text(row.1.database.clone())),
            (Column::new("age"), &|row| age(row.2)),
            (Column::new("percent_towards_freeze").short("of max age"), &|row| {
                Cell::percent(row.2.percent_towards_freeze)
            }),
            (Column::new("until_warning").short("to warnings"), &|row| {
                Cell::count(row.1.until_warning)
            }),
            (Column::new("until_stop").short("to stop"), &|row| Cell::count(row.1.until_stop)),
        ],
    )
}

fn bloat(audit: &Audit, top: usize) -> Table {
    let rows = worst(audit, top, |table| Some(table.wasted()).filter(|&wasted| wasted > 0));
    let title = titled(audit, &rows, "Most wasted bytes: what a rewrite would free, with TOAST");
    table(
        ("bloat", title),
        &rows,
        vec![
            (Column::new("table"), &|row| Cell::text(row.table.clone())),
            (Column::new("total_len").short("size"), &|row| Cell::bytes(row.total_len())),
            (Column::new("wasted"), &|row| Cell::bytes(row.wasted())),
            (Column::new("dead_tuple_count").short("dead"), &|row| {
                Cell::count(row.bloat.dead_tuple_count)
            }),
            (Column::new("dead_tuple_percent").short("dead %"), &|row| {
                dead_percent(row, &audit.thresholds)
            }),
            (Column::new("free_percent").short("free %"), &|row| {
                Cell::percent(row.bloat.free_percent)
            }),
            (Column::new("vacuum_frees").short("VACUUM").rank(1), &|row| {
                Cell::bytes(row.bloat.vacuum_frees)
            }),
            (Column::new("indexes_len").short("indexes").rank(2), &|row| {
                Cell::bytes(row.indexes_len())
            }),
            (Column::new("reindex_frees").short("REINDEX").rank(2), &|row| {
                Cell::bytes(row.reindex_frees())
            }),
        ],
    )
}

/// The indexes of the tables that are shown.
fn indexes(audit: &Audit) -> Table {
    let rows: Vec<_> = audit.tables.iter().flat_map(|table| &table.indexes).collect();
    table(
        ("indexes", "Indexes: what REINDEX would free, and their share of their table".to_owned()),
        &rows,
        vec![
            (Column::new("index"), &|row| Cell::text(row.index.clone())),
            (Column::new("access_method").short("method"), &|row| {
                row.access_method.clone().map_or_else(Cell::none, Cell::text)
            }),
            (Column::new("index_len").short("size"), &|row| Cell::bytes(row.index_len)),
            (Column::new("reindex_frees").short("REINDEX"), &|row| {
                row.reindex_frees.map_or_else(|| Cell::text("unknown"), Cell::bytes)
            }),
            (Column::new("bloat_percent").short("bloat"), &|row| {
                row.bloat_percent.map_or_else(Cell::none, Cell::percent)
            }),
            (Column::new("share_percent").short("share"), &|row| Cell::percent(row.share_percent)),
        ],
    )
}

/// What needs VACUUM most: what autovacuum would take up, then the oldest.
fn vacuums(audit: &Audit, top: usize) -> Table {
    let rows = worst(audit, top, |table| {
        let age = Some(table.xid.age).filter(|&age| age != i32::MAX);
        let due = table.autovacuum.due.first().copied();
        (age.is_some() || due.is_some()).then_some((
            due.map(Reverse),
            age,
            table.freeze.aggressive_reads,
        ))
    });
    let title = "Vacuum: due by the tuples found (no statistics), then the oldest";
    table(
        ("vacuum", titled(audit, &rows, title)),
        &rows,
        vec![
            (Column::new("table"), &|row| Cell::text(row.table.clone())),
            (Column::new("age"), &|row| age(&row.xid)),
            (Column::new("percent_towards_freeze").short("of max"), &|row| {
                Cell::percent(row.xid.percent_towards_freeze)
            }),
            (Column::new("mxid_age").rank(3), &|row| age(&row.multi)),
            (Column::new("frozen_percent").short("frozen"), &|row| match row.freeze.tuples {
                0 => Cell::none(),
                tuples => Cell::percent(percent(row.freeze.frozen_tuples, tuples)),
            }),
            (Column::new("aggressive_reads").short("pages to read").rank(2), &|row| {
                Cell::count(row.freeze.aggressive_reads)
            }),
            (Column::new("dead_tuples").short("dead").rank(1), &|row| {
                Cell::count(row.autovacuum.dead_tuples)
            }),
            (Column::new("dead_threshold").short("due at").rank(1), &|row| {
                tuples(row.autovacuum.dead_threshold)
            }),
            (Column::new("autovacuum_due").short("due by"), &|row| due(row)),
        ],
    )
}

/// The first `top` tables by `key`, largest first, those without one left out.
fn worst<K: Ord>(
    audit: &Audit,
    top: usize,
    key: impl Fn(&TableAudit) -> Option<K>,
) -> Vec<&TableAudit> {
    let mut keyed: Vec<_> =
        audit.tables.iter().filter_map(|table| Some((Reverse(key(table)?), table))).collect();
    keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
    keyed.into_iter().map(|(_, table)| table).take(top).collect()
}

fn titled(audit: &Audit, rows: &[&TableAudit], title: &str) -> String {
    if audit.view.all || rows.len() < audit.view.top {
        title.to_owned()
    } else {
        format!("{title} (worst {})", rows.len())
    }
}

fn next(audit: &Audit) -> Vec<(String, String)> {
    let input = &audit.view.input;
    let mut next = Vec::new();
    if !audit.view.all {
        next.push((format!("pgdissect audit --all {input}"), "every table".to_owned()));
    }
    if let Some(worst) = audit.tables.first().filter(|table| table.wasted() > 0) {
        let command = format!("pgdissect page {input} {} 0", worst.table);
        next.push((command, "the first page of the worst table".to_owned()));
    }
    next.push((
        format!("pgdissect audit --format csv {input}"),
        "every number there is".to_owned(),
    ));
    next
}
