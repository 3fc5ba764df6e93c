//! Tables: aligned, as wide as they need to be, narrower where the terminal is.
use super::paint::Paint;
use super::width::{fold, shorten, width};
use super::{escape, number};
use crate::report::doc::{Cell, Column, Table, Tone};

/// Columns between two columns.
const GAP: usize = 2;
/// No column of names is cut below this.
const SHORTEST: usize = 12;
/// What has spaces and is longer than this is a sentence.
const SENTENCE: usize = 32;
/// The last column is not wrapped into less than this.
const NARROWEST_WRAP: usize = 24;

/// What a column has become in text.
struct Shown {
    name: &'static str,
    header: String,
    rank: u8,
    right: bool,
    width: usize,
    cells: Vec<(String, Tone)>,
}

/// The table's lines, in at most `room` columns if that can be done, and the names of the columns
/// that were left out to get there.
pub(super) fn lines(
    table: &Table,
    room: Option<usize>,
    paint: Paint,
) -> (Vec<String>, Vec<&'static str>) {
    let marks: Vec<_> = table.rows.iter().map(|row| mark(row.iter().map(|c| c.tone))).collect();
    let gutter = if marks.iter().any(|mark| !mark.is_empty()) { 3 } else { 0 };
    let mut columns = shown(table);
    // A column without a single value says nothing.
    columns.retain(|column| {
        column.cells.is_empty() || column.cells.iter().any(|(text, _)| !text.is_empty())
    });
    let mut dropped = Vec::new();
    if let Some(room) = room.map(|room| room.saturating_sub(gutter)) {
        dropped = drop_columns(&mut columns, room);
        fit(&mut columns, room);
    }
    let mut lines = header(&columns, &" ".repeat(gutter), paint).to_vec();
    for (row, mark) in marks.iter().enumerate() {
        lines.extend(row_lines(&columns, row, &format!("{mark:gutter$}"), paint));
    }
    (lines, dropped)
}

/// What stands before a row, so that a passed threshold shows without colour as well.
fn mark(tones: impl Iterator<Item = Tone>) -> &'static str {
    tones.fold("", |worst, tone| match (worst, tone) {
        (_, Tone::Critical) => "!!",
        ("", Tone::Warning) => "!",
        _ => worst,
    })
}

fn shown(table: &Table) -> Vec<Shown> {
    let column = |(index, column): (usize, &Column)| {
        let values = || table.rows.iter().filter_map(|row| row.get(index));
        let show = |cell: &Cell| (number::show(&cell.value), cell.tone);
        let cells: Vec<_> = values().map(show).collect();
        let right = values().any(|cell| number::is_number(&cell.value));
        let header = escape(column.short.unwrap_or(column.name));
        let widest = cells.iter().map(|(text, _)| width(text)).max().unwrap_or(0);
        let width = widest.max(width(&header));
        Shown { name: column.name, header, rank: column.rank, right, width, cells }
    };
    table.columns.iter().enumerate().map(column).collect()
}

fn total(columns: &[Shown]) -> usize {
    let gaps = GAP * columns.len().saturating_sub(1);
    columns.iter().map(|column| column.width).sum::<usize>() + gaps
}

/// Leaves out columns until the rest fits: the highest rank first, of equals the rightmost.
fn drop_columns(columns: &mut Vec<Shown>, room: usize) -> Vec<&'static str> {
    let mut dropped = Vec::new();
    while least(columns) > room {
        let candidates = columns.iter().enumerate().filter(|(_, column)| column.rank > 0);
        let Some((index, _)) = candidates.max_by_key(|(_, column)| column.rank) else { break };
        dropped.push(columns.remove(index).name);
    }
    dropped
}

/// The least width that [`fit`] can reach without cutting a name: the last column wraps.
fn least(columns: &[Shown]) -> usize {
    let saved = columns
        .last()
        .filter(|last| wraps(last))
        .map_or(0, |last| last.width.saturating_sub(NARROWEST_WRAP.max(width(&last.header))));
    total(columns).saturating_sub(saved)
}

/// Whether a column in the last place holds sentences rather than names or times.
fn wraps(last: &Shown) -> bool {
    let sentence = |text: &str| width(text) > SENTENCE && text.contains(' ');
    !last.right && last.cells.iter().any(|(text, _)| sentence(text))
}

/// Narrows the last column if it wraps, then cuts names, the widest column first.
fn fit(columns: &mut [Shown], room: usize) {
    let too_wide = total(columns).saturating_sub(room);
    let names = match columns.split_last_mut() {
        Some((last, names)) if wraps(last) => {
            let narrowest = NARROWEST_WRAP.max(width(&last.header)).min(last.width);
            last.width = last.width.saturating_sub(too_wide).max(narrowest);
            names.len()
        }
        _ => columns.len(),
    };
    // A step of one each, so that several wide columns are cut alike.
    for _ in 0..total(columns).saturating_sub(room) {
        let cuttable = columns.iter_mut().take(names).filter(|column| !column.right);
        let Some(widest) = cuttable.max_by_key(|column| column.width) else { break };
        if widest.width <= SHORTEST.max(width(&widest.header)) {
            break;
        }
        widest.width -= 1;
    }
    for column in columns.iter_mut().take(names) {
        let room = column.width;
        column.cells.iter_mut().for_each(|(text, _)| *text = shorten(text, room));
    }
}

/// The column names and the line under them.
fn header(columns: &[Shown], gutter: &str, paint: Paint) -> [String; 2] {
    let names: Vec<_> = columns.iter().map(|column| plain(&column.header)).collect();
    let dashes: Vec<_> = columns.iter().map(|column| plain(&"-".repeat(column.width))).collect();
    [
        paint.heading(&compose(columns, &names, gutter, paint)),
        paint.tone(Tone::Faint, &compose(columns, &dashes, gutter, paint)),
    ]
}

/// A row; several lines if its last cell wraps.
fn row_lines(columns: &[Shown], row: usize, mark: &str, paint: Paint) -> Vec<String> {
    let cell = |column: &Shown| column.cells.get(row).cloned().unwrap_or_default();
    let mut cells: Vec<_> = columns.iter().map(cell).collect();
    let mut more = Vec::new();
    if let (Some(last), Some(column)) = (cells.last_mut(), columns.last())
        && width(&last.0) > column.width
    {
        let mut folded = fold(&last.0, column.width).into_iter();
        last.0 = folded.next().unwrap_or_default();
        more.extend(folded);
    }
    let indent = " ".repeat(total(columns) - columns.last().map_or(0, |last| last.width));
    let mut lines = vec![compose(columns, &cells, &paint.mark(mark), paint)];
    lines.extend(more.iter().map(|text| format!("{}{indent}{text}", " ".repeat(width(mark)))));
    lines
}

/// One line: each cell padded to its column, nothing after the last.
fn compose(columns: &[Shown], cells: &[(String, Tone)], gutter: &str, paint: Paint) -> String {
    let mut line = gutter.to_owned();
    let mut gap = 0;
    for (column, (text, tone)) in columns.iter().zip(cells) {
        let padding = column.width.saturating_sub(width(text));
        let (before, after) = if column.right { (padding, 0) } else { (0, padding) };
        line.push_str(&" ".repeat(gap + before));
        line.push_str(&paint.tone(*tone, text));
        gap = after + GAP;
    }
    line.trim_end().to_owned()
}

fn plain(text: &str) -> (String, Tone) {
    (text.to_owned(), Tone::Plain)
}

#[cfg(test)]
mod tests {
    use super::{Paint, lines};
    use crate::report::doc::{Cell, Column, Table, Tone};

    fn table() -> Table {
        let columns = vec![
            Column::new("relation"),
            Column::new("tuple_count").short("rows"),
            Column::new("dead_tuple_percent").short("dead %").rank(1),
            Column::new("free_space").rank(2),
        ];
        let row = |name: &str, rows: u64, dead: f64, tone, free| {
            let dead = Cell::percent(dead).tone(tone);
            vec![Cell::text(name), Cell::count(rows), dead, Cell::bytes(free)]
        };
        let rows = vec![
            row("lab.public.accounts_with_a_long_name", 1_234_567, 41.5, Tone::Critical, 1 << 20),
            row("lab.public.t", 3, 0.0, Tone::Plain, 0),
        ];
        Table { name: "bloat", title: String::new(), columns, rows }
    }

    #[test]
    fn without_a_terminal_nothing_is_cut() {
        let (lines, dropped) = lines(&table(), None, Paint(false));
        let expected = "\
            \n   relation                                   rows  dead %  free_space\
            \n   ------------------------------------  ---------  ------  ----------\
            \n!! lab.public.accounts_with_a_long_name  1,234,567   41.50     1024 kB\
            \n   lab.public.t                                  3    0.00     0 bytes";
        assert_eq!(format!("\n{}", lines.join("\n")), expected);
        assert!(dropped.is_empty());
    }

    #[test]
    fn narrow_terminals_lose_columns_by_rank_then_the_middle_of_names() {
        let (narrower, dropped) = lines(&table(), Some(60), Paint(false));
        assert_eq!(narrower[2], "!! lab.public.accounts_with_a_long_name  1,234,567   41.50");
        assert_eq!(dropped, ["free_space"]);
        let (narrowest, dropped) = lines(&table(), Some(40), Paint(false));
        assert_eq!(narrowest[2], "!! lab.public.ac…_a_long_name  1,234,567");
        assert_eq!(dropped, ["free_space", "dead_tuple_percent"]);
    }

    #[test]
    fn sentences_in_the_last_column_wrap() {
        let columns = vec![Column::new("id"), Column::new("means")];
        let means = "The bytes would not come, and nothing is known about them.";
        let rows = vec![vec![Cell::text("file.unreadable"), Cell::text(means)]];
        let table = Table { name: "rules", title: String::new(), columns, rows };
        let (lines, _) = lines(&table, Some(50), Paint(false));
        let expected = [
            "id               means",
            "---------------  ---------------------------------",
            "file.unreadable  The bytes would not come, and",
            "                 nothing is known about them.",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn times_in_the_last_column_do_not_wrap() {
        let columns = vec![Column::new("transaction"), Column::new("since")];
        let since = "2026-11-20 23:54:47.177754+00";
        let rows = vec![vec![Cell::text("a rather long name of it"), Cell::text(since)]];
        let table = Table { name: "held", title: String::new(), columns, rows };
        let (lines, _) = lines(&table, Some(40), Paint(false));
        assert_eq!(lines[2], "a rather …ame of it  2026-11-2…177754+00");
    }

    #[test]
    fn a_column_without_values_is_left_out() {
        let mut table = table();
        table.rows.iter_mut().for_each(|row| row[1] = Cell::none());
        let (lines, _) = lines(&table, None, Paint(false));
        assert!(!lines[0].contains("rows") && lines[0].contains("free_space"));
    }

    #[test]
    fn no_width_is_too_small() {
        for room in 0..80 {
            assert_eq!(lines(&table(), Some(room), Paint(false)).0.len(), 4);
        }
        assert!(lines(&Table::default(), Some(0), Paint(true)).0.len() == 2);
    }
}
