//! What filled WAL, on one screen.
use super::present::percent;
use super::{By, Images, MinuteRow, Stats, Transactions};
use crate::report::doc::{Block, Cell, Doc, Table};
use crate::report::wal::dump::leftover;
use crate::types::TimestampTz;

/// Rows of each table.
const TOP: usize = 5;
/// Rows of the time line.
const TIMES: usize = 8;

pub(super) fn screen(stats: &Stats) -> Doc {
    let mut doc = Doc::default();
    doc.push(head(stats));
    doc.blocks.extend(stats.leftover_lsn.map(leftover));
    let mut relations = stats.table(By::Relation);
    relations.rows.retain(|row| row.first() != Some(&Cell::text("(no block)")));
    section(
        &mut doc,
        stats,
        By::Cause,
        "By cause (rules: docs/wal.md)",
        &stats.table(By::Cause),
        9,
    );
    section(&mut doc, stats, By::Rmgr, "By resource manager", &largest(stats), TOP);
    section(&mut doc, stats, By::Relation, "By relation", &relations, TOP);
    section(&mut doc, stats, By::Xid, "By transaction", &stats.table(By::Xid), TOP);
    let times = times(stats);
    section(&mut doc, stats, By::Minute, "By time", &times, TIMES + 1);
    if let Some(seen) = stats.images.filter(|images| images.count > 0) {
        doc.push(Block::Heading("Full-page images".to_owned()));
        doc.push(images(seen));
    }
    doc
}

/// Which part of WAL, and how much that is.
pub(super) fn head(stats: &Stats) -> Block {
    let (Some(start), Some(end)) = (stats.start_lsn, stats.end_lsn) else {
        return Block::Text("There are no records.".to_owned());
    };
    let totals = stats.totals;
    let segments = plural(stats.segments, "segment");
    let mut fields = vec![("WAL", Cell::text(format!("{start} to {end}, {segments}")))];
    if let (Some(first), Some(last)) = (stats.first_time, stats.last_time) {
        fields.push(("Time", Cell::text(format!("{first} to {last}"))));
    }
    fields.push(("Records", Cell::count(totals.count)));
    fields.push(("Size", Cell::bytes(totals.combined_size())));
    fields.push(("of it images", Cell::bytes(totals.fpi_size)));
    let share = percent(totals.fpi_size, totals.combined_size());
    fields.push(("of it images, %", Cell::percent(share)));
    if let Some(of) = stats.transactions {
        let Transactions { committed, aborted, open } = of;
        let text = format!("{committed} committed, {aborted} rolled back, {open} open");
        fields.push(("Transactions", Cell::text(text)));
    }
    Block::Fields(fields.into_iter().map(|(label, cell)| (label.to_owned(), cell)).collect())
}

/// A table's first rows with few columns, and the command for all of it.
fn section(doc: &mut Doc, stats: &Stats, by: By, title: &str, table: &Table, top: usize) {
    if table.rows.is_empty() {
        return;
    }
    let shown = ["count", "record_size", "fpi_size", "combined_size", "combined_size_percentage"];
    let kept: Vec<_> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(at, column)| *at == 0 || column.name == "state" || shown.contains(&column.name))
        .map(|(at, _)| at)
        .collect();
    let pick = |row: &Vec<Cell>| kept.iter().filter_map(|&at| row.get(at).cloned()).collect();
    doc.push(Block::Table(Table {
        name: table.name,
        title: title.to_owned(),
        columns: kept.iter().filter_map(|&at| table.columns.get(at).cloned()).collect(),
        rows: table.rows.iter().take(top).map(pick).collect(),
    }));
    let command = format!("pgdissect wal stats --by {} {}", by.name(), stats.view.input);
    let more = table.rows.len().saturating_sub(top);
    let what = if more > 0 { format!("{more} more") } else { "every column".to_owned() };
    doc.push(Block::Next(vec![(command, what)]));
}

/// Resource managers, most bytes first.
fn largest(stats: &Stats) -> Table {
    let mut rows = stats.by_rmgr.clone();
    rows.retain(|row| row.tally.count > 0);
    rows.sort_by_key(|row| std::cmp::Reverse(row.tally.combined_size()));
    Stats { by_rmgr: rows, totals: stats.totals, ..Stats::default() }.table(By::Rmgr)
}

/// Minutes, several together where there are many.
fn times(stats: &Stats) -> Table {
    let minutes = &stats.by_minute;
    let first = minutes.iter().find_map(|row| row.minute);
    let last = minutes.iter().rev().find_map(|row| row.minute);
    let (Some(first), Some(last)) = (first, last) else { return stats.table(By::Minute) };
    let span = (last.0.saturating_sub(first.0) / 60_000_000).unsigned_abs() + 1;
    let each = [1, 5, 10, 30, 60, 180, 360, 720, 1440, 10080, 43200];
    let each = each.into_iter().find(|each| span.div_ceil(*each) <= TIMES as u64);
    let each = i64::try_from(each.unwrap_or(span)).unwrap_or(i64::MAX);
    let width = each.saturating_mul(60_000_000);
    let mut rows: Vec<MinuteRow> = Vec::new();
    for row in minutes {
        let begins = |time: TimestampTz| time.0.div_euclid(width) * width;
        let minute = row.minute.map(|time| TimestampTz(begins(time)));
        match rows.last_mut().filter(|last| last.minute == minute) {
            Some(last) => last.tally.add(row.tally),
            None => rows.push(MinuteRow { minute, tally: row.tally }),
        }
    }
    Stats { by_minute: rows, totals: stats.totals, ..Stats::default() }.table(By::Minute)
}

/// What compression did, or would do.
fn images(images: Images) -> Block {
    let mut fields = vec![("all".to_owned(), Cell::count(images.count))];
    if images.compressed_count > 0 {
        fields.push(("compressed".to_owned(), Cell::count(images.compressed_count)));
        fields.push(("which saved".to_owned(), Cell::bytes(images.saved)));
    }
    if images.sampled_count > 0 {
        let label = format!("lz4 would save (estimated from {})", images.sampled_count);
        fields.push((label, Cell::bytes(images.lz4_would_save)));
    }
    Block::Fields(fields)
}

fn plural(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
