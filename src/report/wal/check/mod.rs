//! `wal check`: which WAL there is, where it ends for PostgreSQL and why, and what lies behind.
mod present;

use crate::types::{Lsn, TimelineId, TimestampTz};
use serde::Serialize;

/// The answer.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WalCheck {
    /// Bytes in a segment.
    pub segment_size: u32,
    /// The timelines that files, histories or records tell of, oldest first.
    pub timelines: Vec<Timeline>,
    /// How many files there are of each kind.
    pub counts: Counts,
    /// Segments in a row on one timeline, in one state.
    pub runs: Vec<Run>,
    /// Segments that are not there, between others that are.
    pub missing: Vec<Missing>,
    /// What PostgreSQL's readers read: the records up to where they stop.
    pub valid: Stretch,
    /// Where PostgreSQL's readers stop, and why; absent if there is no record at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// Places where no records can be read, with others behind; the first ones.
    pub gaps: Vec<Gap>,
    /// How many such places there are.
    pub gap_count: u64,
    /// All records behind the first of them.
    pub beyond: Stretch,
    /// The checkpoint that recovery would start from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<Checkpoint>,
    /// What archive_status says.
    pub archive_status: ArchiveStatus,
    /// WAL summaries (17 and later).
    pub summaries: Vec<Summary>,
    /// Every file that is named as a segment.
    pub files: Vec<File>,
    /// The input as a shell takes it, for the commands that are proposed.
    #[serde(skip)]
    pub input: String,
}

/// A timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Timeline {
    /// Its number.
    pub timeline: TimelineId,
    /// The one that it left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<TimelineId>,
    /// Where it left that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switchpoint: Option<Lsn>,
    /// Who says so: "history" for its history file, "records" for the first record on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_by: Option<&'static str>,
    /// Why, in the words of its history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether it is one of those that are followed.
    pub followed: bool,
    /// Files of it.
    pub segments: u64,
}

/// Files by kind. `present` is the sum of the states.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Counts {
    /// Files that are named as a segment.
    pub present: u64,
    /// That hold the segment that their name says.
    pub valid: u64,
    /// That hold an older segment and wait to be written over.
    pub recycled: u64,
    /// That are zero from the start, and wait to be written.
    pub preallocated: u64,
    /// Without a byte.
    pub zero_length: u64,
    /// That end early.
    pub cut: u64,
    /// Of another cluster.
    pub foreign: u64,
    /// That begin with no page of WAL of this major.
    pub unrecognised: u64,
    /// That cannot be read or decompressed.
    pub unreadable: u64,
    /// Of all these: compressed.
    pub compressed: u64,
    /// Of all these: named as partial.
    pub partial: u64,
    /// Of all these: there for a segment that another file comes first for.
    pub duplicate: u64,
    /// Segments that are not there, between others that are.
    pub missing: u64,
}

/// What a file holds, by its first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "described in Counts")]
pub enum State {
    Valid,
    Recycled,
    Preallocated,
    ZeroLength,
    Cut,
    Foreign,
    Unrecognised,
    Unreadable,
}

/// Segments in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Run {
    /// The first, by name.
    pub first: String,
    /// The last.
    pub last: String,
    /// How many.
    pub segments: u64,
    /// What their files hold; absent for those that are not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
}

/// Segments that are not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Missing {
    /// The first, by name.
    pub first: String,
    /// The last.
    pub last: String,
    /// How many.
    pub segments: u64,
}

/// Records that follow each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Stretch {
    /// Where the first begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_lsn: Option<Lsn>,
    /// Where the last begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_lsn: Option<Lsn>,
    /// Behind the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_lsn: Option<Lsn>,
    /// How many records.
    pub records: u64,
    /// How many commits, those of prepared transactions included.
    pub commits: u64,
    /// How many aborts.
    pub aborts: u64,
    /// Time of the first commit or abort.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<TimestampTz>,
    /// Time of the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<TimestampTz>,
    /// Whether the last record is a shutdown checkpoint.
    pub shutdown: bool,
}

/// Where PostgreSQL stops reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct End {
    /// The record that it cannot read.
    pub lsn: Lsn,
    /// The page on which it fails.
    pub page_lsn: Lsn,
    /// The segment of that page.
    pub segment: String,
    /// Its file, if it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Bytes from the start of the segment to that page.
    pub offset: u32,
    /// What kind of end it is.
    pub class: EndClass,
    /// What that means, in a sentence.
    pub explanation: String,
    /// What PostgreSQL says.
    pub postgres_says: String,
}

/// What kind of end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EndClass {
    /// Nothing was written behind the last record.
    Clean,
    /// A record was being written.
    Torn,
    /// What is behind is an older segment that was not written over yet.
    Recycled,
    /// What is behind is zero.
    Preallocated,
    /// The next segment is not there.
    NoSegment,
    /// The file ends early.
    Cut,
    /// The next segment is of another cluster.
    Foreign,
    /// What is behind is no page of WAL.
    NotWal,
    /// Damage: there are newer records behind it.
    Damage,
    /// Older records are behind it, of before a crash: recovery went on writing from here.
    Leftover,
}

/// A place where records cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Gap {
    /// The first record that cannot be read.
    pub lsn: Lsn,
    /// The segment of the page on which that fails.
    pub segment: String,
    /// Bytes from the start of the segment to that page.
    pub offset: u32,
    /// What PostgreSQL says.
    pub postgres_says: String,
    /// Where records go on.
    pub resumed_lsn: Lsn,
    /// Bytes of WAL from the one to the other.
    pub skipped: u64,
    /// The records from there on, up to the next such place.
    pub behind: Stretch,
}

/// The checkpoint in pg_control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Checkpoint {
    /// Where its record begins.
    pub lsn: Lsn,
    /// Where recovery would begin.
    pub redo_lsn: Lsn,
    /// Whether its record can be read.
    pub readable: bool,
    /// Whether a record begins at `redo_lsn`.
    pub redo_readable: bool,
}

/// Files in archive_status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ArchiveStatus {
    /// Segments and others that wait to be archived.
    pub ready: u64,
    /// Those that are archived.
    pub done: u64,
    /// The first that waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_ready: Option<String>,
}

/// A file in pg_wal/summaries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Summary {
    /// The file.
    pub file: String,
    /// Its timeline.
    pub timeline: TimelineId,
    /// From where on it has what WAL changed.
    pub start_lsn: Lsn,
    /// Up to where.
    pub end_lsn: Lsn,
    /// Forks of relations in it; absent if it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forks: Option<u64>,
    /// Blocks in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks: Option<u64>,
    /// Its contents as pg_walsummary prints them, if they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// A file that is named as a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct File {
    /// The segment.
    pub segment: String,
    /// Where the file is.
    pub file: String,
    /// Its bytes, compressed or not.
    pub size: u64,
    /// What it holds.
    pub state: State,
    /// How it is compressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compression: Option<&'static str>,
    /// Whether it is named as partial.
    pub partial: bool,
    /// Whether it is the one that counts for its segment.
    pub counts: bool,
}

impl State {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Recycled => "recycled",
            Self::Preallocated => "preallocated",
            Self::ZeroLength => "zero length",
            Self::Cut => "cut",
            Self::Foreign => "of another cluster",
            Self::Unrecognised => "unrecognised",
            Self::Unreadable => "unreadable",
        }
    }
}

impl Counts {
    /// Counts one file.
    pub const fn add(&mut self, state: State) {
        self.present += 1;
        *match state {
            State::Valid => &mut self.valid,
            State::Recycled => &mut self.recycled,
            State::Preallocated => &mut self.preallocated,
            State::ZeroLength => &mut self.zero_length,
            State::Cut => &mut self.cut,
            State::Foreign => &mut self.foreign,
            State::Unrecognised => &mut self.unrecognised,
            State::Unreadable => &mut self.unreadable,
        } += 1;
    }
}

impl Stretch {
    /// Adds what follows it.
    pub fn merge(&mut self, later: &Self) {
        if later.records == 0 {
            return;
        }
        self.start_lsn = self.start_lsn.or(later.start_lsn);
        (self.last_lsn, self.end_lsn, self.shutdown) =
            (later.last_lsn, later.end_lsn, later.shutdown);
        self.records += later.records;
        self.commits += later.commits;
        self.aborts += later.aborts;
        self.since = self.since.or(later.since);
        self.until = later.until.or(self.until);
    }
}
