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
    bytes: OnceCell<Option<SegmentBytes>>,
    next: OnceCell<Box<Self>>,
}

impl Held {
    const fn new(number: SegmentNumber) -> Self {
        Self { number, bytes: OnceCell::new(), next: OnceCell::new() }
    }
}

impl<'l> Window<'l> {
    pub(super) const fn new(log: &'l Log, first: SegmentNumber) -> Self {
        Self { log, first: Held::new(first) }
    }

    /// What there is of a segment; `None` if there is nothing, or it cannot be read.
    fn segment(&self, number: SegmentNumber) -> Option<&[u8]> {
        if !self.log.segments().contains_key(&number) {
            return None;
        }
        let mut held = &self.first;
        while held.number < number {
            held = held.next.get_or_init(|| Box::new(Held::new(held.number.next())));
        }
        let load = || {
            let file = self.log.segments().get(&held.number)?;
            file.load(self.log.shape.segment_size).ok()
        };
        held.bytes.get_or_init(load).as_ref().map(SegmentBytes::bytes)
    }
}

impl Pages for Window<'_> {
    fn page(&self, at: Lsn) -> Result<&[u8], WalFault> {
        let shape = &self.log.shape;
        let number = SegmentNumber::of(at, shape.segment_size);
        let bytes = self.segment(number).ok_or(WalFault::Missing)?;
        let offset = usize::try_from(at.0 - number.start(shape.segment_size).0);
        let rest = offset.ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default();
        let (wanted, read) = (shape.block_size, u32::try_from(rest.len()).unwrap_or(u32::MAX));
        rest.get(..wanted as usize).ok_or(WalFault::Short { read, wanted })
    }

    fn timeline(&self, at: Lsn) -> TimelineId {
        self.log.timeline_of(SegmentNumber::of(at, self.log.shape.segment_size))
    }
}
