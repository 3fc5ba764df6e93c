//! What replay does to files, counted and in words.
use crate::replay::order::FileDeed;
use crate::report::replay::{FileKind, FileRow};
use crate::types::{Fork, Lsn, Oid, RelFileLocator};
use crate::wal::Names;
use std::collections::BTreeMap;

/// What is listed; more is counted.
const MOST: usize = 1000;
/// Relations that are named of those that one record drops.
const NAMED: usize = 4;

/// What was done so far.
pub(super) struct Files<'n> {
    names: &'n Names<'n>,
    counts: BTreeMap<&'static str, u64>,
    rows: Vec<FileRow>,
}

impl<'n> Files<'n> {
    pub(super) const fn new(names: &'n Names<'n>) -> Self {
        Self { names, counts: BTreeMap::new(), rows: Vec::new() }
    }

    pub(super) fn add(&mut self, lsn: Lsn, deed: &FileDeed) {
        *self.counts.entry(action(deed)).or_default() += 1;
        if self.rows.len() < MOST {
            self.rows.push(row(self.names, lsn, deed));
        }
    }

    pub(super) fn finish(self) -> (Vec<FileKind>, Vec<FileRow>) {
        let kinds = self.counts.into_iter().map(|(action, count)| FileKind { action, count });
        (kinds.collect(), self.rows)
    }
}

/// One thing done to files, in words.
pub(super) fn row(names: &Names<'_>, lsn: Lsn, deed: &FileDeed) -> FileRow {
    FileRow { lsn, action: action(deed), subject: subject(names, deed) }
}

const fn action(deed: &FileDeed) -> &'static str {
    match deed {
        FileDeed::Create(..) => "create",
        FileDeed::Truncate { .. } => "truncate",
        FileDeed::Drop(_) => "drop",
        FileDeed::SlruZero(..) => "slru-zero",
        FileDeed::SlruTruncate(..) | FileDeed::MultiTruncate(_) => "slru-truncate",
        FileDeed::RelationMap { .. } => "relation-map",
        FileDeed::CopyDatabase { .. } => "database-copy",
        FileDeed::CreateDatabase(..) => "database-create",
        FileDeed::DropDatabase(_) => "database-drop",
        FileDeed::CreateTablespace(..) => "tablespace-create",
        FileDeed::DropTablespace(_) => "tablespace-drop",
    }
}

fn subject(names: &Names<'_>, deed: &FileDeed) -> String {
    let directory = |&(tablespace, database): &(Oid, Oid)| {
        format!("{} in tablespace {}", names.database(database), space(names, tablespace))
    };
    match deed {
        FileDeed::Create(locator, Fork::Main) => names.text(*locator),
        FileDeed::Create(locator, fork) => format!("{}, fork {fork}", names.text(*locator)),
        FileDeed::Truncate { locator, blocks, .. } => {
            format!("{} to {blocks} blocks", names.text(*locator))
        }
        FileDeed::Drop(locators) => dropped(names, locators),
        FileDeed::SlruZero(log, page) => format!("{} page {page}", log.dir()),
        FileDeed::SlruTruncate(log, page) => format!("{} before page {page}", log.dir()),
        FileDeed::MultiTruncate(multi) => format!("pg_multixact before multixact {multi}"),
        FileDeed::RelationMap { database, .. } => {
            format!("pg_filenode.map of {}", names.database(*database))
        }
        FileDeed::CopyDatabase { from, to } => format!("{} to {}", directory(from), directory(to)),
        FileDeed::CreateDatabase(tablespace, database) => directory(&(*tablespace, *database)),
        FileDeed::DropDatabase(dirs) => dirs.iter().map(directory).collect::<Vec<_>>().join(", "),
        FileDeed::CreateTablespace(oid, path) => format!("{} at {path}", space(names, *oid)),
        FileDeed::DropTablespace(oid) => space(names, *oid),
    }
}

fn dropped(names: &Names<'_>, locators: &[RelFileLocator]) -> String {
    let first = locators.iter().take(NAMED).map(|locator| names.text(*locator));
    let more = match locators.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", first.collect::<Vec<_>>().join(", "))
}

fn space(names: &Names<'_>, oid: Oid) -> String {
    names.tablespace(oid).map_or_else(|| oid.to_string(), str::to_owned)
}
