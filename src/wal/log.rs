//! Which file holds which segment.
use super::window::Window;
use crate::cluster::Cluster;
use crate::format::history::HistoryEntry;
use crate::format::wal::{SegmentNumber, StreamShape};
use crate::layout::Dialect;
use crate::source::SegmentFile;
use crate::types::{Lsn, TimelineId};
use std::collections::BTreeMap;

/// Which timelines to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Timelines {
    /// The newest, back through its history: what recovery to `latest` would read.
    #[default]
    Latest,
    /// One, and nothing else, as pg_waldump's `--timeline`.
    Only(TimelineId),
}

/// Segments by number, each with the one file that counts, and how to read them.
#[derive(Debug)]
pub struct Log {
    /// How records are read.
    pub dialect: Dialect,
    /// What pages have to agree with.
    pub shape: StreamShape,
    segments: BTreeMap<SegmentNumber, SegmentFile>,
}

impl Log {
    /// The log of a data directory: its pg_wal.
    ///
    /// # Errors
    /// If pg_wal cannot be listed.
    pub fn of_cluster(
        cluster: &Cluster,
        timelines: Timelines,
    ) -> Result<Self, crate::source::ReadError> {
        let files = SegmentFile::list(cluster.source(), "pg_wal")?;
        let identifier = cluster.control().map(|control| control.system_identifier);
        let histories = &cluster.recovery().histories;
        Ok(Self::new(files, *cluster.dialect(), identifier, timelines, histories))
    }

    /// Orders `files` on the timelines asked for; histories are by timeline, as their files say.
    pub fn new(
        files: Vec<SegmentFile>,
        dialect: Dialect,
        system_identifier: Option<u64>,
        timelines: Timelines,
        histories: &[(TimelineId, Vec<HistoryEntry>)],
    ) -> Self {
        let segment_size = dialect.geometry.wal_segment_size;
        let path = Path::new(&files, timelines, histories);
        let mut segments: BTreeMap<SegmentNumber, SegmentFile> = BTreeMap::new();
        for file in files {
            let Some(number) = file.name.number(segment_size) else { continue };
            if !path.allows(file.name.timeline, number, segment_size) {
                continue;
            }
            // The newer timeline's file holds the older one's records up to the switch.
            let known = segments.get(&number).map(|known| known.name.timeline);
            if known.is_none_or(|known| known < file.name.timeline) {
                segments.insert(number, file);
            }
        }
        let shape = StreamShape {
            layout: dialect.layout,
            block_size: dialect.geometry.wal_block_size,
            segment_size,
            system_identifier,
        };
        Self { dialect, shape, segments }
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

    /// Pages from the start of `segment` on.
    pub const fn window(&self, segment: SegmentNumber) -> Window<'_> {
        Window::new(self, segment)
    }
}

/// A timeline and those it came from, with the end of each.
struct Path {
    /// By timeline; the newest has no end.
    ends: BTreeMap<TimelineId, Option<Lsn>>,
}

impl Path {
    fn new(
        files: &[SegmentFile],
        timelines: Timelines,
        histories: &[(TimelineId, Vec<HistoryEntry>)],
    ) -> Self {
        let newest = match timelines {
            Timelines::Only(timeline) => {
                return Self { ends: BTreeMap::from([(timeline, None)]) };
            }
            Timelines::Latest => files.iter().map(|file| file.name.timeline).max(),
        };
        let mut ends = BTreeMap::new();
        let Some(newest) = newest else { return Self { ends } };
        ends.insert(newest, None);
        match histories.iter().find(|(timeline, _)| *timeline == newest) {
            Some((_, history)) => {
                ends.extend(history.iter().map(|entry| (entry.timeline, Some(entry.switchpoint))));
            }
            // Without its history, the newer timeline's files tell by themselves where it began.
            None => ends.extend(files.iter().map(|file| (file.name.timeline, None))),
        }
        Self { ends }
    }

    /// Whether a file of `timeline` for the segment belongs to it: the segment begins before the
    /// timeline's end.
    fn allows(&self, timeline: TimelineId, segment: SegmentNumber, segment_size: u32) -> bool {
        match self.ends.get(&timeline) {
            None => false,
            Some(None) => true,
            Some(Some(end)) => segment.start(segment_size) < *end,
        }
    }
}
