//! What comes of one segment: its text, written by the thread that read it.
use super::{Request, Writer};
use crate::format::wal::{Located, Record};
use crate::wal::{End, Event, Gap, Log, SegmentReader};

/// One segment's part of the answer.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub(super) text: Vec<u8>,
    /// With a limit, where the text of each record ends.
    ends: Vec<usize>,
    /// What could not be read, and how long the text was there.
    pub(super) damage: Vec<(usize, Gap)>,
    /// Why reading ended early.
    pub(super) stopped: Option<End>,
    pub(super) records: u64,
    pub(super) shown: u64,
}

impl Chunk {
    /// Reads and writes one segment; `text` is an empty one, with room.
    pub(super) fn read(
        log: &Log,
        request: &Request,
        writer: &impl Writer,
        text: Vec<u8>,
        reader: &mut SegmentReader<'_, '_>,
    ) -> Self {
        let mut chunk = Self { text, ..Self::default() };
        while let Some(event) = reader.read() {
            let gap = match event {
                Event::Record(located) => chunk.record(log, request, writer, &located),
                Event::Gap(gap) => {
                    if !request.quiet && !request.stop_at_damage {
                        writer.gap(&gap, &mut chunk.text);
                    }
                    Some(gap)
                }
            };
            match gap {
                Some(Gap { after, failure, .. }) if request.stop_at_damage => {
                    chunk.stopped = Some(End { after, failure, leftover: None });
                    break;
                }
                Some(gap) => chunk.damage.push((chunk.text.len(), gap)),
                None => {}
            }
            if request.limit.is_some_and(|limit| chunk.shown >= limit) {
                break;
            }
        }
        chunk
    }

    /// Writes a record, if it is asked for. A record that cannot be taken apart is a gap.
    fn record(
        &mut self,
        log: &Log,
        request: &Request,
        writer: &impl Writer,
        located: &Located<'_>,
    ) -> Option<Gap> {
        self.records += 1;
        match Record::parse(located.bytes, &log.dialect) {
            Ok(record) if !request.filter.passes(&record, &log.dialect) => None,
            Ok(record) => {
                if !request.quiet {
                    writer.record(located, &record, &mut self.text);
                }
                self.shown += 1;
                if request.limit.is_some() {
                    self.ends.push(self.text.len());
                }
                None
            }
            Err(fault) => {
                let gap = Gap::undecodable(log, located, fault);
                if !request.quiet && !request.stop_at_damage {
                    writer.undecodable(located, &gap, &mut self.text);
                }
                Some(gap)
            }
        }
    }

    /// Leaves no more than `most` records; says whether there are that many.
    pub(super) fn cut(&mut self, most: u64) -> bool {
        if self.shown < most {
            return false;
        }
        let last = usize::try_from(most).ok().and_then(|most| most.checked_sub(1));
        let end = last.and_then(|last| self.ends.get(last)).copied().unwrap_or(0);
        self.text.truncate(end);
        self.damage.retain(|(at, _)| *at <= end);
        self.shown = most;
        true
    }
}
