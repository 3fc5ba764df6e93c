//! Pictures: runs drawn to scale, a row of characters below the other, and what they are.
//!
//! A frame holds its label where there is room: `[12███]`. What is too small for a character is
//! not drawn, but counted below.
use super::number;
use super::paint::Paint;
use super::width::width;
use crate::report::doc::{Hue, Ink, Picture, Run, Tone};

/// Characters in a row, at most and at least; a power of two, so that rows begin at round numbers.
const CELLS: [usize; 5] = [256, 128, 64, 32, 16];
/// Rows, at most, as long as a coarser scale still shows what there is.
const ROWS: usize = 40;
/// Bytes of a character at the finest scale: those of a line pointer.
const FINEST: u32 = 4;
/// Bytes of a character at the coarsest scale: tuples are aligned to this.
const COARSEST: u32 = 8;

/// A picture's measures.
struct Grid {
    /// Where it begins.
    start: u32,
    /// How much a character stands for.
    scale: u32,
    /// Characters in a row.
    cells: usize,
    /// Columns of the numbers before each row.
    left: usize,
}

/// The lines of a picture in at most `room` columns.
pub(super) fn lines(picture: &Picture, room: usize, paint: Paint) -> Vec<String> {
    let Some(grid) = Grid::of(picture, room) else { return Vec::new() };
    let mut lines = vec![grid.scale_in_words(picture), String::new()];
    let cells = grid.cells(picture);
    let labels = grid.labels(picture);
    for (row, cells) in cells.chunks(grid.cells).enumerate() {
        let at = u64::from(grid.start) + (row * grid.cells) as u64 * u64::from(grid.scale);
        let painted = coloured(cells, paint);
        let labels = labels.get(row).map_or("", String::as_str);
        let gap = grid.cells - cells.len() + 1;
        let before = paint.tone(Tone::Faint, &format!("{at:>0$}", grid.left));
        let after = paint.tone(Tone::Faint, labels);
        lines.push(format!("{before} {painted}{:gap$}{after}", "").trim_end().to_owned());
    }
    lines.push(String::new());
    lines.extend(legend(picture, room, paint));
    lines
}

impl Grid {
    fn of(picture: &Picture, room: usize) -> Option<Self> {
        let (first, last) = (picture.runs.first()?, picture.runs.last()?);
        let (start, end) = (first.at, last.at.saturating_add(last.len));
        let left = end.to_string().len().max(5);
        let labels = picture.runs.iter().filter(|run| run.ink.framed);
        let digits = labels.filter_map(|run| run.label).max().map(|label| label.to_string().len());
        let right = digits.map_or(0, |digits| 2 * digits + 2);
        let fits = |cells: &&usize| left + 1 + **cells + right <= room;
        let cells = *CELLS.iter().find(fits).unwrap_or(&CELLS[CELLS.len() - 1]);
        let rows = |scale: u32| {
            usize::try_from(end.saturating_sub(start).div_ceil(scale)).unwrap_or(0).div_ceil(cells)
        };
        let bytes = picture.unit == "byte";
        let mut scale = if bytes { FINEST } else { 1 };
        while rows(scale) > ROWS && !(bytes && scale >= COARSEST) {
            scale *= 2;
        }
        Some(Self { start, scale, cells, left })
    }

    fn scale_in_words(&self, picture: &Picture) -> String {
        let plural = if self.scale == 1 { "" } else { "s" };
        let scale = format!("A character is {} {}{plural}.", self.scale, picture.unit);
        let pointers = picture.runs.iter().any(|run| run.label.is_some() && !run.ink.framed);
        match picture.runs.iter().find(|run| run.ink.framed && run.label.is_some()) {
            Some(Run { label: Some(label), ink, .. }) if pointers => {
                let fill = ink.fill;
                format!("{scale} [{label}{fill}{fill}] is what line pointer {label} leads to.")
            }
            _ => scale,
        }
    }

    /// The character that begins at or next to this place.
    fn cell(&self, at: u32) -> usize {
        let from = at.saturating_sub(self.start);
        usize::try_from(from.saturating_add(self.scale / 2) / self.scale).unwrap_or(usize::MAX)
    }

    fn cells(&self, picture: &Picture) -> Vec<(char, Hue)> {
        let mut cells = Vec::new();
        for run in &picture.runs {
            let (from, to) = (cells.len(), self.cell(run.at.saturating_add(run.len)));
            let count = to.saturating_sub(from);
            let mut drawn = vec![run.ink.fill; count];
            if run.ink.framed {
                self.frame(&mut drawn, from, run.label);
            }
            cells.extend(drawn.into_iter().map(|char| (char, run.ink.hue)));
        }
        cells
    }

    /// Draws a frame and, where it has room in one row, the label. `from` is the first cell.
    fn frame(&self, drawn: &mut [char], from: usize, label: Option<u16>) {
        let label = label.map(|label| label.to_string()).unwrap_or_default();
        let count = drawn.len();
        let in_row = self.cells - from % self.cells;
        if let Some(last) = drawn.last_mut().filter(|_| count > 1 && count > label.len() + 1) {
            *last = ']';
        }
        if let Some(first) = drawn.first_mut() {
            *first = '[';
        }
        let first = if label.len() < in_row { 1 } else { in_row };
        if first + label.len() <= count {
            drawn.iter_mut().skip(first).zip(label.chars()).for_each(|(cell, char)| *cell = char);
        }
    }

    /// Beside each row the first and the last label of what begins there.
    fn labels(&self, picture: &Picture) -> Vec<String> {
        let mut rows: Vec<Option<(u16, u16)>> = Vec::new();
        for run in picture.runs.iter().filter(|run| run.ink.framed) {
            let Some(label) = run.label else { continue };
            let row = self.cell(run.at) / self.cells;
            rows.resize(rows.len().max(row + 1), None);
            if let Some(row) = rows.get_mut(row) {
                *row = Some((row.map_or(label, |(first, _)| first), label));
            }
        }
        let text = |row: &Option<(u16, u16)>| match row {
            Some((first, last)) if first == last => first.to_string(),
            Some((first, last)) => format!("{first}-{last}"),
            None => String::new(),
        };
        rows.iter().map(text).collect()
    }
}

/// The characters, runs of one colour together.
fn coloured(cells: &[(char, Hue)], paint: Paint) -> String {
    let runs = cells.chunk_by(|one, next| one.1 == next.1);
    let run = |cells: &[(char, Hue)]| {
        let text: String = cells.iter().map(|(char, _)| char).collect();
        paint.hue(cells.first().map_or(Hue::Plain, |(_, hue)| *hue), &text)
    };
    runs.map(run).collect()
}

/// What of a picture is drawn alike.
struct Kind {
    ink: Ink,
    len: u64,
    labels: Vec<u16>,
}

/// What the runs are, how many and how much there are of each.
fn legend(picture: &Picture, room: usize, paint: Paint) -> Vec<String> {
    let mut kinds: Vec<Kind> = Vec::new();
    for run in &picture.runs {
        let at = kinds.iter().position(|kind| kind.ink == run.ink).unwrap_or_else(|| {
            kinds.push(Kind { ink: run.ink, len: 0, labels: Vec::new() });
            kinds.len() - 1
        });
        if let Some(kind) = kinds.get_mut(at) {
            kind.len += u64::from(run.len);
            kind.labels.extend(run.label);
        }
    }
    let total: u64 = kinds.iter().map(|kind| kind.len).sum();
    let names = kinds.iter().map(|kind| width(kind.ink.name)).max().unwrap_or(0);
    let lens: Vec<_> = kinds.iter().map(|kind| number::grouped(kind.len.into())).collect();
    let digits = lens.iter().map(String::len).max().unwrap_or(0).max(picture.unit.len() + 1);
    let head =
        format!("     {:names$}  {:>digits$}      %  number", "", format!("{}s", picture.unit));
    let mut lines = vec![paint.heading(&head)];
    for (kind, len) in kinds.iter().zip(lens) {
        let fill = kind.ink.fill;
        let sample =
            if kind.ink.framed { format!("[{fill}]") } else { String::from_iter([fill; 3]) };
        let sample = paint.hue(kind.ink.hue, &sample);
        #[expect(clippy::cast_precision_loss, reason = "a page has few bytes")]
        let percent = kind.len as f64 * 100.0 / total.max(1) as f64;
        let before = format!("{:names$}  {len:>digits$}  {percent:5.1}  ", kind.ink.name);
        let left = room.saturating_sub(width(&before) + 5);
        let numbers = numbers(&kind.labels, left);
        lines.push(format!(" {sample} {before}{numbers}").trim_end().to_owned());
    }
    lines
}

/// How many there are, and which: `5: 1-4, 6`, in at most `room` columns.
fn numbers(labels: &[u16], room: usize) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let mut sorted = labels.to_vec();
    sorted.sort_unstable();
    let runs = sorted.chunk_by(|one, next| one.checked_add(1) == Some(*next));
    let range = |run: &[u16]| match run {
        [first, .., last] => format!("{first}-{last}"),
        [one] => one.to_string(),
        [] => String::new(),
    };
    let mut text = format!("{}: ", number::grouped(labels.len() as i128));
    for (at, range) in runs.map(range).enumerate() {
        let before = if at == 0 { "" } else { ", " };
        if width(&text) + before.len() + range.len() + 1 > room {
            return text + "…";
        }
        text = text + before + &range;
    }
    text
}
