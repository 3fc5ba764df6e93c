//! Timeline histories from all places, each once.
use crate::format::history::{self, HistoryEntry, HistoryError};
use crate::source::{HistoryFile, WalPlace};
use crate::types::TimelineId;
use std::collections::BTreeMap;

/// The histories that were found, the first of each timeline that can be read.
#[derive(Debug, Clone, Default)]
pub struct Histories {
    known: BTreeMap<TimelineId, (String, Vec<HistoryEntry>)>,
    /// Files that the server refuses, each with its path.
    pub damaged: Vec<(String, HistoryError)>,
    /// Those of them that come first for their timeline, by their place in `damaged`.
    refused: BTreeMap<TimelineId, usize>,
    /// Files of one timeline that say different things: the path that counts, and the other.
    pub differing: Vec<(String, String)>,
}

impl Histories {
    pub(super) fn new(places: &[WalPlace]) -> Self {
        Self::of_files(places.iter().flat_map(|place| &place.histories))
    }

    fn of_files<'f>(files: impl Iterator<Item = &'f HistoryFile>) -> Self {
        let mut all = Self::default();
        for file in files {
            let path = file.path.clone();
            let parsed = history::parse(&file.bytes, file.timeline);
            match (parsed, all.known.get(&file.timeline)) {
                (Err(error), first) => {
                    if first.is_none() {
                        all.refused.entry(file.timeline).or_insert(all.damaged.len());
                    }
                    all.damaged.push((path, error));
                }
                (Ok(entries), None) => {
                    all.known.insert(file.timeline, (path, entries));
                }
                // Only the reasons may differ.
                (Ok(entries), Some((first, known))) if !same_line(&entries, known) => {
                    all.differing.push((first.clone(), path));
                }
                (Ok(_), Some(_)) => {}
            }
        }
        all
    }

    /// Where a timeline came from, oldest first; `None` if its history is not there.
    pub fn of(&self, timeline: TimelineId) -> Option<&[HistoryEntry]> {
        self.known.get(&timeline).map(|(_, entries)| entries.as_slice())
    }

    /// The history with which a server fails that goes to `timeline`: it takes the first file that it
    /// finds, and no other. Its path, and why.
    pub fn refused(&self, timeline: TimelineId) -> Option<&(String, HistoryError)> {
        self.damaged.get(*self.refused.get(&timeline)?)
    }

    /// Whether there is a history of a timeline, be it one that is refused.
    pub fn exists(&self, timeline: TimelineId) -> bool {
        self.known.contains_key(&timeline) || self.refused.contains_key(&timeline)
    }

    /// Every history: its timeline, path, and entries.
    pub fn all(&self) -> impl Iterator<Item = (TimelineId, &str, &[HistoryEntry])> {
        self.known.iter().map(|(timeline, (path, entries))| (*timeline, &**path, &**entries))
    }
}

#[cfg(test)]
impl Histories {
    /// As from files with these texts.
    pub(super) fn of_texts(texts: &[(u32, &str)]) -> Self {
        let file = |(timeline, text): &(u32, &str)| HistoryFile {
            timeline: TimelineId(*timeline),
            path: format!("{timeline:08X}.history"),
            bytes: text.as_bytes().to_vec(),
        };
        let files: Vec<_> = texts.iter().map(file).collect();
        Self::of_files(files.iter())
    }
}

/// Whether two histories name the same timelines and switch points.
pub fn same_line(one: &[HistoryEntry], other: &[HistoryEntry]) -> bool {
    let line = |entries: &[HistoryEntry]| -> Vec<_> {
        entries.iter().map(|entry| (entry.timeline, entry.switchpoint)).collect()
    };
    line(one) == line(other)
}
