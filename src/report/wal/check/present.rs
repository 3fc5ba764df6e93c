//! `wal check` on one screen: the segments, where valid WAL ends, what is behind, what to do.
use super::{End, EndClass, Gap, Run, Stretch, Timeline, WalCheck};
use crate::report::Present;
use crate::report::doc::{Block, Cell, Column, Doc, Table};

/// Rows of a table on the screen.
const ROWS: usize = 12;

impl Present for WalCheck {
    fn present(&self) -> Doc {
        let mut doc = Doc::default();
        doc.push(Block::Table(short(self.runs())));
        if self.timelines.len() > 1 {
            doc.push(Block::Table(short(self.timeline_table())));
        }
        doc.push(Block::Heading("Where valid WAL ends".into()));
        doc.push(match &self.end {
            Some(end) => Block::Fields(self.end_fields(end)),
            None => Block::Text("There is no record.".into()),
        });
        if let Some(end) = &self.end {
            doc.push(Block::Text(end.explanation.clone()));
        }
        if !self.gaps.is_empty() {
            doc.push(Block::Table(short(self.gap_table())));
        }
        let rest = self.rest();
        if !rest.is_empty() {
            doc.push(Block::Heading("Beside the segments".into()));
            doc.push(Block::Fields(rest));
        }
        let listed = self.summaries.iter().flat_map(|summary| summary.lines.iter().cloned());
        let lines: Vec<_> = listed.collect();
        if !lines.is_empty() {
            doc.push(Block::Heading("Summaries".into()));
            doc.push(Block::Verbatim(lines));
        }
        doc.push(Block::Heading("Next".into()));
        doc.push(Block::Next(self.next()));
        doc
    }

    fn tables(&self) -> Vec<Table> {
        vec![
            self.runs(),
            self.timeline_table(),
            self.gap_table(),
            self.file_table(),
            self.summary_table(),
        ]
    }
}

impl WalCheck {
    fn runs(&self) -> Table {
        let row = |run: &Run| {
            vec![
                Cell::text(&run.first),
                Cell::text(&run.last),
                Cell::count(run.segments),
                Cell::text(run.state.map_or("missing", super::State::name)),
            ]
        };
        let columns = ["first", "last", "segments", "state"].map(Column::new).to_vec();
        let rows = self.runs.iter().map(row).collect();
        Table { name: "runs", title: "Segments".into(), columns, rows }
    }

    fn timeline_table(&self) -> Table {
        let lsn = |lsn: Option<crate::types::Lsn>| {
            lsn.map_or_else(Cell::none, |lsn| Cell::text(lsn.to_string()))
        };
        let row = |of: &Timeline| {
            vec![
                Cell::number(of.timeline.0),
                of.parent.map_or_else(Cell::none, |parent| Cell::number(parent.0)),
                lsn(of.switchpoint),
                of.told_by.map_or_else(Cell::none, Cell::text),
                Cell::count(of.segments),
                Cell::text(if of.followed { "yes" } else { "no" }),
                of.reason.as_ref().map_or_else(Cell::none, Cell::text),
            ]
        };
        let columns = vec![
            Column::new("timeline"),
            Column::new("parent"),
            Column::new("switchpoint"),
            Column::new("told_by").rank(2),
            Column::new("segments"),
            Column::new("followed"),
            Column::new("reason").rank(1),
        ];
        let rows = self.timelines.iter().map(row).collect();
        Table { name: "timelines", title: "Timelines".into(), columns, rows }
    }

    fn gap_table(&self) -> Table {
        let row = |gap: &Gap| {
            let until = gap.behind.until;
            vec![
                Cell::text(gap.lsn.to_string()),
                Cell::text(&gap.segment),
                Cell::number(gap.offset),
                Cell::bytes(gap.skipped),
                Cell::text(gap.resumed_lsn.to_string()),
                Cell::count(gap.behind.records),
                Cell::count(gap.behind.commits),
                until.map_or_else(Cell::none, |until| Cell::text(until.to_string())),
                Cell::text(&gap.postgres_says),
            ]
        };
        let columns = vec![
            Column::new("lsn"),
            Column::new("segment").rank(2),
            Column::new("offset").rank(2),
            Column::new("skipped").rank(1),
            Column::new("resumed_lsn").short("resumed"),
            Column::new("records"),
            Column::new("commits"),
            Column::new("until").rank(3),
            Column::new("postgres_says").rank(4),
        ];
        let title = match self.gap_count {
            1 => "Records cannot be read here, and can behind it".to_owned(),
            count => format!("Records cannot be read in {count} places, and can behind them"),
        };
        Table { name: "gaps", title, columns, rows: self.gaps.iter().map(row).collect() }
    }

    fn file_table(&self) -> Table {
        let row = |file: &super::File| {
            vec![
                Cell::text(&file.segment),
                Cell::text(&file.file),
                Cell::bytes(file.size),
                Cell::text(file.state.name()),
                file.compression.map_or_else(Cell::none, Cell::text),
                Cell::text(if file.partial { "yes" } else { "no" }),
                Cell::text(if file.counts { "yes" } else { "no" }),
            ]
        };
        let columns = ["segment", "file", "size", "state", "compression", "partial", "counts"];
        let columns = columns.map(Column::new).to_vec();
        let rows = self.files.iter().map(row).collect();
        Table { name: "files", title: "Files".into(), columns, rows }
    }

    fn summary_table(&self) -> Table {
        let count = |count: Option<u64>| count.map_or_else(Cell::none, Cell::count);
        let row = |summary: &super::Summary| {
            vec![
                Cell::text(&summary.file),
                Cell::number(summary.timeline.0),
                Cell::text(summary.start_lsn.to_string()),
                Cell::text(summary.end_lsn.to_string()),
                count(summary.forks),
                count(summary.blocks),
            ]
        };
        let columns = ["file", "timeline", "start_lsn", "end_lsn", "forks", "blocks"];
        let columns = columns.map(Column::new).to_vec();
        let rows = self.summaries.iter().map(row).collect();
        Table { name: "summaries", title: "WAL summaries".into(), columns, rows }
    }

    fn end_fields(&self, end: &End) -> Vec<(String, Cell)> {
        let mut fields = vec![
            field("end", format!("{} in {} at byte {}", end.lsn, end.segment, end.offset)),
            field("class", end.class.name().to_owned()),
            field("PostgreSQL says", end.postgres_says.clone()),
        ];
        let stretches = [("read", &self.valid), ("behind it", &self.beyond)];
        for (label, of) in stretches.into_iter().filter(|(_, of)| of.records > 0) {
            fields.push(field(label, counted(of)));
            fields.extend(of.until.map(|until| field("until", until.to_string())));
        }
        if let Some(checkpoint) = &self.checkpoint {
            let how = match (checkpoint.readable, checkpoint.redo_readable) {
                (true, true) => "readable",
                (true, false) => "readable, its redo not",
                (false, _) => "not readable",
            };
            let text = format!("{}, redo {}, {how}", checkpoint.lsn, checkpoint.redo_lsn);
            fields.push(field("checkpoint", text));
        }
        fields
    }

    fn rest(&self) -> Vec<(String, Cell)> {
        let mut fields = Vec::new();
        let status = &self.archive_status;
        if status.ready > 0 || status.done > 0 {
            let first = status.first_ready.as_ref();
            let first = first.map(|name| format!(" (first {name})")).unwrap_or_default();
            let text = format!("{} ready{first}, {} done", status.ready, status.done);
            fields.push(field("archive_status", text));
        }
        if let (Some(first), Some(last)) = (self.summaries.first(), self.summaries.last()) {
            let count = self.summaries.len();
            let text = format!("{count} from {} to {}", first.start_lsn, last.end_lsn);
            fields.push(field("summaries", text));
        }
        let counts = &self.counts;
        for (label, count) in [
            ("compressed files", counts.compressed),
            ("partial files", counts.partial),
            ("duplicate files", counts.duplicate),
        ] {
            if count > 0 {
                fields.push((label.to_owned(), Cell::count(count)));
            }
        }
        fields
    }

    fn next(&self) -> Vec<(String, String)> {
        let input = &self.input;
        let mut next = Vec::new();
        if let Some(end) = &self.end {
            let from = self.valid.last_lsn.unwrap_or(end.lsn);
            next.push((
                format!("pgdissect wal dump --start {from} {input}"),
                "the last records, and what is behind the end".into(),
            ));
        }
        if let Some(missing) = self.missing.first() {
            next.push((
                format!("pgdissect wal check --archive DIR {input}"),
                format!("with an archive that has {} and on", missing.first),
            ));
        }
        next.push((
            format!("pgdissect wal check --format csv --table files {input}"),
            "every file and what it holds".into(),
        ));
        next
    }
}

impl EndClass {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean end",
            Self::Torn => "torn tail",
            Self::Recycled => "recycled space",
            Self::Preallocated => "preallocated space",
            Self::NoSegment => "no further segment",
            Self::Cut => "cut file",
            Self::Foreign => "segment of another cluster",
            Self::NotWal => "no page of WAL",
            Self::Damage => "damage, with newer records behind it",
            Self::Leftover => "clean end, with older records behind it",
        }
    }
}

fn field(label: &str, text: String) -> (String, Cell) {
    (label.to_owned(), Cell::text(text))
}

fn counted(of: &Stretch) -> String {
    let (Some(start), Some(end)) = (of.start_lsn, of.end_lsn) else { return "nothing".into() };
    format!("{} records, {} commits, {start} to {end}", of.records, of.commits)
}

/// The first rows, and how many there are.
fn short(mut table: Table) -> Table {
    let all = table.rows.len();
    if all > ROWS {
        table.rows.truncate(ROWS);
        table.title = format!("{} (the first {ROWS} of {all})", table.title);
    }
    table
}
