//! Which file holds which segment.
use super::histories::Histories;
use super::line::Line;
use super::window::Window;
use crate::cluster::{Cluster, OpenError, OpenOptions, dialect_of_wal};
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::wal::{PageHeader, SegmentNumber, StreamShape};
use crate::layout::Dialect;
use crate::source::{ReadError, SegmentBytes, SegmentFile, WalPlace};
use crate::types::{Lsn, TimelineId};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Which timelines to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Timelines {
    /// The newest, back through its history: what recovery to `latest` would read.
    #[default]
    Latest,
    /// One, and nothing else, as pg_waldump's `--timeline`.
    Only(TimelineId),
    /// One, back through its history file, and files under their final names only: what recovery to
    /// that timeline reads.
    To(TimelineId),
}

/// Segments by number, each with the one file that counts, and how to read them.
#[derive(Debug)]
pub struct Log {
    /// How records are read.
    pub dialect: Dialect,
    /// What pages have to agree with.
    pub shape: StreamShape,
    /// The files that count, as places in `places` and there in `segments`.
    segments: BTreeMap<SegmentNumber, SegmentFile>,
    places: Vec<WalPlace>,
    histories: Histories,
    line: Line,
    /// What went wrong with files that were loaded, by path.
    trouble: Mutex<BTreeMap<String, String>>,
}

impl Log {
    /// The log of a data directory: its pg_wal.
    ///
    /// # Errors
    /// If pg_wal cannot be listed.
    pub fn of_cluster(cluster: &Cluster, timelines: Timelines) -> Result<Self, ReadError> {
        let log = Self::of_cluster_and(cluster, Vec::new(), timelines);
        match log.places.first().and_then(|place| place.unread.first()) {
            Some(error) if log.segments.is_empty() => Err(error.clone()),
            _ => Ok(log),
        }
    }

    /// The log of a data directory: its pg_wal, and `archives` for what is not there.
    pub fn of_cluster_and(
        cluster: &Cluster,
        archives: Vec<WalPlace>,
        timelines: Timelines,
    ) -> Self {
        let identifier = cluster.control().map(|control| control.system_identifier);
        let mut places = vec![WalPlace::of_source(cluster.source(), true)];
        places.extend(archives);
        Self::new(places, *cluster.dialect(), identifier, timelines)
    }

    /// The log in `places` outside a data directory.
    ///
    /// # Errors
    /// If none of the segments tells the major and no option does.
    pub fn of_places(
        places: Vec<WalPlace>,
        options: &OpenOptions,
        timelines: Timelines,
    ) -> Result<Self, OpenError> {
        let files: Vec<_> = places.iter().flat_map(|place| &place.segments).collect();
        let (dialect, identifier) = dialect_of_wal(files.into_iter(), options)?;
        Ok(Self::new(places, dialect, identifier, timelines))
    }

    /// The same files on other timelines: those of the first place alone, or of all, and then those
    /// of the others come before: what restore_command brings replaces what is in pg_wal.
    #[must_use]
    pub fn follow(&self, timelines: Timelines, all: bool) -> Self {
        let places = self.places.iter().take(if all { usize::MAX } else { 1 });
        let mut places: Vec<_> = places.cloned().collect();
        if places.len() > 1 {
            places.rotate_left(1);
        }
        Self::new(places, self.dialect, self.shape.system_identifier, timelines)
    }

    /// The log without some of its files.
    #[must_use]
    pub fn without(&self, unwanted: impl Fn(&SegmentFile) -> bool) -> Self {
        let mut places = self.places.clone();
        for place in &mut places {
            place.segments.retain(|file| !unwanted(file));
        }
        Self::new(places, self.dialect, self.shape.system_identifier, Timelines::Latest)
    }

    /// Without files of older timelines behind those of newer ones, to which recovery that begins at
    /// `from` does not go back.
    pub fn forward_from(&mut self, from: Lsn) {
        let first = SegmentNumber::of(from, self.shape.segment_size);
        let mut newest = TimelineId(0);
        self.segments.retain(|number, file| {
            if *number >= first {
                newest = newest.max(file.name.timeline);
            }
            *number < first || file.name.timeline == newest
        });
    }

    /// Orders the files of `places` on the timelines asked for. Of several with one segment, the
    /// first that has its first page counts, and a whole one before a partial one.
    fn new(
        places: Vec<WalPlace>,
        dialect: Dialect,
        system_identifier: Option<u64>,
        timelines: Timelines,
    ) -> Self {
        let shape = StreamShape {
            layout: dialect.layout,
            block_size: dialect.geometry.wal_block_size,
            segment_size: dialect.geometry.wal_segment_size,
            system_identifier,
        };
        let histories = Histories::new(&places);
        let files = || places.iter().flat_map(|place| &place.segments);
        let numbered =
            || files().filter_map(|file| Some((file.name.number(shape.segment_size)?, file)));
        let on_timelines = numbered().map(|(number, file)| (file.name.timeline, number));
        let line = Line::new(on_timelines, timelines, &histories, shape.segment_size);
        let mut choices: BTreeMap<SegmentNumber, Vec<&SegmentFile>> = BTreeMap::new();
        let any = !matches!(timelines, Timelines::To(_));
        for (number, file) in numbered().filter(|(_, file)| any || !file.partial) {
            if line.allows(file.name.timeline, number, shape.segment_size) {
                choices.entry(number).or_default().push(file);
            }
        }
        let choices = choices.into_iter();
        let chosen = choices.map(|(number, files)| {
            let chosen = if any { choose(number, files, &shape) } else { newest(files) };
            (number, chosen)
        });
        let segments = chosen.filter_map(|(number, file)| Some((number, file?.clone()))).collect();
        let trouble = Mutex::default();
        Self { dialect, shape, segments, places, histories, line, trouble }
    }

    /// The segments, by number.
    pub const fn segments(&self) -> &BTreeMap<SegmentNumber, SegmentFile> {
        &self.segments
    }

    /// The timeline of a segment's file; of one that is not there, that of what comes before it.
    pub fn timeline_of(&self, segment: SegmentNumber) -> TimelineId {
        let file = self.segments.get(&segment);
        let before = || self.segments.range(..segment).next_back().map(|(_, file)| file);
        file.or_else(before).map_or(TimelineId(0), |file| file.name.timeline)
    }

    /// Where they were looked for, in the order in which they count.
    pub fn places(&self) -> &[WalPlace] {
        &self.places
    }

    /// The timeline histories that were found.
    pub const fn histories(&self) -> &Histories {
        &self.histories
    }

    /// The timelines that are followed.
    pub const fn line(&self) -> &Line {
        &self.line
    }

    /// Pages from the start of `segment` on.
    pub const fn window(&self, segment: SegmentNumber) -> Window<'_> {
        Window::new(self, segment)
    }

    /// What went wrong with the files that were read until now: compressed ones that are damaged,
    /// and those that cannot be read at all.
    pub fn findings(&self) -> Findings {
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        let mut findings = Findings::default();
        for (path, what) in &*trouble {
            findings.push(Finding::new(&rules::FILE_UNREADABLE, Place::file(path), what));
        }
        findings
    }

    /// The bytes of a segment, all or only some from the start; `None` if there are none.
    pub(super) fn load(&self, file: &SegmentFile, some: Option<u64>) -> Option<SegmentBytes> {
        let loaded = match some {
            Some(bytes) => file.start(bytes),
            None => file.load(self.shape.segment_size),
        };
        let wrong = match &loaded {
            Ok(bytes) => bytes.damage.clone(),
            Err(error) => Some(error.kind.to_string()),
        };
        if let Some(wrong) = wrong {
            let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
            trouble.entry(file.path.clone()).or_insert(wrong);
        }
        loaded.ok()
    }
}

/// Which of the files for a segment counts: of the newest timeline, because that file holds the
/// older one's records up to the switch; then one that holds the segment, whole if there is one.
fn choose<'f>(
    number: SegmentNumber,
    mut files: Vec<&'f SegmentFile>,
    shape: &StreamShape,
) -> Option<&'f SegmentFile> {
    let newest = files.iter().map(|file| file.name.timeline).max()?;
    files.retain(|file| file.name.timeline == newest);
    // Stable: the first place comes first.
    files.sort_by_key(|file| file.partial);
    let first = *files.first()?;
    if files.len() == 1 {
        return Some(first);
    }
    let held = |file: &&SegmentFile| holds(file, number, shape);
    Some(files.into_iter().find(held).unwrap_or(first))
}

/// The first file of the newest timeline: recovery looks no further if that does not hold it.
fn newest(files: Vec<&SegmentFile>) -> Option<&SegmentFile> {
    let newest = files.iter().map(|file| file.name.timeline).max()?;
    files.into_iter().find(|file| file.name.timeline == newest)
}

/// Whether the file's first page is that of the segment that its name says.
pub(super) fn holds(file: &SegmentFile, number: SegmentNumber, shape: &StreamShape) -> bool {
    let start = file.start(PageHeader::LEN as u64);
    let header = start.ok().and_then(|start| PageHeader::read(start.bytes()));
    header.is_some_and(|header| {
        let at: Lsn = number.start(shape.segment_size);
        header.xlp_magic == shape.layout.wal_page_magic && header.xlp_pageaddr == at
    })
}
