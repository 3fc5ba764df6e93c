//! What comes of a run of records of one segment: their text, written by the thread that read it.
use super::super::pool::Pool;
use super::{Request, Writer};
use crate::format::wal::{Located, Record};
use crate::wal::{End, Event, Gap, Log, Outlet, SegmentReader};

/// Bytes of text that are handed on; a record is not cut, however long.
pub(super) const ENOUGH: usize = 256 << 10;

/// A part of the answer.
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
    /// Reads and writes one segment, hands on what is enough, and gives the rest.
    pub(super) fn read(
        log: &Log,
        request: &Request,
        writer: &impl Writer,
        pool: &Pool<u8>,
        (reader, outlet): (&mut SegmentReader<'_, '_>, &mut Outlet<'_, Self>),
    ) -> Self {
        let mut chunk = Self { text: pool.take(), ..Self::default() };
        let mut left = request.limit.unwrap_or(u64::MAX);
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
            if chunk.shown >= left {
                break;
            }
            if chunk.text.len() >= ENOUGH {
                left -= chunk.shown;
                let next = Self { text: pool.take(), ..Self::default() };
                if outlet.give(reader, std::mem::replace(&mut chunk, next)).is_break() {
                    break;
                }
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
