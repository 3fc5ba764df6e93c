//! `replay` on one screen.
use super::{
    Beyond, Checkpoint, End, Limits, Pages, Refusal, Replay, Segments, Start, Targets, Xact,
};
use crate::report::Present;
use crate::report::doc::{Block, Cell, Column, Doc, Table, Tone};

/// Rows of a table on the screen.
const ROWS: usize = 10;

impl Present for Replay {
    fn present(&self) -> Doc {
        let mut doc = Doc::default();
        doc.push(Block::Text(self.verdict()));
        doc.blocks.extend(self.refusal.as_ref().map(refused));
        doc.push(Block::Heading("Start".into()));
        doc.push(Block::Fields(self.start.fields()));
        doc.blocks.extend(self.start.notes.iter().cloned().map(Block::Text));
        if let Some(target) = self.targets.as_ref().and_then(Targets::fields) {
            doc.push(Block::Heading("Target".into()));
            doc.push(Block::Fields(target));
        }
        if let Some(end) = &self.end {
            doc.push(Block::Heading("End".into()));
            doc.push(Block::Fields(end.fields()));
            if let Some(of) = &end.end_of_wal {
                doc.push(Block::Text(of.explanation.clone()));
            }
        }
        if let Some(order) = &self.order {
            order.present(&mut doc);
        }
        if let Some(pages) = &self.pages {
            pages.present(&mut doc);
        }
        if let Some(outcome) = &self.outcome {
            let waits = self.end.as_ref().is_some_and(|end| end.waits);
            outcome.present(&mut doc, waits);
        }
        for table in self.targets.iter().flat_map(Targets::tables) {
            if !table.rows.is_empty() {
                doc.push(Block::Table(short(table)));
            }
        }
        doc.push(Block::Heading("Next".into()));
        doc.push(Block::Next(self.next()));
        doc
    }

    fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.summary()];
        if let Some(order) = &self.order {
            tables.extend([order.relations(), order.file_deeds()]);
        }
        tables.extend(self.pages.as_ref().map(Pages::table));
        if let Some(outcome) = &self.outcome {
            tables.extend([outcome.open(), outcome.prepared()]);
        }
        tables.extend(self.targets.iter().flat_map(Targets::tables));
        tables
    }
}

impl Replay {
    /// What would happen, in a sentence or two.
    fn verdict(&self) -> String {
        if self.refusal.is_some() {
            return "The server would not start. It would end with:".into();
        }
        let Some(end) = &self.end else { return "The server would start.".into() };
        let how = match (self.start.recovery, end.waits) {
            ("none", _) => {
                return "The server was stopped cleanly: it would start without recovery.".into();
            }
            (_, true) => "The server would start as a standby, and wait for more WAL",
            ("crash", _) => "The server would start with crash recovery",
            ("crash-then-archive", _) => {
                "The server would start with crash recovery, and go on with archive recovery"
            }
            ("backup", _) => "The server would start with recovery of a base backup",
            _ => "The server would start with archive recovery",
        };
        let what = match (end.redo_start_lsn, end.records) {
            (None, _) | (_, 0) => "no record is to be replayed".to_owned(),
            (Some(from), records) => {
                format!("{} from {from} to {} are replayed", plural(records, "record"), end.end_lsn)
            }
        };
        let lost = match &end.lost {
            Some(lost) => {
                format!(" {} behind damage would be gone.", plural(lost.commits, "commit"))
            }
            None => String::new(),
        };
        format!("{how}: {what}.{lost}")
    }

    fn next(&self) -> Vec<(String, String)> {
        let input = &self.view.input;
        let mut next = Vec::new();
        let missing = self.start.segments.as_ref().is_some_and(|of| !of.missing.is_empty());
        if missing {
            next.push((
                format!("pgdissect replay --archive DIR {input}"),
                "with an archive that has the missing segments".into(),
            ));
        }
        if let Some(end) = &self.end {
            let from = end.redo_done_lsn.unwrap_or(end.end_lsn);
            next.push((
                format!("pgdissect wal dump --start {from} {input}"),
                "the records at the end".into(),
            ));
        }
        if self.targets.as_ref().is_none_or(|targets| targets.list.is_none()) {
            next.push((
                format!("pgdissect replay --list-targets {input}"),
                "restore points, timelines, and what DDL to stop before".into(),
            ));
        }
        next.push((
            format!("pgdissect wal check {input}"),
            "all segments, and what is behind".into(),
        ));
        next
    }

    /// Everything in two columns.
    fn summary(&self) -> Table {
        let mut fields = vec![("starts".to_owned(), yes(self.starts))];
        fields.extend(self.refusal.iter().map(|of| field("message", of.message.clone())));
        fields.extend(self.start.fields());
        fields.extend(self.targets.as_ref().and_then(Targets::fields).unwrap_or_default());
        fields.extend(self.end.as_ref().map(End::fields).unwrap_or_default());
        let columns = ["what", "value"].map(Column::new).to_vec();
        let rows = fields.into_iter().map(|(what, value)| vec![Cell::text(what), value]).collect();
        Table { name: "summary", title: String::new(), columns, rows }
    }
}

fn refused(of: &Refusal) -> Block {
    let mut lines = vec![format!("{}:  {}", of.severity, of.message)];
    lines.extend(of.detail.iter().map(|detail| format!("DETAIL:  {detail}")));
    lines.extend(of.hint.iter().map(|hint| format!("HINT:  {}", hint.replace('\n', "\n       "))));
    Block::Verbatim(lines.iter().flat_map(|line| line.lines().map(str::to_owned)).collect())
}

impl Start {
    fn fields(&self) -> Vec<(String, Cell)> {
        let mut fields = Vec::new();
        let kind = match self.recovery {
            "none" => "none needed",
            "crash" => "crash recovery, by pg_wal alone",
            "crash-then-archive" => "crash recovery by pg_wal, then archive recovery",
            "backup" => "recovery of a base backup, by its backup_label",
            _ => "archive recovery",
        };
        fields.push(field("recovery", kind.to_owned()));
        fields.extend(self.state.iter().map(|state| field("pg_control says", state.clone())));
        let mut files = self.files.join(", ");
        if self.assumed {
            files = [files.as_str(), "recovery.signal and restore_command (assumed)"]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(", ");
        }
        if !files.is_empty() {
            fields.push(field("asked for by", files));
        }
        fields.extend(self.checkpoint.iter().map(|of| field("checkpoint", of.line())));
        fields.extend(self.checkpoint.iter().flat_map(|of| {
            of.postgres_says.iter().map(|says| field("PostgreSQL says", says.clone()))
        }));
        if self.pgbackrest {
            let text =
                "pgBackRest's mark in pg_control: only the backup_label tells where to begin";
            fields.push(field("0/DEAD", text.to_owned()));
        }
        fields.extend(self.redo_lsn.map(|redo| field("redo", redo.to_string())));
        if let Some(timeline) = self.target_timeline {
            let way: Vec<_> = self.path.iter().map(|part| part.timeline.to_string()).collect();
            let text = if way.len() > 1 { way.join(" > ") } else { timeline.to_string() };
            fields.push(field("timeline", text));
        }
        fields.extend(self.segments.as_ref().map(Segments::field));
        fields.extend(self.limits.fields());
        fields
    }
}

impl Segments {
    fn field(&self) -> (String, Cell) {
        let lacking = self.needed.saturating_sub(self.present);
        let what = match self.needed {
            1 => self.first.clone(),
            count => format!("{count}, {} to {}", self.first, self.last),
        };
        let (text, tone) = match self.missing.first() {
            None => (format!("{what}: there"), Tone::Plain),
            Some(first) if self.needed == 1 => (format!("{first}: missing"), Tone::Critical),
            Some(first) => (format!("{what}: {lacking} missing, first {first}"), Tone::Critical),
        };
        ("segments needed".to_owned(), Cell::text(text).tone(tone))
    }
}

impl Limits {
    fn fields(&self) -> Vec<(String, Cell)> {
        let mut fields = Vec::new();
        if let Some(least) = self.min_recovery_lsn {
            let timeline = self.min_recovery_timeline.unwrap_or_default();
            let text = format!("{least} on timeline {timeline}");
            fields.push(field("minimum recovery point", text));
        }
        if let Some(start) = self.backup_start_lsn {
            let until = match (self.backup_end_lsn, self.backup_end_required) {
                (Some(end), _) => format!("from {start}, ends at {end}"),
                (None, true) => format!("from {start}, to the record that ends it"),
                (None, false) => format!("from {start}"),
            };
            fields.push(field("backup", until));
        }
        fields
    }
}

impl Checkpoint {
    fn line(&self) -> String {
        let Self { lsn, told_by, segment, .. } = self;
        match (self.kind, self.time, &self.file) {
            (Some(kind), Some(time), _) => {
                format!("{kind} of {time} at {lsn} ({told_by}), in {segment}")
            }
            (_, _, Some(_)) => format!("{lsn} ({told_by}): not found in {segment}"),
            _ => format!("{lsn} ({told_by}): there is no {segment}"),
        }
    }
}

impl End {
    fn fields(&self) -> Vec<(String, Cell)> {
        let mut fields = Vec::new();
        fields.extend(self.redo_start_lsn.map(|lsn| field("redo starts at", lsn.to_string())));
        let side = if self.ended_by == "target" { " (where the target stops it)" } else { "" };
        fields.extend(self.redo_done_lsn.map(|lsn| field("redo done at", format!("{lsn}{side}"))));
        fields.push(field("end", format!("{} on timeline {}", self.end_lsn, self.timeline)));
        let replayed = format!(
            "{}, {}, {}",
            plural(self.records, "record"),
            plural(self.commits, "commit"),
            plural(self.aborts, "rollback")
        );
        fields.push(field("replayed", replayed));
        fields.extend(self.last_commit.iter().map(|of| field("last commit", of.line())));
        fields.extend(self.consistent_lsn.map(|lsn| field("consistent at", lsn.to_string())));
        fields.extend(self.target_action.map(|action| field("then", action.to_owned())));
        fields.extend(self.new_timeline.map(|new| field("new timeline", new.to_string())));
        if let Some(of) = &self.end_of_wal {
            fields.push(field("WAL ends at", format!("{} in {}", of.lsn, of.segment)));
            fields.push(field("class", of.class.name().to_owned()));
            fields.push(field("PostgreSQL says", of.postgres_says.clone()));
        }
        fields.extend(self.left_out.iter().map(|of| field("left out", of.line())));
        fields.extend(
            self.lost
                .iter()
                .map(|of| ("would be lost".to_owned(), Cell::text(of.line()).tone(Tone::Critical))),
        );
        fields
    }
}

impl Beyond {
    fn line(&self) -> String {
        let line =
            format!("{}, {}", plural(self.records, "record"), plural(self.commits, "commit"));
        match (self.since, self.until) {
            (Some(since), Some(until)) => format!("{line}, {since} to {until}"),
            _ => line,
        }
    }
}

impl Xact {
    fn line(&self) -> String {
        format!("{} of transaction {} at {}", self.time, self.xid, self.lsn)
    }

    fn ended(&self) -> String {
        let how = if self.committed { "committed" } else { "rolled back" };
        format!("transaction {} {how} {} at {}", self.xid, self.time, self.lsn)
    }
}

impl Targets {
    fn fields(&self) -> Option<Vec<(String, Cell)>> {
        let of = self.target.as_ref()?;
        let side = if of.inclusive { "included" } else { "not included" };
        let text = match of.kind {
            "immediate" => of.value.clone(),
            kind => format!("{kind} {}, {side}", of.value),
        };
        let mut fields = vec![field("target", format!("{text} ({})", of.told_by))];
        let (reachable, tone) = if of.reachable {
            ("yes", Tone::Plain)
        } else if of.stop.is_some() {
            ("no: it is before the consistent recovery point", Tone::Critical)
        } else {
            ("no: WAL ends before it", Tone::Critical)
        };
        fields.push(("reachable".to_owned(), Cell::text(reachable).tone(tone)));
        if let Some(stop) = &of.stop {
            fields.push(field("stops", format!("{} the record at {}", stop.side, stop.lsn)));
            fields.push(field("PostgreSQL says", stop.postgres_says.clone()));
        }
        fields.extend(of.last_included.iter().map(|of| field("last included", of.ended())));
        fields.extend(of.first_left_out.iter().map(|of| field("first left out", of.ended())));
        Some(fields)
    }

    fn tables(&self) -> Vec<Table> {
        let Some(list) = &self.list else { return Vec::new() };
        vec![list.points(), list.timelines(), list.ddl()]
    }
}

impl super::TargetList {
    fn points(&self) -> Table {
        let row = |of: &super::RestorePointRow| {
            vec![
                Cell::text(&of.name),
                Cell::text(of.time.to_string()),
                Cell::text(of.lsn.to_string()),
            ]
        };
        let columns = ["name", "time", "lsn"].map(Column::new).to_vec();
        let rows = self.restore_points.iter().map(row).collect();
        Table { name: "restore_points", title: "Restore points".into(), columns, rows }
    }

    fn timelines(&self) -> Table {
        let row = |of: &super::TimelineRow| {
            let switchpoint = of.switchpoint.map(|lsn| lsn.to_string());
            vec![
                Cell::number(of.timeline.0),
                of.parent.map_or_else(Cell::none, |parent| Cell::number(parent.0)),
                switchpoint.map_or_else(Cell::none, Cell::text),
                of.reason.as_ref().map_or_else(Cell::none, Cell::text),
            ]
        };
        let columns = vec![
            Column::new("timeline"),
            Column::new("parent"),
            Column::new("switchpoint"),
            Column::new("reason").rank(1),
        ];
        let rows = self.timelines.iter().map(row).collect();
        Table { name: "timelines", title: "Timelines".into(), columns, rows }
    }

    fn ddl(&self) -> Table {
        let row = |of: &super::DdlRow| {
            let did = of
                .ddl
                .iter()
                .map(|did| format!("{:?} {} {}", did.action, did.kind, did.object).to_lowercase());
            vec![
                Cell::number(of.xid.0),
                Cell::text(of.time.to_string()),
                Cell::text(of.lsn.to_string()),
                Cell::text(did.collect::<Vec<_>>().join("; ")),
            ]
        };
        let columns = ["xid", "time", "lsn", "ddl"].map(Column::new).to_vec();
        let title = "Transactions that did DDL: --target-inclusive off with --target-xid or --target-lsn stops before one";
        Table {
            name: "ddl",
            title: title.into(),
            columns,
            rows: self.ddl.iter().map(row).collect(),
        }
    }
}

fn field(label: &str, text: String) -> (String, Cell) {
    (label.to_owned(), Cell::text(text))
}

fn yes(flag: bool) -> Cell {
    Cell::text(if flag { "yes" } else { "no" })
}

fn plural(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
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
