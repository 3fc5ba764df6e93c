//! Pages of a run of segments, loaded when they are first asked for and held until the run is
//! done with. Most runs need one segment, and the first pages of the next for its last record.
use super::log::Log;
use crate::format::wal::{Pages, SegmentNumber, WalFault};
use crate::source::SegmentBytes;
use crate::types::{Lsn, TimelineId};
use std::cell::OnceCell;

/// The pages from a segment on.
#[derive(Debug)]
pub struct Window<'l> {
    log: &'l Log,
    first: Held,
}

/// A segment, and those after it as far as they were asked for.
#[derive(Debug)]
struct Held {
    number: SegmentNumber,
    /// Its first [`START`] bytes, where no more was asked for.
    start: OnceCell<Option<SegmentBytes>>,
    bytes: OnceCell<Option<SegmentBytes>>,
    next: OnceCell<Box<Self>>,
}

/// Bytes of the segments behind the first that are decompressed before all of them are: nearly
/// always enough for the record that goes on there.
const START: u64 = 256 << 10;

impl Held {
    const fn new(number: SegmentNumber) -> Self {
        Self { number, start: OnceCell::new(), bytes: OnceCell::new(), next: OnceCell::new() }
    }
}

impl<'l> Window<'l> {
    pub(super) const fn new(log: &'l Log, first: SegmentNumber) -> Self {
        Self { log, first: Held::new(first) }
    }

    /// What there is of a segment, at least up to `end` bytes; `None` if there is nothing, or it
    /// cannot be read.
    fn segment(&self, number: SegmentNumber, end: u64) -> Option<&[u8]> {
        if !self.log.segments().contains_key(&number) {
            return None;
        }
        let mut held = &self.first;
        while held.number < number {
            held = held.next.get_or_init(|| Box::new(Held::new(held.number.next())));
        }
        let load = |some| self.log.load(self.log.segments().get(&held.number)?, some);
        let bytes = if number > self.first.number && end <= START && held.bytes.get().is_none() {
            held.start.get_or_init(|| load(Some(START)))
        } else {
            held.bytes.get_or_init(|| load(None))
        };
        bytes.as_ref().map(SegmentBytes::bytes)
    }
}

impl Pages for Window<'_> {
    fn page(&self, at: Lsn) -> Result<&[u8], WalFault> {
        let shape = &self.log.shape;
        let number = SegmentNumber::of(at, shape.segment_size);
        let offset = at.0 - number.start(shape.segment_size).0;
        let end = offset + u64::from(shape.block_size);
        let bytes = self.segment(number, end).ok_or(WalFault::Missing)?;
        let offset = usize::try_from(offset);
        let rest = offset.ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default();
        let (wanted, read) = (shape.block_size, u32::try_from(rest.len()).unwrap_or(u32::MAX));
        rest.get(..wanted as usize).ok_or(WalFault::Short { read, wanted })
    }

    fn timeline(&self, at: Lsn) -> TimelineId {
        self.log.timeline_of(SegmentNumber::of(at, self.log.shape.segment_size))
    }
}
